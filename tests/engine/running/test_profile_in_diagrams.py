"""`profile`: a diagram may ask under which norm profile its instance runs (A1)."""

from tests.engine.drawing import element, flows, process, user
from tests.engine.house import House

SCRIPT = "<script>profile</script>"


def test_a_diagram_knows_the_profile_it_runs_under(house: House) -> None:
    instance = house.run(
        process(
            "p",
            element("startEvent", "s"),
            element(
                "scriptTask",
                "ask",
                SCRIPT,
                scriptFormat="feel",
                camunda_resultVariable="under",
            ),
            user("after"),
            flows("s -> ask -> after"),
        )
    )
    assert house.variables(instance)["under"] == house.instance(instance).profile

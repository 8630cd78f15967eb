"""`request.state` and `request.forget`: several leads become one, a needless lead goes (B7)."""

from sqlalchemy import select

from engine import case_files, instances
from engine.store.models import CaseFile, ProcessInstance
from engine.verbs import unit_of_work
from tests.engine.drawing import element, flows, process, properties, user
from tests.engine.house import COURT, House
from tests.engine.topics.drawing import topic

LEAD = process(
    "lead",
    element("startEvent", "s"),
    user("tell"),
    topic("look", "request.state", request="${origin_request}", process="p__police"),
    user("after"),
    topic("forget", "request.forget", reason="已解除"),
    flows("s -> tell -> look -> after -> forget"),
    extra=properties(request_type="WHE"),
    starters="court_handler",
)

LIFT = process(
    "lift", element("startEvent", "s"), user("undo"), flows("s -> undo"), starters="court_handler"
)


def searched(house: House) -> ProcessInstance:
    house.deploy("lead", LEAD)
    drawn = (element("startEvent", "s"), user("search"), flows("s -> search"))
    house.deploy("p", process("p", *drawn, starters="court_handler"))
    return house.instance(house.start("p"))


def lead_about(house: House, target: ProcessInstance) -> str:
    started = instances.start_process(house.engine, "handler", "lead", about=target.business_key)
    return started.instance_id


def test_the_second_lead_knows_the_first(house: House) -> None:
    target = searched(house)
    first = lead_about(house, target)
    house.complete("tell")
    second = lead_about(house, target)
    house.complete("tell")
    assert house.variables(first)["earlier_request"] is None
    assert house.variables(second)["earlier_request"] == house.instance(first).business_key
    assert house.variables(second)["request_open"] is True


def test_a_lead_knows_that_its_person_is_no_longer_looked_for(house: House) -> None:
    target = searched(house)
    lead = lead_about(house, target)
    house.deploy("lift", LIFT)
    instances.start_process(house.engine, "handler", "lift", business_key=target.business_key)
    house.complete("search")
    house.complete("tell")
    assert house.open() == ["after", "undo"]
    assert house.variables(lead)["request_open"] is False


def test_without_a_request_nothing_is_known(house: House) -> None:
    searched(house)
    lead = house.start("lead")
    house.complete("tell")
    assert house.variables(lead)["request_open"] is None


def test_what_is_forgotten_is_gone_and_the_history_stays(house: House) -> None:
    target = searched(house)
    with unit_of_work(house.engine, "system") as unit:
        case_files.write(unit, COURT, target.business_key, {"FG-PERSON.name": "王某"})
    lead = lead_about(house, target)
    number = house.instance(lead).business_key
    house.complete("tell")
    house.complete("after")
    files = house.rows(select(CaseFile.business_key))
    assert (number in files, target.business_key in files) == (False, True)
    assert house.instance(lead).state == "completed"

"""What would be executed wrongly is refused at deployment: file, line, element, reason."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.bpmn.lint import Surroundings, lint
from engine.bpmn.reading import read_diagram
from engine.errors import LiandongError
from engine.ports import Complaint
from tests.engine.drawing import border, element, flows, process, properties, timer, user
from tests.engine.house import NORMS


def complaints(source: bytes, **around: object) -> list[Complaint]:
    return lint(read_diagram(source, "a.bpmn"), Surroundings(**around))  # type: ignore[arg-type]


def codes(source: bytes, **around: object) -> set[str]:
    return {complaint.code for complaint in complaints(source, **around)}


def around(*inside: str, before: str = "") -> bytes:
    """A process with a start, an end, and what a test puts beside them."""
    frame = element("startEvent", "s") + user("a") + element("endEvent", "e")
    return process("p", frame, flows("s -> a -> e"), *inside, around=before)


CASES = {
    "a complex gateway": (around(element("complexGateway", "g")), "bpmn.not_executed"),
    "an ad-hoc sub-process": (around(element("adHocSubProcess", "g")), "bpmn.not_executed"),
    "Java code": (around(element("serviceTask", "x", camunda_class="a.B")), "bpmn.runs_code"),
    "a service without topic": (around(element("serviceTask", "x")), "bpmn.service_without_topic"),
    "another script language": (
        around(element("scriptTask", "x", "<script>1</script>", scriptFormat="javascript")),
        "bpmn.script_language",
    ),
    "a timer without time": (
        around(element("intermediateCatchEvent", "x", "<timerEventDefinition/>")),
        "bpmn.timer_without_time",
    ),
    "a duration where a date belongs": (
        around(element("intermediateCatchEvent", "x", timer("timeDate", "PT5M"))),
        "bpmn.bad_instant",
    ),
    "a duration that is none": (
        around(element("intermediateCatchEvent", "x", timer("timeDuration", "P5X"))),
        "bpmn.bad_duration",
    ),
    "a message that is not defined": (
        around(
            element("receiveTask", "x", '<messageEventDefinition messageRef="M"/>'),
        ),
        "bpmn.dangling_reference",
    ),
    "a border without host": (
        around(border("x", "nobody", timer("timeDuration", "PT1H"))),
        "bpmn.border_without_host",
    ),
    "an element that is never reached": (around(user("lost")), "bpmn.never_reached"),
    "two elements of one id": (around(user("a")), "bpmn.duplicate_id"),
    "a flow to nowhere": (around(flows("a -> nowhere")), "bpmn.dangling_flow"),
    "a loop without turns": (
        around(user("x", "court_handler", "<multiInstanceLoopCharacteristics/>")),
        "bpmn.loop_without_turns",
    ),
    "a call without process": (around(element("callActivity", "x")), "bpmn.call_without_process"),
    "a cancel outside a transaction": (
        around(element("endEvent", "x", "<cancelEventDefinition/>")),
        "bpmn.cancel_outside_transaction",
    ),
    "a deadline that interrupts": (
        around(
            border(
                "x",
                "a",
                timer("timeDate", '${due("T-PER-2H", x)}'),
                extra=properties(legal_period="T-PER-2H"),
            )
        ),
        "bpmn.deadline_interrupts",
    ),
}


@pytest.mark.parametrize("case", CASES, ids=list(CASES))
def test_is_refused_or_told_with_its_line_and_element(case: str) -> None:
    source, code = CASES[case]
    found = [complaint for complaint in complaints(source) if complaint.code == code]
    assert found, f"{case}: {code} was not found among {codes(source)}"
    assert found[0].file == "a.bpmn"
    assert found[0].line is not None
    assert found[0].element_id


def test_a_clause_and_a_period_that_do_not_exist_are_named() -> None:
    source = around(
        user("x", "court_handler", properties(legal_clause="NZ-9.9", legal_period="T-NONE"))
    )
    found = codes(source, norms=NORMS)
    assert {"bpmn.clause_unknown", "bpmn.period_unknown"} <= found


def test_every_period_a_timer_may_compute_is_listed() -> None:
    hidden = border("x", "a", timer("timeDate", '${due("T-PER-2H", t)}'), interrupting=False)
    assert "bpmn.period_not_listed" in codes(around(hidden), norms=NORMS)


def test_the_lane_carries_the_name_of_the_role() -> None:
    lanes = (
        '<laneSet id="ls"><lane id="l" name="院长"><flowNodeRef>a</flowNodeRef></lane></laneSet>'
    )
    source = around().replace(b"<startEvent", lanes.encode() + b"<startEvent", 1)
    assert "bpmn.lane_and_role" in codes(source, roles=NORMS.roles)


def test_a_well_drawn_process_is_accepted_without_a_word() -> None:
    assert codes(around(), norms=NORMS, roles=NORMS.roles) == set()


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_damaged_file_is_refused_with_a_domain_error_or_read(data: st.DataObject) -> None:
    source = bytearray(CASES["a deadline that interrupts"][0])
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(source) - 1))
        source[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
    try:
        complaints(bytes(source), norms=NORMS)
    except LiandongError as refusal:
        assert refusal.params["file"] == "a.bpmn"


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"not xml at all",
        b'<!DOCTYPE x [<!ENTITY a "b">]><definitions/>',
        b'<?xml version="1.0"?><html/>',
        around()[:200],
        b"\x00\x01\x02",
    ],
)
def test_what_is_no_diagram_is_refused_with_its_file(source: bytes) -> None:
    with pytest.raises(LiandongError) as refusal:
        read_diagram(source, "a.bpmn")
    assert refusal.value.params["file"] == "a.bpmn"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_a_diagram_is_read_in_the_encoding_it_declares(encoding: str) -> None:
    text = around().decode().replace('name="a"', 'name="审核"')
    name = {"utf-8-sig": "UTF-8", "utf-16": "UTF-16", "gb18030": "GB18030"}[encoding]
    source = text.replace('encoding="UTF-8"', f'encoding="{name}"').encode(encoding)
    node = read_diagram(source, "a.bpmn").node("a")
    assert node is not None
    assert node.name == "审核"

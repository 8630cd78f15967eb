"""What would be executed wrongly is refused at deployment: file, line, element, reason."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine.bpmn
from engine.bpmn.lint import Surroundings, lint
from engine.bpmn.reading import read_diagram
from engine.errors import LiandongError
from engine.ports import Complaint
from tests.engine.bpmn.pieces import (
    CANCEL,
    COMPENSATE,
    NAMED,
    call,
    catch,
    end,
    error,
    message,
    on_event,
    signal,
    start,
    sub,
    throw,
    undo,
)
from tests.engine.drawing import border, element, flows, process, properties, timer, user
from tests.engine.house import NORMS
from web.messages import catalogue


def complaints(source: bytes, **around: object) -> list[Complaint]:
    return lint(read_diagram(source, "a.bpmn"), Surroundings(**around))  # type: ignore[arg-type]


def codes(source: bytes, **around: object) -> set[str]:
    return {complaint.code for complaint in complaints(source, **around)}


def around(*inside: str, before: str = "") -> bytes:
    """A process with a start, an end, and what a test puts beside them."""
    frame = element("startEvent", "s") + user("a") + element("endEvent", "e")
    return process("p", frame, flows("s -> a -> e"), *inside, around=before)


def nested(depth: int) -> str:
    """Sub-processes inside one another."""
    inside = start("s")
    for at in range(depth):
        inside = sub(f"sub{at}", inside)
    return inside


SURROUNDED = {
    "forms": frozenset(),
    "decisions": frozenset(),
    "processes": frozenset({"p", "q"}),
    "roles": NORMS.roles,
    "norms": NORMS,
}
"""An installation in which nothing that a diagram may refer to exists but roles and norms."""
CASES = {
    "a complex gateway": (around(element("complexGateway", "g")), "bpmn.not_executed"),
    "an ad-hoc sub-process": (around(element("adHocSubProcess", "g")), "bpmn.not_executed"),
    "Java code around a call": (
        around(call("x", "q", camunda_variableMappingClass="a.B")),
        "bpmn.runs_code",
    ),
    "a function that does not exist": (
        around(element("exclusiveGateway", "x"), flows("a -> x", "x -> e [frobnicate(n) > 1]")),
        "bpmn.unknown_function",
    ),
    "a misspelt function": (
        around(catch("x", timer("timeDate", "= dat(t)")), flows("a -> x")),
        "bpmn.unknown_function_like",
    ),
    "an event sub-process that would undo the process": (
        around(on_event("x", COMPENSATE)),
        "bpmn.event_not_executed",
    ),
    "assigned data that nobody carries": (
        around(
            user(
                "x",
                "court_handler",
                '<dataInputAssociation id="di"><targetRef>d</targetRef><assignment>'
                "<from>1</from><to>d</to></assignment></dataInputAssociation>",
            )
        ),
        "bpmn.data_assignment",
    ),
    "a decision bound to a tag": (
        around(
            element(
                "businessRuleTask",
                "x",
                camunda_decisionRef="q",
                camunda_decisionRefBinding="versionTag",
            )
        ),
        "bpmn.decision_binding",
    ),
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
    "a flow across the border of a sub-process": (
        around(sub("x", start("i")), flows("a -> i")),
        "bpmn.flow_across_border",
    ),
    "a flow into a start event": (around(flows("a -> s")), "bpmn.flow_into_start"),
    "a flow out of an end event": (around(flows("e -> a")), "bpmn.flow_out_of_end"),
    "a pool whose process is missing": (
        around(
            before='<collaboration id="c"><participant id="q" processRef="none"/></collaboration>'
        ),
        "bpmn.dangling_participant",
    ),
    "a process without a beginning": (
        process("p", user("a"), user("b"), flows("a -> b", "b -> a")),
        "bpmn.no_start",
    ),
    "a process without content": (process("p"), "bpmn.empty_process"),
    "a sub-process that begins twice": (
        around(sub("x", start("i"), start("j")), flows("a -> x")),
        "bpmn.several_starts",
    ),
    "a sub-process that an event would begin": (
        around(sub("x", start("i", message())), flows("a -> x"), before=NAMED),
        "bpmn.start_of_subprocess",
    ),
    "sub-processes fifty deep": (process("p", nested(60)), "bpmn.nested_too_deep"),
    "a branch without condition": (
        around(element("exclusiveGateway", "x"), flows("a -> x -> a", "x -> e [n > 1]")),
        "bpmn.flow_without_condition",
    ),
    "a condition behind a parallel gateway": (
        around(element("parallelGateway", "x"), flows("a -> x", "x -> e [n > 1]")),
        "bpmn.condition_never_read",
    ),
    "a default that leaves another element": (
        around(element("exclusiveGateway", "x", default="s-a"), flows("a -> x", "x -> e")),
        "bpmn.default_not_outgoing",
    ),
    "an event gateway with one event": (
        around(element("eventBasedGateway", "x"), flows("a -> x")),
        "bpmn.event_gateway_needs_two",
    ),
    "a task behind an event gateway": (
        around(element("eventBasedGateway", "x"), flows("a -> x -> a", "x -> e")),
        "bpmn.no_event_behind_gateway",
    ),
    "an event behind a gateway that another flow reaches": (
        around(
            element("eventBasedGateway", "x"),
            catch("y", message()),
            flows("a -> x -> y -> e", "a -> y"),
            before=NAMED,
        ),
        "bpmn.shared_behind_gateway",
    ),
    "messages and receive tasks behind one gateway": (
        around(
            element("eventBasedGateway", "x"),
            catch("y", message()),
            element("receiveTask", "z", messageRef="N"),
            flows("a -> x -> y -> e", "x -> z -> e"),
            before=NAMED,
        ),
        "bpmn.mixed_behind_gateway",
    ),
    "a gateway that starts the process": (
        around(element("eventBasedGateway", "x", instantiate="true")),
        "bpmn.instantiates",
    ),
    "a link without its twin": (
        around(throw("x", '<linkEventDefinition name="L"/>'), flows("a -> x")),
        "bpmn.link_target",
    ),
    "a flow out of a link": (
        around(throw("x", '<linkEventDefinition name="L"/>'), flows("a -> x -> e")),
        "bpmn.link_in_flow",
    ),
    "a conditional start": (
        process("p", start("s", "<conditionalEventDefinition/>")),
        "bpmn.event_not_executed",
    ),
    "two triggers of one event": (
        around(catch("x", message(), signal()), flows("a -> x"), before=NAMED),
        "bpmn.several_event_definitions",
    ),
    "an event that waits for nothing": (
        around(catch("x"), flows("a -> x")),
        "bpmn.event_without_definition",
    ),
    "a conditional event without condition": (
        around(catch("x", "<conditionalEventDefinition/>"), flows("a -> x")),
        "bpmn.condition_missing",
    ),
    "a message without a name": (
        around(catch("x", "<messageEventDefinition/>"), flows("a -> x")),
        "bpmn.event_without_name",
    ),
    "a name that would have to be computed": (
        around(
            catch("x", message()),
            flows("a -> x"),
            before='<message id="M" name="m-${n}"/>',
        ),
        "bpmn.name_is_expression",
    ),
    "an error that does not interrupt": (
        around(border("x", "a", error(), interrupting=False), before=NAMED),
        "bpmn.always_interrupts",
    ),
    "one error caught twice": (
        around(border("x", "a", error()), border("y", "a", error()), before=NAMED),
        "bpmn.caught_twice",
    ),
    "an event sub-process with two starts": (
        around(
            sub("x", start("i", signal()), start("j", signal()), triggeredByEvent="true"),
            before=NAMED,
        ),
        "bpmn.event_subprocess_start",
    ),
    "an event sub-process that a flow reaches": (
        around(on_event("x", signal()), flows("a -> x"), before=NAMED),
        "bpmn.event_subprocess_in_flow",
    ),
    "a compensation without handler": (
        around(border("x", "a", COMPENSATE)),
        "bpmn.compensation_handler",
    ),
    "a compensation handler in the flow": (
        around(user("x", isForCompensation="true"), undo("a", "x"), flows("x -> e")),
        "bpmn.handler_in_flow",
    ),
    "a cancel that no border catches": (
        around(
            element("transaction", "x", start("i"), end("c", CANCEL), flows("i -> c")),
            flows("a -> x"),
        ),
        "bpmn.cancel_uncaught",
    ),
    "more tokens than one": (
        around(user("x", startQuantity="2"), flows("a -> x")),
        "bpmn.attribute_not_executed",
    ),
    "a script without text": (
        around(element("scriptTask", "x", scriptFormat="feel"), flows("a -> x")),
        "bpmn.script_missing",
    ),
    "a condition in another language": (
        around(flows("a -> a [n]")).replace(
            b"<conditionExpression>", b'<conditionExpression language="groovy">'
        ),
        "bpmn.language",
    ),
    "a cycle that is none": (
        around(border("x", "a", timer("timeCycle", "R/PT0S"))),
        "bpmn.bad_cycle",
    ),
    "a form that is not there": (
        around(user("x", camunda_formRef="none"), flows("a -> x")),
        "bpmn.form_missing",
    ),
    "a form inside the diagram": (
        around(
            user(
                "x",
                "court_handler",
                '<extensionElements><camunda:formData><camunda:formField id="f"/>'
                "</camunda:formData></extensionElements>",
            )
        ),
        "bpmn.form_in_diagram",
    ),
    "a decision that is not there": (
        around(element("businessRuleTask", "x", camunda_decisionRef="none")),
        "bpmn.decision_missing",
    ),
    "a process that calls itself": (around(call("x", "p")), "bpmn.calls_itself"),
    "a call of a process that is not there": (
        around(call("x", "none")),
        "bpmn.called_process_missing",
    ),
    "a call of a process that only an event starts": (
        around(call("x", "q"), before=NAMED).replace(
            b"</definitions>",
            f'<process id="q">{start("qs", message())}</process></definitions>'.encode(),
        ),
        "bpmn.no_plain_start",
    ),
    "a binding to a tag": (
        around(call("x", "q", camunda_calledElementBinding="versionTag")),
        "bpmn.call_binding",
    ),
    "a role that nobody has": (around(user("x", "wizard")), "bpmn.role_unknown"),
    "a clause that does not exist": (
        around(user("x", "court_handler", properties(legal_clause="NZ-9.9"))),
        "bpmn.clause_unknown",
    ),
    "a period that does not exist": (
        around(user("x", "court_handler", properties(legal_period="T-NONE"))),
        "bpmn.period_unknown",
    ),
    "a period that is not listed": (
        around(border("x", "a", timer("timeDate", '${due("T-PER-2H", t)}'), interrupting=False)),
        "bpmn.period_not_listed",
    ),
    "a name that nobody could read": (around(user("x", name="名" * 201)), "bpmn.name_too_long"),
    "an id that is no name": (around(user("1 x")), "bpmn.bad_id"),
    "a message flow inside one pool": (
        around(
            before='<collaboration id="c"><messageFlow id="m" sourceRef="s" targetRef="a"/>'
            "</collaboration>"
        ),
        "bpmn.message_inside_pool",
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
    given = complaints(source, **SURROUNDED)
    found = [complaint for complaint in given if complaint.code == code]
    assert found, f"{case}: {code} was not found among {codes(source)}"
    assert found[0].file == "a.bpmn"
    assert found[0].line is not None
    assert found[0].element_id


WRITTEN = re.compile(r'"(bpmn\.[a-z_]+)"')
TOLD_OTHERWISE = {
    "bpmn.waits_for_its_id",
    "bpmn.worker_stands_in",
    "bpmn.candidate_users",
    "bpmn.not_drawn",
    "bpmn.nothing_executable",
    "bpmn.not_bpmn",
    "bpmn.lane_and_role",
    "bpmn.task_for_nobody",
    "bpmn.external_topic",
    "bpmn.border_leads_nowhere",
}
"""Without an element, or warnings; each has a test of its own below."""
ENGINE = Path(engine.bpmn.__file__).parent


def test_every_refusal_of_the_linter_is_met_by_a_test() -> None:
    rules = [*(ENGINE / "lint").glob("*.py"), ENGINE / "reading.py"]
    written = {code for path in rules for code in WRITTEN.findall(path.read_text())}
    assert written - {code for _, code in CASES.values()} - TOLD_OTHERWISE == set()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_code_has_its_sentence(language: str) -> None:
    written = {code for path in ENGINE.rglob("*.py") for code in WRITTEN.findall(path.read_text())}
    assert written - set(catalogue(language)) == set()


def test_a_file_without_an_executable_process_says_so_and_warnings_do_not_refuse() -> None:
    assert "bpmn.nothing_executable" in codes(around().replace(b'"true"', b'"false"', 1))
    lonely = element("userTask", "x") + element(
        "serviceTask", "y", camunda_type="external", camunda_topic="far"
    )
    drawn = around(lonely, border("b", "a", timer("timeDuration", "PT1H")), flows("a -> x -> y"))
    found = complaints(drawn)
    assert {c.severity for c in found} == {"warning"}
    told = {"bpmn.task_for_nobody", "bpmn.external_topic", "bpmn.border_leads_nowhere"}
    assert {c.code for c in found} == told


def test_what_is_not_used_is_told() -> None:
    """Candidate users, and a drawing without positions, which no page could show."""
    named = user("x", camunda_candidateUsers="zhang") + flows("a -> x")
    assert codes(around(named)) == {"bpmn.candidate_users"}
    shapes = (
        b'<BPMNDiagram xmlns="http://www.omg.org/spec/BPMN/20100524/DI" id="d"><BPMNPlane id="pl" '
        b'bpmnElement="p"><BPMNShape id="sh" bpmnElement="%s"/></BPMNPlane></BPMNDiagram>'
    )
    drawn = around().replace(b"</definitions>", shapes % b"a" + b"</definitions>")
    assert codes(drawn) == {"bpmn.not_drawn"}
    (told,) = complaints(drawn)
    assert (told.severity, told.params["count"]) == ("warning", 2)


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

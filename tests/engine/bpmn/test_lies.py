"""Files that are not what they say: a sentence with file and line, never anything else."""

from collections.abc import Callable

import pytest

from engine.bpmn.lint import Surroundings, lint
from engine.bpmn.reading import read_diagram
from engine.errors import Refusal
from engine.xml import MAX_BYTES
from tests.engine.bpmn.pieces import start
from tests.engine.bpmn.stage import Stage
from tests.engine.drawing import element, flows, process, timer, user
from web.messages import catalogue

GOOD = process("p", start(), user("a"), flows("s -> a"))
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "lol">'
    + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a;" * 10) for n in range(9))
    + b"]><d>&a8;</d>"
)
EXTERNAL = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]><definitions>&x;</definitions>'
NO_DIAGRAM: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "xml.syntax"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(200), "xml.syntax"),
    "an archive": (b"PK\x03\x04" + bytes(200), "xml.syntax"),
    "a decision": (
        b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"/>',
        "bpmn.not_bpmn",
    ),
    "a form": (b'{"type": "default", "components": []}', "xml.syntax"),
    "an older BPMN": (
        GOOD.replace(b"http://www.omg.org/spec/BPMN/20100524/MODEL", b"urn:bpmn:1"),
        "bpmn.not_bpmn",
    ),
    "half a file": (GOOD[: len(GOOD) // 2], "xml.syntax"),
    "two files": (GOOD + GOOD, "xml.syntax"),
    "an entity bomb": (BOMB, "xml.doctype"),
    "an external entity": (EXTERNAL, "xml.doctype"),
    "an empty document type": (b"<!DOCTYPE definitions>" + GOOD[38:], "xml.doctype"),
    "a million elements deep": (b"<a>" * 1_000_000, "xml.syntax"),
    "more than five megabytes": (b"<a>" + b" " * MAX_BYTES + b"</a>", "xml.too_large"),
    "an encoding that does not exist": (GOOD.replace(b"UTF-8", b"UTF-99"), "xml.syntax"),
    "an encoding that it is not in": (
        GOOD.replace(b'name="a"', 'name="审核"'.encode("gb18030")),
        "xml.syntax",
    ),
}


@pytest.mark.parametrize("what", NO_DIAGRAM)
def test_what_is_no_diagram_is_refused_with_its_file(what: str) -> None:
    source, code = NO_DIAGRAM[what]
    with pytest.raises(Refusal) as refusal:
        read_diagram(source, "a.bpmn")
    assert (refusal.value.code, refusal.value.params["file"]) == (code, "a.bpmn")
    assert code in catalogue("zh")


def repeated(n: int, piece: Callable[[int], str]) -> bytes:
    return process("p", start(), *(piece(at) for at in range(n)))


MUCH: dict[str, bytes] = {
    "ten thousand tasks": repeated(10_000, lambda at: element("task", f"x{at}")),
    "ten thousand flows to nowhere": repeated(10_000, lambda at: flows(f"s -> y{at}")),
    "ten thousand of one id": repeated(10_000, lambda at: element("task", "x")),
    "five thousand gateways in a row": repeated(
        5_000, lambda at: element("inclusiveGateway", f"g{at}") + flows(f"g{at} -> g{at + 1}")
    ),
    "an attribute of a megabyte": process("p", start(), user("a", name="名" * 300_000)),
    "a condition of a megabyte": process(
        "p", start(), user("a"), flows(f"s -> a [{'1 + ' * 250_000}1 > 0]")
    ),
    "a condition of ten thousand brackets": process(
        "p", start(), user("a"), flows(f"s -> a [{'(' * 10_000}1{')' * 10_000} > 0]")
    ),
    "a duration of five thousand digits": process(
        "p",
        start(),
        element("intermediateCatchEvent", "t", timer("timeDuration", "P" + "9" * 5000 + "Y")),
    ),
    "a cycle of five thousand digits": process(
        "p",
        start(),
        element("intermediateCatchEvent", "t", timer("timeCycle", f"R{'9' * 5000}/PT1H")),
    ),
    "a loop of five thousand digits": process(
        "p",
        start(),
        user("a", "r", f'<standardLoopCharacteristics loopMaximum="{"9" * 5000}"/>'),
    ),
    "a version of five thousand digits": process(
        "p",
        start(),
        element(
            "callActivity",
            "c",
            calledElement="q",
            camunda_calledElementBinding="version",
            camunda_calledElementVersion="9" * 5000,
        ),
    ),
    "a date before all dates": process(
        "p",
        start(),
        element("intermediateCatchEvent", "t", timer("timeDate", "0001-01-01T00:00:00")),
    ),
}


@pytest.mark.parametrize("what", MUCH)
def test_too_much_of_anything_is_answered_with_complaints_that_have_lines(what: str) -> None:
    found = lint(read_diagram(MUCH[what], "a.bpmn"), Surroundings())
    errors = [complaint for complaint in found if complaint.severity == "error"]
    accepted = "gateways in a row"
    assert errors or what.endswith(accepted)
    assert all(complaint.line and complaint.element_id for complaint in errors)


def test_a_sub_process_that_contains_a_flow_of_another_is_told_of_the_border() -> None:
    other = element("subProcess", "x", start("i"), user("b"), flows("i -> b", "a -> b"))
    source = process("p", start(), user("a"), other, flows("s -> a -> x"))
    found = lint(read_diagram(source, "a.bpmn"), Surroundings())
    assert [c.code for c in found if c.severity == "error"] == ["bpmn.flow_across_border"]


def test_references_may_carry_the_prefix_of_the_file() -> None:
    source = process(
        "p",
        start(),
        element("receiveTask", "r", messageRef="tns:M"),
        user("a"),
        flows("s -> r -> a"),
        around='<message id="M" name="m"/>',
    ).replace(b"targetNamespace", b'xmlns:tns="urn:test" targetNamespace')
    assert Stage(source).start().send("m").open() == ["a"]


def test_events_may_share_a_definition_at_the_top_of_the_file() -> None:
    shared = '<timerEventDefinition id="T"><timeDuration>PT1H</timeDuration></timerEventDefinition>'
    wait = element("intermediateCatchEvent", "w", "<eventDefinitionRef>T</eventDefinitionRef>")
    source = process("p", start(), wait, user("a"), flows("s -> w -> a"), around=shared)
    assert Stage(source).start().advance(hours=1).open() == ["a"]
    lost = source.replace(b"Ref>T<", b"Ref>U<")
    found = lint(read_diagram(lost, "a.bpmn"), Surroundings())
    assert {c.code for c in found if c.severity == "error"} >= {"bpmn.dangling_reference"}


@pytest.mark.parametrize(
    "encoding", ["utf-8-sig", "utf-16", "gb18030", "gbk", "big5", "iso-8859-1"]
)
def test_a_diagram_runs_in_whatever_encoding_it_declares(encoding: str) -> None:
    name = {"utf-8-sig": "UTF-8"}.get(encoding, encoding.upper())
    text = GOOD.decode().replace("UTF-8", name, 1)
    assert Stage(text.encode(encoding)).start().open() == ["a"]

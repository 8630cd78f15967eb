"""Small diagrams for tests, drawn with a few words."""

from collections.abc import Iterable
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="urn:test">'
)


def element(tag: str, id: str, *inside: str, **attributes: str) -> str:
    """A flow node; attribute names with `camunda_` become `camunda:`."""
    pairs = {"id": id, "name": attributes.pop("name", id), **attributes}
    written = " ".join(
        f"{key.replace('camunda_', 'camunda:')}={quoteattr(value)}" for key, value in pairs.items()
    )
    return f"<{tag} {written}>{''.join(inside)}</{tag}>"


def flows(*lines: str) -> str:
    """`a -> b -> c`, `x -> y [${n > 3}]`; ids are `a-b`."""
    return "".join(_flow(step) for line in lines for step in _steps(line))


def _steps(line: str) -> Iterable[tuple[str, str, str]]:
    path, _, condition = line.partition(" [")
    stops = [stop.strip() for stop in path.split("->")]
    for source, target in pairwise(stops):
        yield source, target, condition.rstrip("]") if target == stops[-1] else ""


def _flow(step: tuple[str, str, str]) -> str:
    source, target, condition = step
    body = ""
    if condition:
        body = f"<conditionExpression>{escape(condition)}</conditionExpression>"
    head = f'<sequenceFlow id="{source}-{target}" sourceRef="{source}" targetRef="{target}"'
    return f"{head}>{body}</sequenceFlow>"


def user(id: str, role: str = "court_handler", *inside: str, **attributes: str) -> str:
    return element("userTask", id, *inside, camunda_candidateGroups=role, **attributes)


def timer(kind: str, text: str) -> str:
    inner = f"<{kind}>{escape(text)}</{kind}>"
    return f"<timerEventDefinition>{inner}</timerEventDefinition>"


def border(
    id: str, host: str, definition: str, *, interrupting: bool = True, extra: str = ""
) -> str:
    cancel = "true" if interrupting else "false"
    return element(
        "boundaryEvent", id, extra, definition, attachedToRef=host, cancelActivity=cancel
    )


def properties(**values: str) -> str:
    entries = "".join(
        f'<camunda:property name="{name.replace("_", ".")}" value={quoteattr(value)}/>'
        for name, value in values.items()
    )
    return (
        f"<extensionElements><camunda:properties>{entries}</camunda:properties></extensionElements>"
    )


def script(id: str, text: str, into: str) -> str:
    body = f"<script>{escape(text)}</script>"
    return element("scriptTask", id, body, scriptFormat="feel", camunda_resultVariable=into)


def process(
    id: str, *inside: str, around: str = "", starters: str = "court_handler", extra: str = ""
) -> bytes:
    """A file with one executable process; `around` stands beside it (messages, signals, …)."""
    head = f'<process id="{id}" name="{id}" isExecutable="true"'
    head += f' camunda:candidateStarterGroups="{starters}">'
    return f"{HEAD}{around}{head}{extra}{''.join(inside)}</process></definitions>".encode()

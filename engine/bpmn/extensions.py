"""The `camunda:` children of `extensionElements`: properties, parameters, call mappings."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.bpmn.dialect import bpmn, is_camunda, line_of, local
from engine.bpmn.model import CallMapping, Parameter, Value

CODE = ("executionListener", "taskListener", "connector", "validation", "mapException")


def _children(element: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Camunda elements called `tag` directly in the element's `extensionElements`."""
    for extension in element.iterchildren(bpmn("extensionElements")):
        for child in extension.iterchildren():
            if is_camunda(child) and local(child) == tag:
                yield child


def properties(element: etree._Element) -> dict[str, str]:
    """`camunda:properties` by name; the later of two equal names wins, as in Camunda."""
    found: dict[str, str] = {}
    for group in _children(element, "properties"):
        for entry in group.iterchildren():
            if local(entry) == "property" and entry.get("name"):
                found[str(entry.get("name"))] = entry.get("value") or ""
    return found


def parameters(
    element: etree._Element,
) -> tuple[tuple[Parameter, ...], tuple[Parameter, ...]]:
    """Input and output parameters of `camunda:inputOutput`."""
    inputs: list[Parameter] = []
    outputs: list[Parameter] = []
    for group in _children(element, "inputOutput"):
        for entry in group.iterchildren():
            side = {"inputParameter": inputs, "outputParameter": outputs}.get(local(entry))
            if side is not None and entry.get("name"):
                side.append(Parameter(str(entry.get("name")), _value(entry), line_of(entry)))
    return tuple(inputs), tuple(outputs)


def _value(element: etree._Element) -> Value:
    for child in element.iterchildren():
        kind = local(child)
        if kind == "list":
            return Value(items=tuple(_value_of_item(item) for item in child.iterchildren()))
        if kind == "map":
            entries = ((e.get("key") or "", _value(e)) for e in child.iterchildren())
            return Value(entries=tuple(entries))
        if kind == "script":
            return _script(child)
    return Value(text=(element.text or "").strip())


def _value_of_item(element: etree._Element) -> Value:
    if local(element) == "script":
        return _script(element)
    return Value(text=(element.text or "").strip())


def _script(element: etree._Element) -> Value:
    language = element.get("scriptFormat") or ""
    return Value(text=(element.text or "").strip(), script=True, language=language)


def retry_cycle(element: etree._Element) -> str | None:
    """`camunda:failedJobRetryTimeCycle`: R3/PT10M."""
    found = next(_children(element, "failedJobRetryTimeCycle"), None)
    return (found.text or "").strip() if found is not None else None


def has_form_fields(element: etree._Element) -> bool:
    """Whether a `camunda:formData` with fields stands in the element."""
    return any(len(data) for data in _children(element, "formData"))


def running_code(element: etree._Element) -> tuple[str, ...]:
    """Extensions that would run a program of the deployer's, by tag."""
    return tuple(tag for tag in CODE if next(_children(element, tag), None) is not None)


def call_mappings(
    element: etree._Element,
) -> tuple[tuple[CallMapping, ...], tuple[CallMapping, ...]]:
    """`camunda:in` and `camunda:out` of a call activity."""
    return (
        tuple(_mapping(entry) for entry in _children(element, "in")),
        tuple(_mapping(entry) for entry in _children(element, "out")),
    )


def _mapping(element: etree._Element) -> CallMapping:
    return CallMapping(
        source=element.get("source"),
        expression=element.get("sourceExpression"),
        target=element.get("target"),
        everything=element.get("variables") == "all",
        local=element.get("local") == "true",
        business_key=element.get("businessKey"),
    )

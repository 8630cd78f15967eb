"""A drawing without one of its elements, a decision without rules: does anybody notice?

`liandong trace --mutate` asks so of every element that carries an obligation.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from engine.errors import NotFound
from engine.xml import parse_xml

_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_DEFINITIONS = f"{_BPMN}sequenceFlow", f"{_BPMN}messageFlow"


def without_element(source: bytes, file: str, element: str) -> bytes:
    """The diagram with the element bypassed: what led to it leads to where it led.

    A boundary event goes with its path; an end event becomes a nameless one. Raises `NotFound`.
    """
    root = parse_xml(source, file)
    found = next((one for one in root.iter() if one.get("id") == element), None)
    if found is None:
        raise NotFound("bpmn.element_unknown", found=element, file=file)
    if found.tag == f"{_BPMN}endEvent":
        _make_nameless(root, found)
    else:
        _bypass(root, found)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def without_rules(source: bytes, file: str, decision: str) -> bytes:
    """The decisions with this one's table empty, or its expression null."""
    root = parse_xml(source, file)
    found = next((one for one in root.iter() if one.get("id") == decision), None)
    if found is None:
        raise NotFound("dmn.decision_unknown", found=decision, file=file)
    for rule in list(_tagged(found, "rule")):
        rule.getparent().remove(rule)
    for expression in _tagged(found, "literalExpression"):
        for text in _tagged(expression, "text"):
            text.text = "null"
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _tagged(home: Any, name: str) -> Iterator[Any]:
    return (one for one in home.iter() if etree.QName(one).localname == name)


def _make_nameless(root: Any, end: Any) -> None:
    """An end that says nothing and throws nothing; under another id, so that nobody finds it."""
    old, new = end.get("id"), f"{end.get('id')}_taken_out"
    for child in list(end):
        if etree.QName(child).localname not in ("incoming", "outgoing"):
            end.remove(child)
    end.attrib.pop("name", None)
    end.set("id", new)
    for flow in root.iter(*_DEFINITIONS):
        for side in ("sourceRef", "targetRef"):
            if flow.get(side) == old:
                flow.set(side, new)
    _forget(root, {old})


def _bypass(root: Any, found: Any) -> None:
    """Its incoming flows are joined to where its first (default) outgoing flow leads."""
    home, id = found.getparent(), found.get("id")
    flows = list(home.iter(f"{_BPMN}sequenceFlow"))
    leaving = [flow for flow in flows if flow.get("sourceRef") == id]
    arriving = [flow for flow in flows if flow.get("targetRef") == id]
    usual = next((flow for flow in leaving if flow.get("id") == found.get("default")), None)
    onward = usual if usual is not None else (leaving[0] if leaving else None)
    gone = {one.get("id") for one in found.iter() if one.get("id")}
    for boundary in list(home.iter(f"{_BPMN}boundaryEvent")):
        if boundary.get("attachedToRef") == id:
            gone |= _take_out(home, boundary)
    if onward is None:
        gone |= {_remove(flow) for flow in arriving}
    else:
        for flow in arriving:
            flow.set("targetRef", onward.get("targetRef"))
    gone |= {_remove(flow) for flow in leaving}
    _remove(found)
    _forget(root, gone)


def _take_out(home: Any, event: Any) -> set[str]:
    """A boundary event with the flows that leave it; what they led to stays, never reached."""
    flows = home.iter(f"{_BPMN}sequenceFlow")
    leaving = [flow for flow in flows if flow.get("sourceRef") == event.get("id")]
    return {_remove(one) for one in (*leaving, event)}


def _remove(element: Any) -> str:
    element.getparent().remove(element)
    return str(element.get("id"))


def _forget(root: Any, gone: set[str]) -> None:
    """Nothing refers to what is gone: lists of flows and lanes, message flows, the picture."""
    for one in list(root.iter()):
        if not isinstance(one.tag, str) or one.getparent() is None:
            continue
        if _names(one) & gone:
            _remove(one)


def _names(one: Any) -> set[str]:
    """Ids that an element is nothing without."""
    local = etree.QName(one).localname
    if local in ("incoming", "outgoing", "flowNodeRef"):
        return {(one.text or "").strip()}
    if local == "messageFlow":
        return {one.get("sourceRef", ""), one.get("targetRef", "")}
    if local in ("BPMNShape", "BPMNEdge", "BPMNPlane"):
        return {one.get("bpmnElement", "")}
    return set()

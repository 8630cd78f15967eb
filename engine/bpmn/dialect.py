"""Names of the BPMN dialect we speak: BPMN 2.0 with Camunda Platform 7 attributes (D1)."""

from __future__ import annotations

from typing import Any

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
CAMUNDA_ALIASES = frozenset(
    {
        CAMUNDA,
        "http://activiti.org/bpmn",
        "http://flowable.org/bpmn",
        "http://operaton.org/schema/1.0/bpmn",
    }
)
"""Operaton continues Camunda 7, Activiti and Flowable are its kin: the same attribute names."""

ACTIVITIES = frozenset(
    {
        "task", "userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "scriptTask",
        "businessRuleTask", "subProcess", "transaction", "adHocSubProcess", "callActivity",
    }
)  # fmt: skip
GATEWAYS = frozenset(
    {
        "exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway",
        "complexGateway",
    }
)  # fmt: skip
EVENTS = frozenset(
    {
        "startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent",
        "boundaryEvent", "implicitThrowEvent",
    }
)  # fmt: skip
CONTAINERS = frozenset({"subProcess", "transaction", "adHocSubProcess"})
FLOW_NODES = ACTIVITIES | GATEWAYS | EVENTS | {"choreographyTask", "subChoreography"}


def bpmn(tag: str) -> str:
    """Qualified name of a BPMN tag, as lxml writes it."""
    return f"{{{BPMN}}}{tag}"


def local(element: etree._Element) -> str:
    """Tag without namespace; '' for comments and processing instructions."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def line_of(element: etree._Element) -> int:
    """Line of the start tag, counted from 1; 0 where the parser does not know."""
    line: Any = element.sourceline
    return int(line or 0)


def is_bpmn(element: etree._Element) -> bool:
    """Whether the element is of the BPMN namespace itself."""
    return isinstance(element.tag, str) and etree.QName(element).namespace == BPMN


def is_camunda(element: etree._Element) -> bool:
    """Whether the element is an extension of Camunda 7 or its kin."""
    return isinstance(element.tag, str) and etree.QName(element).namespace in CAMUNDA_ALIASES


def camunda_attributes(element: etree._Element) -> dict[str, str]:
    """The `camunda:` attributes (or `operaton:`, …) by local name."""
    return {
        etree.QName(key).localname: str(value)
        for key, value in element.attrib.items()
        if etree.QName(key).namespace in CAMUNDA_ALIASES
    }

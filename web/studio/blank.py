"""What a new file begins with."""

from __future__ import annotations

import json
from xml.sax.saxutils import quoteattr

_DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" \
xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" \
xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" \
xmlns:camunda="http://camunda.org/schema/1.0/bpmn" \
id="Definitions_{key}" targetNamespace="http://bpmn.io/schema/bpmn">
  <bpmn:process id="{key}" name={name} isExecutable="true" \
camunda:historyTimeToLive="P3650D">
    <bpmn:startEvent id="begin" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="Diagram_{key}">
    <bpmndi:BPMNPlane id="Plane_{key}" bpmnElement="{key}">
      <bpmndi:BPMNShape id="begin_di" bpmnElement="begin">
        <dc:Bounds x="232" y="202" width="36" height="36" />
      </bpmndi:BPMNShape>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""

_DECISION = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" \
xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" \
xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" \
id="Definitions_{key}" name={name} namespace="http://camunda.org/schema/1.0/dmn">
  <decision id="{key}" name={name}>
    <decisionTable id="Table_{key}" hitPolicy="UNIQUE">
      <input id="Input_{key}" label="">
        <inputExpression id="Expression_{key}" typeRef="string"><text></text></inputExpression>
      </input>
      <output id="Output_{key}" label="" name="" typeRef="string" />
    </decisionTable>
  </decision>
  <dmndi:DMNDI>
    <dmndi:DMNDiagram id="Diagram_{key}">
      <dmndi:DMNShape id="Shape_{key}" dmnElementRef="{key}">
        <dc:Bounds height="80" width="180" x="160" y="100" />
      </dmndi:DMNShape>
    </dmndi:DMNDiagram>
  </dmndi:DMNDI>
</definitions>
"""


def diagram(key: str, name: str) -> bytes:
    """A process with a start event, ready to be drawn on."""
    return _DIAGRAM.format(key=key, name=quoteattr(name)).encode()


def form(key: str) -> bytes:
    """A form without fields."""
    empty = {"schemaVersion": 19, "type": "default", "id": key, "components": []}
    return json.dumps(empty, ensure_ascii=False, indent=2).encode()


def decision(key: str, name: str) -> bytes:
    """A decision table with one empty column on each side."""
    return _DECISION.format(key=key, name=quoteattr(name)).encode()

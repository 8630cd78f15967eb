"""From the model of a process to task specs that run.

Expressions are prepared here, once per version; a text that does not parse never gets this far,
because the linter prepares the same texts and names file, line and element.
"""

from __future__ import annotations

from engine.bpmn.elements.activities import (
    BusinessRuleTask,
    PlainTask,
    ScriptTask,
    ServiceTask,
    UserTask,
)
from engine.bpmn.elements.base import Element, Outflow
from engine.bpmn.elements.containers import (
    CallActivity,
    Mapped,
    MultiInstance,
    StandardLoop,
    SubProcess,
)
from engine.bpmn.elements.events import (
    BoundaryEvent,
    CatchingElement,
    EndEvent,
    IntermediateCatchEvent,
    IntermediateThrowEvent,
    Listener,
    ReceiveTask,
    SendTask,
    StartEvent,
    ThrowingElement,
)
from engine.bpmn.elements.gateways import (
    EventBasedGateway,
    ExclusiveGateway,
    InclusiveGateway,
    ParallelGateway,
)
from engine.bpmn.expressions import (
    Prepared,
    PreparedValue,
    prepare_condition,
    prepare_feel,
    prepare_text,
    prepare_timer,
    prepare_value,
)
from engine.bpmn.model import CallMapping, Flow, Loop, Node, Process
from engine.bpmn.process import ProcessSpec

ELEMENTS: dict[str, type[Element]] = {
    "task": PlainTask,
    "manualTask": PlainTask,
    "userTask": UserTask,
    "serviceTask": ServiceTask,
    "businessRuleTask": BusinessRuleTask,
    "scriptTask": ScriptTask,
    "sendTask": SendTask,
    "receiveTask": ReceiveTask,
    "subProcess": SubProcess,
    "transaction": SubProcess,
    "callActivity": CallActivity,
    "exclusiveGateway": ExclusiveGateway,
    "parallelGateway": ParallelGateway,
    "inclusiveGateway": InclusiveGateway,
    "eventBasedGateway": EventBasedGateway,
    "startEvent": StartEvent,
    "endEvent": EndEvent,
    "intermediateCatchEvent": IntermediateCatchEvent,
    "intermediateThrowEvent": IntermediateThrowEvent,
    "boundaryEvent": BoundaryEvent,
}
"""Tag → behaviour; what is not here the linter refuses."""


def build_process(model: Process, definition_id: str) -> ProcessSpec:
    """All elements of a checked process, connected.

    Raises `Refusal` (feel.*) for a text that cannot be prepared, KeyError for an element that
    the linter should have refused.
    """
    spec = ProcessSpec(model, definition_id)
    for node in model.nodes.values():
        spec.elements[node.id] = _element(spec, node)
    for node in model.nodes.values():
        _connect(spec, node)
    return spec


def _element(spec: ProcessSpec, node: Node) -> Element:
    kind = SendTask if node.kind == "sendTask" else ELEMENTS[node.kind]
    if node.kind == "sendTask" and not node.events:
        kind = ServiceTask
    element = kind(spec, node)
    _fit_out(element, node)
    if node.loop is None:
        return element
    return _repeated(spec, node, node.loop, element)


def _repeated(spec: ProcessSpec, node: Node, loop: Loop, inner: Element) -> Element:
    name = f"{node.id}#body"
    if loop.kind == "standard":
        body: MultiInstance | StandardLoop = StandardLoop(spec, node, name=name)
        body.condition = _condition(loop.completion)
    else:
        body = MultiInstance(spec, node, name=name)
        body.collection = _collection(loop.collection)
        body.cardinality = _condition(loop.cardinality)
        body.completion = _condition(loop.completion)
        body.produced = _condition(loop.output_element)
    body.inner = inner
    return body


def _collection(text: str | None) -> Prepared | None:
    """Camunda writes the bare name of a variable or an expression."""
    return _condition(text)


def _condition(text: str | None) -> Prepared | None:
    return prepare_condition(text) if text else None


def _fixed(text: str | None) -> Prepared | None:
    return Prepared(text, None, text) if text else None


def _text(text: str | None) -> Prepared | None:
    return prepare_text(text) if text else None


def _fit_out(element: Element, node: Node) -> None:
    """Prepare every text the element evaluates."""
    element.inputs_ = [(p.name, prepare_value(p.value)) for p in node.inputs]
    element.outputs_ = [(p.name, prepare_value(p.value)) for p in node.outputs]
    if isinstance(element, UserTask):
        _fit_user_task(element, node)
    elif isinstance(element, ServiceTask):
        _fit_service(element, node)
    elif isinstance(element, CallActivity):
        element.called = prepare_text(node.attributes.get("calledElement", ""))
        element.mapped_in = [_mapping(m) for m in node.mappings_in if not m.business_key]
        element.mapped_out = [_mapping(m) for m in node.mappings_out]
    elif isinstance(element, CatchingElement):
        _fit_catching(element, node)
    elif isinstance(element, ThrowingElement):
        element.addressee = _condition(node.properties.get("message.to"))


def _fit_user_task(element: UserTask, node: Node) -> None:
    element.role = _text(node.camunda.get("candidateGroups"))
    element.assignee = _text(node.camunda.get("assignee"))
    element.due = _text(node.camunda.get("dueDate"))
    element.priority = _text(node.camunda.get("priority") or node.properties.get("priority"))
    element.urgent = node.properties.get("urgent") == "true"
    element.unit = _condition(node.properties.get("unit"))
    element.agency = _condition(node.properties.get("agency"))


def _fit_service(element: ServiceTask, node: Node) -> None:
    element.topic = _text(node.camunda.get("topic")) or _fixed(node.stand_in)
    element.expression = _condition(node.camunda.get("expression"))
    if isinstance(element, BusinessRuleTask):
        element.decision = _text(node.camunda.get("decisionRef"))
    if isinstance(element, ScriptTask) and node.script:
        element.script = prepare_feel(node.script)


def _fit_catching(element: CatchingElement, node: Node) -> None:
    event = node.event
    if event is not None and event.kind == "timer" and event.expression:
        element.timer = prepare_timer(event.timer_kind or "", event.expression)
    elif event is not None and event.kind == "conditional" and event.expression:
        element.condition = prepare_condition(event.expression)


def _mapping(mapping: CallMapping) -> Mapped:
    expression = None
    if mapping.expression is not None:
        expression = PreparedValue(prepare_condition(mapping.expression))
    source = None if mapping.everything else mapping.source
    return Mapped(source, expression, mapping.target, mapping.local)


def _connect(spec: ProcessSpec, node: Node) -> None:
    element = spec.elements[node.id]
    element.flows = [_outflow(spec, node, spec.model.flows[flow]) for flow in node.outgoing]
    if node.kind == "boundaryEvent":
        _attach(spec, node, element)
    if node.is_event_subprocess:
        _listen(spec, node, element)


def _attach(spec: ProcessSpec, node: Node, element: Element) -> None:
    """A border waits beside its host; a compensation border only names the handler."""
    host = spec.elements[node.attributes["attachedToRef"]]
    if node.event is not None and node.event.kind == "compensate":
        undone = host.inner if isinstance(host, MultiInstance | StandardLoop) else host
        undone.compensation = spec.elements[node.associations[0]]
    else:
        host.boundaries.append(element)


def _outflow(spec: ProcessSpec, node: Node, flow: Flow) -> Outflow:
    default = node.attributes.get("default") == flow.id
    condition = None
    if flow.condition and not default:
        condition = prepare_condition(flow.condition, flow.language)
    return Outflow(flow.id, flow.name, spec.elements[flow.target], condition, default)


def _listen(spec: ProcessSpec, node: Node, subprocess: Element) -> None:
    for start in spec.model.starts(node.id):
        if start.event is not None and start.event.kind == "compensate":
            spec.undoing[node.container] = subprocess
            continue
        listener = Listener(spec, start, subprocess=subprocess, name=f"{start.id}#listener")
        _fit_catching(listener, start)
        spec.listeners.setdefault(node.container, []).append(listener)

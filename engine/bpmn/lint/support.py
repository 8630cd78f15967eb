"""What we do not execute is refused, never executed as something else."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.building import ELEMENTS
from engine.bpmn.lint.context import Surroundings, about, nodes
from engine.bpmn.model import SERVICES, Diagram, Node, Process
from engine.ports import Complaint

EVENTS = {
    "startEvent": frozenset({"message", "timer", "signal"}),
    "listener": frozenset(
        {"message", "timer", "signal", "error", "escalation", "conditional", "compensate"}
    ),
    "endEvent": frozenset(
        {"message", "signal", "error", "escalation", "terminate", "compensate", "cancel"}
    ),
    "intermediateCatchEvent": frozenset({"message", "timer", "signal", "link", "conditional"}),
    "intermediateThrowEvent": frozenset({"message", "signal", "escalation", "link", "compensate"}),
    "boundaryEvent": frozenset(
        {"message", "timer", "signal", "error", "escalation", "conditional", "compensate", "cancel"}
    ),
}
"""Event definitions executed, by where they stand."""

JAVA = ("class", "delegateExpression", "variableMappingClass", "variableMappingDelegateExpression")
"""Ways of Camunda 7 to run code of the deployer; ours is a topic (D12)."""
CALLED = ("class", "delegateExpression")
"""Of these, what a service task calls and waits for, as it would for a worker."""
LONGEST_TOPIC = 120
"""Letters, as many as the column of an external task holds."""


def known_elements(diagram: Diagram, _: Surroundings) -> Iterator[Complaint]:
    """Complex gateways, ad-hoc sub-processes, transactions, choreographies."""
    for _process, node in nodes(diagram):
        if node.kind not in ELEMENTS:
            yield about(diagram, node, "bpmn.not_executed", kind=node.kind)


def known_events(diagram: Diagram, _: Surroundings) -> Iterator[Complaint]:
    """Event definitions that do not belong there or are not executed yet."""
    for process, node in nodes(diagram):
        place = node.kind
        if place not in EVENTS:
            continue
        container = process.nodes.get(node.container)
        if place == "startEvent" and container is not None:
            place = "listener" if container.is_event_subprocess else "startEvent"
        if len(node.events) > 1:
            yield about(diagram, node, "bpmn.several_event_definitions")
        for event in node.events:
            if not _is_executed(process, node, place, event.kind):
                yield about(
                    diagram, node, "bpmn.event_not_executed", line=event.line, kind=event.kind
                )
            elif container is not None and place == "startEvent":
                yield about(diagram, node, "bpmn.start_of_subprocess", kind=event.kind)


def _is_executed(process: Process, node: Node, place: str, kind: str) -> bool:
    """Nobody undoes a process: an event sub-process for that belongs into a sub-process."""
    if place == "listener" and kind == "compensate":
        return process.nodes[node.container].container != process.id
    return kind in EVENTS[place]


def events_say_what(diagram: Diagram, _: Surroundings) -> Iterator[Complaint]:
    """Timers have a time, messages, signals and links a name that exists in the file."""
    for _process, node in nodes(diagram):
        for event in node.events:
            if event.kind == "timer" and not event.expression:
                yield about(diagram, node, "bpmn.timer_without_time", line=event.line)
            elif event.kind == "conditional" and not event.expression:
                yield about(diagram, node, "bpmn.condition_missing", line=event.line)
            elif event.dangling:
                yield about(
                    diagram, node, "bpmn.dangling_reference", line=event.line,
                    kind=event.kind, missing=event.dangling,
                )  # fmt: skip
            elif event.kind in ("message", "signal", "link") and not event.reference:
                yield about(
                    diagram, node, "bpmn.event_without_name", line=event.line, kind=event.kind
                )
        if node.kind == "receiveTask" and node.events and node.events[0].unnamed:
            yield about(diagram, node, "bpmn.waits_for_its_id", "warning", message=node.id)


def compensation_has_handlers(diagram: Diagram, _: Surroundings) -> Iterator[Complaint]:
    """A compensation border is associated with one handler, marked as such, outside the flow."""
    for process, node in nodes(diagram):
        event = node.event
        if node.kind == "boundaryEvent" and event is not None and event.kind == "compensate":
            handler = process.nodes.get(node.associations[0]) if node.associations else None
            if handler is None or not handler.for_compensation:
                yield about(diagram, node, "bpmn.compensation_handler")
        if node.for_compensation and (node.incoming or node.outgoing):
            yield about(diagram, node, "bpmn.handler_in_flow")
        undone = event.activity if event is not None and event.kind == "compensate" else None
        if undone and undone not in process.nodes:
            missing = f"activity {undone}"
            yield about(diagram, node, "bpmn.dangling_reference", missing=missing)


def cancel_belongs_to_transactions(diagram: Diagram, _: Surroundings) -> Iterator[Complaint]:
    """A cancel end stands in a transaction, whose border catches the cancel."""
    for process, node in nodes(diagram):
        event = node.event
        if event is None or event.kind != "cancel":
            continue
        if node.kind == "boundaryEvent":
            host = process.nodes.get(node.attributes.get("attachedToRef", ""))
            if host is None or host.kind != "transaction":
                yield about(diagram, node, "bpmn.cancel_outside_transaction")
            continue
        scope = process.nodes.get(node.container)
        if scope is None or scope.kind != "transaction":
            yield about(diagram, node, "bpmn.cancel_outside_transaction")
        elif not _border_catches_cancel(process, scope):
            yield about(diagram, scope, "bpmn.cancel_uncaught")


def _border_catches_cancel(process: Process, transaction: Node) -> bool:
    return any(
        node.kind == "boundaryEvent"
        and node.attributes.get("attachedToRef") == transaction.id
        and node.event is not None
        and node.event.kind == "cancel"
        for node in process.nodes.values()
    )


def event_subprocess_has_one_start(diagram: Diagram, _: Surroundings) -> Iterator[Complaint]:
    """An event sub-process is started by exactly one event, and no flow reaches it."""
    for process, node in nodes(diagram):
        if not node.is_event_subprocess:
            continue
        starts = process.starts(node.id)
        if len(starts) != 1 or starts[0].event is None:
            yield about(diagram, node, "bpmn.event_subprocess_start", count=len(starts))
        if node.incoming or node.outgoing:
            yield about(diagram, node, "bpmn.event_subprocess_in_flow")


def services_have_topics(diagram: Diagram, around: Surroundings) -> Iterator[Complaint]:
    """A service task names a topic, a FEEL expression or a decision; no code runs."""
    for _process, node in nodes(diagram):
        java = [*(name for name in JAVA if name in node.camunda), *node.code]
        if node.stand_in is not None:
            java = [name for name in java if name not in CALLED]
            yield from _stood_in_for(diagram, node, node.stand_in)
        if java:
            yield about(diagram, node, "bpmn.runs_code", attribute=java[0])
        if node.kind not in SERVICES:
            continue
        if not java and not _does_something(node):
            yield about(diagram, node, "bpmn.service_without_topic", kind=node.kind)
        topic = node.camunda.get("topic")
        if topic and "${" not in topic and topic not in around.topics:
            yield about(diagram, node, "bpmn.external_topic", "warning", topic=topic)


def _stood_in_for(diagram: Diagram, node: Node, topic: str) -> Iterator[Complaint]:
    """A class is not run, but somebody can do its work: the task waits for a worker."""
    if len(topic) > LONGEST_TOPIC:
        yield about(diagram, node, "bpmn.name_too_long", limit=LONGEST_TOPIC)
    yield about(diagram, node, "bpmn.worker_stands_in", "warning", topic=topic)


def _does_something(node: Node) -> bool:
    if node.events or node.camunda.get("topic") or node.camunda.get("decisionRef"):
        return True
    if node.stand_in is not None:
        return True
    return bool(node.camunda.get("expression"))


def scripts_are_feel(diagram: Diagram, _: Surroundings) -> Iterator[Complaint]:
    """A script is FEEL; nothing else is ever executed (D2)."""
    for _process, node in nodes(diagram):
        if node.kind != "scriptTask":
            continue
        language = node.attributes.get("scriptFormat", "")
        if language.lower() != "feel":
            yield about(diagram, node, "bpmn.script_language", found=language)
        elif not node.script:
            yield about(diagram, node, "bpmn.script_missing")


def data_moves_by_parameters(diagram: Diagram, _: Surroundings) -> Iterator[Complaint]:
    """Data objects are drawn, not run: what an association would compute, a parameter says."""
    for _process, node in nodes(diagram):
        if node.assigns_data:
            yield about(diagram, node, "bpmn.data_assignment", line=node.assigns_data)


def loops_have_turns(diagram: Diagram, _: Surroundings) -> Iterator[Complaint]:
    """Multi-instance needs a collection or a number; a loop needs a condition or a maximum."""
    for _process, node in nodes(diagram):
        loop = node.loop
        if loop is None:
            continue
        if loop.kind == "standard":
            enough = loop.completion is not None or loop.maximum is not None
        else:
            enough = loop.collection is not None or loop.cardinality is not None
        if not enough:
            yield about(diagram, node, "bpmn.loop_without_turns", line=loop.line)


RULES = (
    known_elements,
    known_events,
    events_say_what,
    compensation_has_handlers,
    cancel_belongs_to_transactions,
    event_subprocess_has_one_start,
    services_have_topics,
    scripts_are_feel,
    data_moves_by_parameters,
    loops_have_turns,
)

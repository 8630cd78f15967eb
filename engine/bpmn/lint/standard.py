"""What BPMN 2.0 forbids, or means otherwise than we would run it: a drawing that breaks the
standard has no meaning that could be executed right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.bpmn.dialect import ACTIVITIES
from engine.bpmn.lint.context import Surroundings, about, nodes
from engine.bpmn.model import Diagram, Node
from engine.ports import Complaint

NAME = re.compile(r"[^\W\d][\w.\-]*")
"""An NCName (XML Schema): what `xsd:ID` allows."""
LONGEST_ID = 120
"""Letters of an id, and of the name of a message: as many as their column holds."""
LONGEST_NAME = 200
MOST_NESTED = 50
"""Sub-processes inside one another."""
UNCONDITIONAL = frozenset({"parallelGateway", "eventBasedGateway"})
MUST_SAY_WHAT = frozenset({"intermediateCatchEvent", "boundaryEvent"})
ALWAYS_INTERRUPTS = frozenset({"error", "cancel", "compensate"})
ASKED = ("message", "timer", "signal", "conditional")
"""What an event behind an event-based gateway may wait for (§13.4.4)."""


def ids_are_names(diagram: Diagram, _: Surroundings) -> Iterator[Complaint]:
    """A process has an id, and ids are names as XML has them, no longer than their column."""
    for process in diagram.processes.values():
        if process.executable and not _is_name(process.id):
            yield about(diagram, process, "bpmn.bad_id", found=process.id[:LONGEST_ID])
    for _process, node in nodes(diagram):
        if not _is_name(node.id):
            yield about(diagram, node, "bpmn.bad_id", found=node.id[:LONGEST_ID])


def names_fit(diagram: Diagram, _: Surroundings) -> Iterator[Complaint]:
    """Names are no longer than what every list and row shows of them."""
    for process in diagram.processes.values():
        if process.executable and len(process.name) > LONGEST_NAME:
            yield about(diagram, process, "bpmn.name_too_long", limit=LONGEST_NAME)
    for _process, node in nodes(diagram):
        if len(node.name) > LONGEST_NAME:
            yield about(diagram, node, "bpmn.name_too_long", limit=LONGEST_NAME)
        for event in node.events:
            if len(event.reference or "") > LONGEST_ID:
                yield about(diagram, node, "bpmn.name_too_long", line=event.line, limit=LONGEST_ID)


def _is_name(text: str) -> bool:
    return len(text) <= LONGEST_ID and NAME.fullmatch(text) is not None


def nesting_has_an_end(diagram: Diagram, _: Surroundings) -> Iterator[Complaint]:
    """Sub-processes are not nested deeper than anybody could read."""
    for process, node in nodes(diagram):
        depth, current = 0, process.nodes.get(node.container)
        while current is not None and depth <= MOST_NESTED:
            depth, current = depth + 1, process.nodes.get(current.container)
        if depth > MOST_NESTED:
            yield about(diagram, node, "bpmn.nested_too_deep", limit=MOST_NESTED)
            return


def sub_processes_begin(diagram: Diagram, _: Surroundings) -> Iterator[Complaint]:
    """What is drawn in a sub-process begins somewhere."""
    for process, node in nodes(diagram):
        inside = list(process.within(node.id)) if node.children else []
        if inside and not any(not n.incoming and n.kind != "boundaryEvent" for n in inside):
            yield about(diagram, node, "bpmn.no_start")
        plain = [n for n in inside if n.kind == "startEvent" and n.event is None]
        if len(plain) > 1 and not node.is_event_subprocess:
            yield about(diagram, node, "bpmn.several_starts", count=len(plain))


def events_have_definitions(diagram: Diagram, _: Surroundings) -> Iterator[Complaint]:
    """What catches says what; what throws an error or escalation names it."""
    for _process, node in nodes(diagram):
        event = node.event
        if node.kind in MUST_SAY_WHAT and event is None:
            yield about(diagram, node, "bpmn.event_without_definition")
        throws = node.kind in ("endEvent", "intermediateThrowEvent")
        if event is None or event.reference or event.dangling or not throws:
            continue
        if event.kind in ("error", "escalation"):
            yield about(diagram, node, "bpmn.event_without_name", line=event.line, kind=event.kind)


def names_are_fixed(diagram: Diagram, _: Surroundings) -> Iterator[Complaint]:
    """Names of messages and signals are names; an expression in one would be sent as it stands."""
    for _process, node in nodes(diagram):
        for event in node.events:
            if event.reference and ("${" in event.reference or "#{" in event.reference):
                yield about(
                    diagram, node, "bpmn.name_is_expression", line=event.line, found=event.reference
                )


def links_have_one_side(diagram: Diagram, _: Surroundings) -> Iterator[Complaint]:
    """Nothing flows out of a link throw or into a link catch, and a catch has its throw."""
    for process, node in nodes(diagram):
        if node.event is None or node.event.kind != "link":
            continue
        catches = node.kind == "intermediateCatchEvent"
        if node.incoming if catches else node.outgoing:
            yield about(diagram, node, "bpmn.link_in_flow", link=node.event.reference)
        if catches and not process.link_sources(node):
            yield about(diagram, node, "bpmn.never_reached")


def some_events_always_interrupt(diagram: Diagram, _: Surroundings) -> Iterator[Complaint]:
    """An error or a cancel ends what it leaves (§10.5.4)."""
    for process, node in nodes(diagram):
        container = process.nodes.get(node.container)
        listens = node.kind == "startEvent" and container and container.is_event_subprocess
        if node.event is None or not (listens or node.kind == "boundaryEvent"):
            continue
        if node.event.kind in ALWAYS_INTERRUPTS - {"compensate"} and not node.interrupting:
            yield about(diagram, node, "bpmn.always_interrupts", kind=node.event.kind)


def borders_are_on_activities(diagram: Diagram, _: Surroundings) -> Iterator[Complaint]:
    """A boundary event stands on an activity that a flow reaches, each error on it once."""
    seen: set[tuple[str, str, str]] = set()
    for process, node in nodes(diagram):
        host = process.nodes.get(node.attributes.get("attachedToRef", ""))
        if node.kind != "boundaryEvent" or host is None:
            continue
        if host.kind not in ACTIVITIES or host.is_event_subprocess:
            yield about(diagram, node, "bpmn.border_without_host", found=host.label)
        if node.event is None or node.event.kind not in ("error", "escalation"):
            continue
        caught = (host.id, node.event.kind, node.event.reference or "")
        if caught in seen:
            yield about(diagram, node, "bpmn.caught_twice", found=node.event.reference)
        seen.add(caught)


def event_gateways_are_simple(diagram: Diagram, _: Surroundings) -> Iterator[Complaint]:
    """Behind an event-based gateway: events that nothing else leads to, no link, no border."""
    hosts = {node.attributes.get("attachedToRef", "") for _, node in nodes(diagram)}
    for process, node in nodes(diagram):
        starts_process = node.attributes.get("instantiate") == "true"
        if starts_process and node.kind in ("eventBasedGateway", "receiveTask"):
            yield about(diagram, node, "bpmn.instantiates")
        if node.kind != "eventBasedGateway":
            continue
        if node.attributes.get("eventGatewayType", "Exclusive") != "Exclusive":
            yield about(diagram, node, "bpmn.not_executed", kind="parallel eventBasedGateway")
        targets = [process.nodes.get(process.flows[flow].target) for flow in node.outgoing]
        yield from _behind_gateway(diagram, hosts, [t for t in targets if t is not None])


def _behind_gateway(diagram: Diagram, hosts: set[str], targets: list[Node]) -> Iterator[Complaint]:
    kinds = {target.kind for target in targets}
    for target in targets:
        event = target.event
        if target.kind == "intermediateCatchEvent" and event and event.kind not in ASKED:
            yield about(diagram, target, "bpmn.no_event_behind_gateway", found=target.label)
        if len(target.incoming) > 1 or target.id in hosts:
            yield about(diagram, target, "bpmn.shared_behind_gateway")
        if target.kind == "receiveTask" and _also_message_events(targets, kinds):
            yield about(diagram, target, "bpmn.mixed_behind_gateway")


def _also_message_events(targets: list[Node], kinds: set[str]) -> bool:
    return len(kinds) > 1 and any(
        t.kind == "intermediateCatchEvent" and t.event is not None and t.event.kind == "message"
        for t in targets
    )


def conditions_are_read(diagram: Diagram, _: Surroundings) -> Iterator[Complaint]:
    """No condition stands where none is evaluated (§13.4.1, §13.4.4)."""
    for process, node in nodes(diagram):
        if node.kind not in UNCONDITIONAL:
            continue
        for flow in (process.flows[flow_id] for flow_id in node.outgoing):
            if flow.condition is not None:
                yield about(diagram, flow, "bpmn.condition_never_read", gateway=node.label)


def quantities_are_one(diagram: Diagram, _: Surroundings) -> Iterator[Complaint]:
    """One token in, one token out; anything else is not executed."""
    for _process, node in nodes(diagram):
        for name in ("startQuantity", "completionQuantity"):
            if node.attributes.get(name, "1") != "1":
                yield about(diagram, node, "bpmn.attribute_not_executed", attribute=name)
        if node.loop is not None and node.loop.behavior != "All":
            yield about(diagram, node, "bpmn.attribute_not_executed", attribute="behavior")
        if node.event is not None and not node.event.waits:
            attribute = "waitForCompletion"
            yield about(diagram, node, "bpmn.attribute_not_executed", attribute=attribute)


def messages_cross_pools(diagram: Diagram, _: Surroundings) -> Iterator[Complaint]:
    """A message flow connects two pools (§9.4)."""
    for flow in diagram.message_flows:
        ends = diagram.process_of(flow.source), diagram.process_of(flow.target)
        if ends[0] is not None and ends[0] == ends[1]:
            yield Complaint(
                "error", diagram.file, "bpmn.message_inside_pool", flow.line, flow.id, flow.name
            )


RULES = (
    ids_are_names,
    names_fit,
    nesting_has_an_end,
    sub_processes_begin,
    events_have_definitions,
    names_are_fixed,
    links_have_one_side,
    some_events_always_interrupt,
    borders_are_on_activities,
    event_gateways_are_simple,
    conditions_are_read,
    quantities_are_one,
    messages_cross_pools,
)

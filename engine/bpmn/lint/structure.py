"""Whether the drawing hangs together: ids, flows, starts, borders."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.lint.context import Surroundings, about, nodes
from engine.bpmn.model import Diagram, Flow, Node, Process
from engine.ports import Complaint

CATCHING = frozenset({"intermediateCatchEvent", "receiveTask"})


def odd_while_reading(diagram: Diagram, _: Surroundings) -> Iterator[Complaint]:
    """Duplicate ids, dangling flows, pools without process."""
    for odd in diagram.oddities:
        yield Complaint(
            "error", diagram.file, odd.code, odd.line, odd.element, odd.name, dict(odd.params)
        )


def something_to_run(diagram: Diagram, _: Surroundings) -> Iterator[Complaint]:
    """A file without executable process deploys nothing."""
    if not any(process.executable for process in diagram.processes.values()):
        yield Complaint("error", diagram.file, "bpmn.nothing_executable", 1)
    for process in diagram.processes.values():
        if process.executable and not process.nodes:
            yield about(diagram, process, "bpmn.empty_process")
        elif process.executable and not _begins(process):
            yield about(diagram, process, "bpmn.no_start")


def _begins(process: Process) -> bool:
    return any(not n.incoming and n.kind != "boundaryEvent" for n in process.within(process.id))


def everything_has_a_place(diagram: Diagram, _: Surroundings) -> Iterator[Complaint]:
    """A drawing that leaves elements out runs, but pages cannot show where an instance stands.

    A file without any drawing is told about once.
    """
    for process in diagram.processes.values():
        missing = [node for node in process.nodes.values() if node.id not in diagram.drawn]
        if process.executable and missing and diagram.drawn:
            first = missing[0]
            yield about(diagram, first, "bpmn.not_drawn", "warning", count=len(missing))


def flows_stay_inside(diagram: Diagram, _: Surroundings) -> Iterator[Complaint]:
    """A sequence flow never crosses the border of a sub-process (BPMN 2.0 §8.3.13)."""
    for process in diagram.processes.values():
        for flow in process.flows.values():
            source, target = process.nodes.get(flow.source), process.nodes.get(flow.target)
            if source and target and source.container != target.container:
                yield about(
                    diagram,
                    flow,
                    "bpmn.flow_across_border",
                    source=source.label,
                    target=target.label,
                )
            elif target and target.kind in ("startEvent", "boundaryEvent"):
                yield about(diagram, flow, "bpmn.flow_into_start", target=target.label)
            elif source and source.kind == "endEvent":
                yield about(diagram, flow, "bpmn.flow_out_of_end", source=source.label)


def borders_have_hosts(diagram: Diagram, _: Surroundings) -> Iterator[Complaint]:
    """A boundary event is attached to an activity of the same scope."""
    for process, node in nodes(diagram):
        if node.kind != "boundaryEvent":
            continue
        host = process.nodes.get(node.attributes.get("attachedToRef", ""))
        if host is None or host.container != node.container:
            found = node.attributes.get("attachedToRef")
            yield about(diagram, node, "bpmn.border_without_host", found=found)
        silent = node.event is not None and node.event.kind == "compensate"
        if not node.outgoing and not silent:
            yield about(diagram, node, "bpmn.border_leads_nowhere", "warning")


def everything_is_reached(diagram: Diagram, _: Surroundings) -> Iterator[Complaint]:
    """Beside a start event, every element has an incoming flow (§10.5.2)."""
    for process in diagram.processes.values():
        if process.executable:
            yield from _unreached(diagram, process)


def _unreached(diagram: Diagram, process: Process) -> Iterator[Complaint]:
    started = {node.container for node in process.nodes.values() if node.kind == "startEvent"}
    undoing = {target for node in process.nodes.values() for target in node.associations}
    for node in process.nodes.values():
        if node.incoming or node.kind in ("startEvent", "boundaryEvent"):
            continue
        if node.for_compensation:
            reached = node.id in undoing
        else:
            reached = node.is_event_subprocess or node.container not in started
        if not reached and not _is_link_catch(node):
            yield about(diagram, node, "bpmn.never_reached")


def _is_link_catch(node: Node) -> bool:
    event = node.event
    return node.kind == "intermediateCatchEvent" and event is not None and event.kind == "link"


def gateways_can_choose(diagram: Diagram, _: Surroundings) -> Iterator[Complaint]:
    """Every flow of an exclusive gateway that branches has a condition or is the default.

    Behind an inclusive gateway a flow without condition is always taken, as in Camunda 7.
    """
    for process, node in nodes(diagram):
        if node.kind != "exclusiveGateway" or len(node.outgoing) < 2:
            continue
        for flow in _flows(process, node):
            if flow.condition is None and node.attributes.get("default") != flow.id:
                yield about(diagram, flow, "bpmn.flow_without_condition", gateway=node.label)


def defaults_exist(diagram: Diagram, _: Surroundings) -> Iterator[Complaint]:
    """The default flow leaves the element it is the default of."""
    for _process, node in nodes(diagram):
        default = node.attributes.get("default")
        if default and default not in node.outgoing:
            yield about(diagram, node, "bpmn.default_not_outgoing", found=default)


def events_behind_gateway(diagram: Diagram, _: Surroundings) -> Iterator[Complaint]:
    """Only events and receive tasks stand behind an event-based gateway."""
    for process, node in nodes(diagram):
        if node.kind != "eventBasedGateway":
            continue
        if len(node.outgoing) < 2:
            yield about(diagram, node, "bpmn.event_gateway_needs_two")
        for flow in _flows(process, node):
            target = process.nodes.get(flow.target)
            if target is not None and target.kind not in CATCHING:
                yield about(diagram, node, "bpmn.no_event_behind_gateway", found=target.label)


def links_find_each_other(diagram: Diagram, _: Surroundings) -> Iterator[Complaint]:
    """A link throw has exactly one catch of its name in the same scope."""
    for process, node in nodes(diagram):
        event = node.event
        if node.kind != "intermediateThrowEvent" or event is None or event.kind != "link":
            continue
        catches = [
            other
            for other in process.within(node.container)
            if other.kind == "intermediateCatchEvent"
            and other.event is not None
            and other.event.kind == "link"
            and other.event.reference == event.reference
        ]
        if len(catches) != 1:
            yield about(diagram, node, "bpmn.link_target", link=event.reference, count=len(catches))


def _flows(process: Process, node: Node) -> list[Flow]:
    return [process.flows[flow] for flow in node.outgoing]


RULES = (
    odd_while_reading,
    something_to_run,
    everything_has_a_place,
    flows_stay_inside,
    borders_have_hosts,
    everything_is_reached,
    gateways_can_choose,
    defaults_exist,
    events_behind_gateway,
    links_find_each_other,
)

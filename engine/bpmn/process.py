"""A process ready to run: our task specs by element id, built once per version and shared.

Nothing in here changes while instances run.
"""

from __future__ import annotations

from functools import cached_property

from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec
from SpiffWorkflow.task import Task

from engine.bpmn.elements.base import Element
from engine.bpmn.elements.events import Listener
from engine.bpmn.model import Node, Process

ROOT = "process:root"
"""No element can be called so: a colon is not allowed in an XML id."""


class ProcessScope(BpmnSpecMixin):  # type: ignore[misc]
    """The outermost scope of an instance: its variables, its completion."""

    listens = False
    compensation = None

    def __init__(self, process: ProcessSpec) -> None:
        super().__init__(process, ROOT)
        self.process = process
        self.bpmn_id = process.model.id

    def emptied(self, scope: Task) -> None:
        """Nothing is left: the instance has ended."""
        scope.workflow.finish()


class ProcessSpec(WorkflowSpec):  # type: ignore[misc]
    """All elements of one executable process of one version."""

    def __init__(self, model: Process, definition_id: str) -> None:
        super().__init__(name=model.id)
        self.model = model
        self.definition_id = definition_id
        self.root = ProcessScope(self)
        self.elements: dict[str, Element] = {}
        """Element id → what a flow enters (the body of a repeated activity)."""
        self.listeners: dict[str, list[Listener]] = {}
        """Container id → starts of its event sub-processes."""
        self.undoing: dict[str, Element] = {}
        """Container id → the event sub-process that undoes it once it is done."""

    @cached_property
    def graph(self) -> Graph:
        """The flows, for inclusive joins."""
        return Graph(self.model)

    def starts(self, container: str) -> list[Element]:
        """What begins when `container` does: plain starts, else whatever no flow reaches."""
        drawn = self.model.starts(container)
        if drawn:
            return [self.elements[node.id] for node in drawn if node.event is None]
        nodes = self.model.within(container)
        return [self.elements[node.id] for node in nodes if _begins_by_itself(node)]

    def link_target(self, throw: Node) -> Element | None:
        """The catching link event of the same name in the same container."""
        for node in self.model.within(throw.container):
            event = node.event
            if node.kind == "intermediateCatchEvent" and event and event.kind == "link":
                thrown = throw.event
                if thrown is not None and event.reference == thrown.reference:
                    return self.elements[node.id]
        return None


def _begins_by_itself(node: Node) -> bool:
    """Whether a node without incoming flow is an implicit start (BPMN 2.0 §10.2.1)."""
    if node.incoming or node.kind == "boundaryEvent":
        return False
    is_link = node.event is not None and node.event.kind == "link"
    return not (node.is_event_subprocess or node.for_compensation or is_link)


class Graph:
    """Reachability along sequence flows inside one process."""

    def __init__(self, model: Process) -> None:
        self.model = model
        self._known: dict[tuple[str, tuple[str, ...]], frozenset[str]] = {}

    def nodes_reaching(self, gateway: str, flows: list[str]) -> frozenset[str]:
        """Nodes from which a token can come to one of `flows` without passing `gateway`."""
        key = (gateway, tuple(sorted(flows)))
        if key not in self._known:
            self._known[key] = self._search(gateway, key[1])
        return self._known[key]

    def _search(self, gateway: str, flows: tuple[str, ...]) -> frozenset[str]:
        found: set[str] = set()
        todo = [self.model.flows[flow].source for flow in flows]
        while todo:
            node_id = todo.pop()
            if node_id in found or node_id == gateway or node_id not in self.model.nodes:
                continue
            found.add(node_id)
            todo += self._before(self.model.nodes[node_id])
        return frozenset(found)

    def _before(self, node: Node) -> list[str]:
        """What a token can have been at just before `node`: along a flow, or the border's host."""
        before = [self.model.flows[flow].source for flow in node.incoming]
        host = node.attributes.get("attachedToRef")
        return [*before, *self.model.link_sources(node), *([host] if host else [])]

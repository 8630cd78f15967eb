"""Tokens placed by hand: an instance that begins in the middle, as a case taken over does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from SpiffWorkflow.task import Task

from engine.bpmn.model import Node, Process

if TYPE_CHECKING:
    from engine.bpmn.execution import Execution
    from engine.bpmn.process import ProcessSpec

PLACES = frozenset(
    {
        "userTask", "manualTask", "receiveTask", "serviceTask", "sendTask", "callActivity",
        "intermediateCatchEvent", "eventBasedGateway",
    }
)  # fmt: skip
"""Where something may stand: whatever waits, or begins what waits."""


def places(model: Process) -> list[Node]:
    """Elements a token may be placed at, in the order of the file.

    Not what waits for another's race (behind an event-based gateway: place it at the gateway), nor
    anything inside a repeated sub-process, where nobody could say which turn it belongs to.
    """
    return [node for node in model.nodes.values() if _takes_a_token(model, node)]


def _takes_a_token(model: Process, node: Node) -> bool:
    if node.kind not in PLACES or node.for_compensation:
        return False
    if any(around.loop is not None for around in enclosing(model, node)):
        return False
    sources = (model.nodes[model.flows[flow].source] for flow in node.incoming)
    return not any(source.kind == "eventBasedGateway" for source in sources)


def enclosing(model: Process, node: Node) -> Iterable[Node]:
    """The sub-processes around it, the nearest first."""
    while node.container in model.nodes:
        node = model.nodes[node.container]
        yield node


def place(
    execution: Execution, scope: Task, process: ProcessSpec, container: str, at: Sequence[str]
) -> None:
    """Tokens at these elements in a process or sub-process; what encloses them is begun on the way,
    with its borders and event sub-processes watching.
    """
    for listener in process.listeners.get(container, ()):
        execution.enter(listener, scope)
    for child in process.model.within(container):
        element = process.elements.get(child.id)
        if element is None:
            continue
        if child.id in at:
            execution.enter(element, scope)
        inside = [id for id in at if child in enclosing(process.model, process.model.nodes[id])]
        if inside:
            execution.enter(element, scope, begin_at=inside)
    execution.check_scope(scope)

"""Compensation and cancelled transactions (BPMN 2.0 §13.5.5, §13.3.4).

A scope remembers, in order, which of its activities with a handler are done; a finished
sub-process hands its own memory to the scope around it. Handlers run one after the other, the last
done first; whoever threw waits for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.task import Task

from engine.bpmn import propagation
from engine.bpmn.faults import Fault
from engine.feel import decode, encode

if TYPE_CHECKING:
    from engine.bpmn.elements.base import Element
    from engine.bpmn.execution import Execution

Done = dict[str, Any]
"""`element`, `handler` (ids), `data` (local variables), `inner` (what a scope handed on)."""


def remember(task: Task) -> None:
    """The task is about to end well: note how it can be undone."""
    handler = task.task_spec.compensation or _own_handler(task)
    inner = None if _is_call(task) else task.internal_data.get("done")
    if handler is None and not inner:
        return
    data = {name: encode(value) for name, value in task.data.items()}
    done: Done = {"element": task.task_spec.bpmn_id, "data": data}
    if handler is not None:
        done["handler"] = handler.name
    if inner and (handler is None or handler is _own_handler(task)):
        done["inner"] = inner
    task.parent.internal_data.setdefault("done", []).append(done)


def _own_handler(task: Task) -> Element | None:
    """The event sub-process inside a sub-process that undoes it (BPMN 2.0 §10.6.4)."""
    if task.task_spec.repeats:
        return None
    found: Element | None = task.task_spec.process.undoing.get(task.task_spec.bpmn_id)
    return found


def _is_call(task: Task) -> bool:
    """A called process is closed: its caller can undo the call, not what was done in it."""
    return bool(task.task_spec.node.kind == "callActivity" and not task.task_spec.repeats)


def begin(execution: Execution, thrower: Task, activity: str | None) -> bool:
    """Undo what is done in the thrower's scope; True when there is nothing to wait for."""
    scope = _served_scope(thrower)
    done: list[Done] = scope.internal_data.get("done", [])
    chosen = [d for d in done if activity in (None, d["element"])]
    scope.internal_data["done"] = [d for d in done if d not in chosen]
    thrower.internal_data["undo"] = list(_handlers(chosen))
    thrower.internal_data["undo_in"] = scope.id
    return not _next(execution, thrower)


def _served_scope(thrower: Task) -> Task:
    """The scope whose activities are undone: from an event sub-process, the one it serves."""
    scope: Task = thrower.parent
    node = getattr(scope.task_spec, "node", None)
    if node is None or not node.is_event_subprocess or "undoes" in scope.internal_data:
        return scope
    return scope.parent


def _handlers(done: list[Done]) -> Iterator[list[Any]]:
    for entry in reversed(done):
        if "handler" in entry:
            yield [entry["handler"], entry["data"], entry.get("inner")]
        else:
            yield from _handlers(entry["inner"])


def _next(execution: Execution, thrower: Task) -> bool:
    """Run the next handler; False when all have run."""
    if not thrower.internal_data["undo"]:
        return False
    name, data, *inner = thrower.internal_data["undo"].pop(0)
    handler = thrower.task_spec.process.elements[name]
    scope = execution.tasks[thrower.internal_data["undo_in"]]
    payload = {key: decode(value) for key, value in data.items()}
    served = {"done": inner[0]} if inner and inner[0] else {}
    if handler.node.is_event_subprocess:
        begin_at = thrower.task_spec.process.model.starts(handler.node.id)[0].id
        execution.enter(
            handler, scope, undoes=thrower.id, started_by=begin_at, payload=payload, **served
        )
    else:
        execution.enter(handler, scope, undoes=thrower.id, payload=payload)
    return True


def handler_done(execution: Execution, thrower_id: str) -> None:
    """A handler has ended: the next one, or the thrower goes on."""
    thrower = execution.tasks.get(thrower_id)
    if thrower is not None and not _next(execution, thrower):
        thrower.complete()


def cancel_transaction(execution: Execution, end: Task) -> bool:
    """A cancel end event: stop the transaction, undo it; True when nothing is left to undo."""
    transaction = _transaction(execution, end)
    for child in list(transaction.children):
        if child is not end:
            execution.discard(child, "cancelled")
    return begin(execution, end, None)


def transaction_cancelled(execution: Execution, end: Task) -> None:
    """All is undone: the cancel event on the transaction's border takes the token."""
    transaction = _transaction(execution, end)
    for border in propagation.borders(transaction):
        if border.task_spec.node.event.kind == "cancel":
            border.task_spec.caught(border, {})
            return
    raise Fault("bpmn.cancel_uncaught", element=end.task_spec.bpmn_id)


def _transaction(execution: Execution, end: Task) -> Task:
    for scope in execution.enclosing(end):
        node = getattr(scope.task_spec, "node", None)
        if node is not None and node.kind == "transaction":
            return scope
    raise Fault("bpmn.cancel_outside_transaction", element=end.task_spec.bpmn_id)

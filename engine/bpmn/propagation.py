"""Events that stay inside an instance: errors, escalations, signals, conditions (§13.5).

They go from where they are thrown through the scopes around it, innermost first: to a listener (the
start of an event sub-process) or to a border of the scope.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.faults import Fault
from engine.bpmn.model import EventDefinition

if TYPE_CHECKING:
    from engine.bpmn.execution import Execution


def throw_error(execution: Execution, task: Task, code: str, message: str = "") -> None:
    """To the nearest border or event sub-process that catches it (§13.5.3).

    Raises `Fault` bpmn.error_uncaught: an error that nobody catches is an incident.
    """
    catcher = _catcher(execution, task, "error", code)
    if catcher is None:
        raise Fault(
            "bpmn.error_uncaught", element=task.task_spec.bpmn_id, error=code, message=message
        )
    _caught(catcher, code, message)


def escalate(execution: Execution, task: Task, code: str) -> None:
    """To the nearest that catches it; nobody: nothing happens (§13.5.3)."""
    catcher = _catcher(execution, task, "escalation", code)
    if catcher is not None:
        _caught(catcher, code)


def _caught(catcher: Task, code: str, message: str = "") -> None:
    event: EventDefinition = catcher.task_spec.node.event
    named = {event.variable: code, event.message_variable: message}
    catcher.task_spec.caught(catcher, {name: value for name, value in named.items() if name})


def _catcher(execution: Execution, task: Task, kind: str, code: str) -> Task | None:
    inside: Task | None = None
    for scope in execution.enclosing(task, itself=True):
        listeners = [] if inside is None else _listeners(scope, besides=inside)
        for candidates in (listeners, borders(scope)):
            found = [c for c in candidates if _catches(c, kind, code)]
            if found:
                return max(found, key=_is_precise)
        inside = scope
    return None


def _listeners(scope: Task, besides: Task) -> list[Task]:
    """Waiting starts of event sub-processes; what such a one throws it does not catch itself."""
    waiting = [c for c in scope.children if c.task_spec.listens]
    return [c for c in waiting if c.task_spec.subprocess is not besides.task_spec]


def _is_precise(catcher: Task) -> bool:
    """Whether it names the code; one that catches everything comes after it."""
    return bool(catcher.task_spec.node.event.reference)


def borders(host: Task) -> list[Task]:
    """The waiting events on the border of `host`."""
    if host.parent is None:
        return []
    return [c for c in host.parent.children if c.internal_data.get("host") == host.id]


def _catches(task: Task, kind: str, code: str) -> bool:
    event = _waited_for(task)
    if event is None or event.kind != kind:
        return False
    if not (task.task_spec.listens or task.internal_data.get("host")):
        return False
    return event.reference in (None, "", code)


def _waited_for(task: Task) -> EventDefinition | None:
    """What a waiting event task waits for; None for any other task."""
    if task.state != TaskState.WAITING or "async" in task.internal_data:
        return None
    event: EventDefinition | None = getattr(getattr(task.task_spec, "node", None), "event", None)
    return event


def signal(execution: Execution, name: str, payload: Mapping[str, Any]) -> None:
    """Every event of this instance that waits for the signal catches it."""
    for task, event in _waiting(execution, "signal"):
        if event.reference == name:
            task.task_spec.caught(task, dict(payload))


def check_conditions(execution: Execution) -> None:
    """Conditional events fire when their condition has become true (§13.5.2)."""
    for task, _ in _waiting(execution, "conditional"):
        holds = execution.evaluate(task, task.task_spec.condition, task.task_spec.node) is True
        became_true = holds and not task.internal_data.get("held")
        task.internal_data["held"] = holds
        if became_true:
            task.task_spec.caught(task, {})


def _waiting(execution: Execution, kind: str) -> Iterator[tuple[Task, EventDefinition]]:
    """Tasks that wait for an event of `kind`; one that an earlier one ended is left out."""
    for task in list(execution.tasks.values()):
        event = _waited_for(task)
        if task.id in execution.tasks and event is not None and event.kind == kind:
            yield task, event

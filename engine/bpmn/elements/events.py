"""Events (BPMN 2.0 §13.5): start, end, catch, throw, boundary."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.bpmn import compensation, propagation, variables
from engine.bpmn.elements.base import Element, Outflow
from engine.bpmn.expressions import Prepared
from engine.bpmn.faults import Fault
from engine.bpmn.journal import Subscribed, ThrownMessage


class CatchingElement(Element):
    """Waits for what its event definition names; the engine calls `caught`."""

    timer: Prepared | None = None
    condition: Prepared | None = None

    def _update_hook(self, task: Task) -> bool:
        event = self.node.event
        if event is None or task.internal_data.get("caught"):
            return True
        task._set_state(TaskState.WAITING)
        self.wait(task)
        return False

    def wait(self, task: Task) -> None:
        """Say what the task waits for: a row for it is written with the state."""
        event = self.node.event
        assert event is not None
        if event.kind == "timer":
            task.workflow.arm(task)
        elif event.kind == "conditional":
            task.workflow.watches_conditions = True
        elif event.kind in ("message", "signal"):
            name = event.reference or ""
            subscribed = Subscribed(task.id, self.node.id, event.kind, name)
            task.workflow.journal.subscriptions.append(subscribed)

    def caught(self, task: Task, payload: dict[str, Any]) -> None:
        """The event has come: the token goes on, with the payload as local variables."""
        execution = task.workflow
        task.data.update(payload)
        task.internal_data["caught"] = True
        race = task.internal_data.get("race")
        if race:
            execution.lose_race(task, race)
        task._ready()

    def map_outputs(self, task: Task) -> None:
        """The payload becomes variables: those mapped, or all where nothing is mapped."""
        if self.outputs_:
            super().map_outputs(task)
            return
        for name, value in task.data.items():
            if name != "message":
                variables.assign(task.parent, name, value)


class StartEvent(CatchingElement):
    """A process starts here; in an event sub-process it listens beforehand."""

    def _update_hook(self, task: Task) -> bool:
        return True


class Listener(CatchingElement):
    """The start of an event sub-process, waiting in the scope that the sub-process serves."""

    listens = True

    def __init__(self, *args: Any, subprocess: Element, **options: Any) -> None:
        super().__init__(*args, **options)
        self.subprocess = subprocess

    def caught(self, task: Task, payload: dict[str, Any]) -> None:
        """Start the sub-process; an interrupting one ends everything else in the scope."""
        execution, scope = task.workflow, task.parent
        if self.node.interrupting:
            for other in list(scope.children):
                execution.discard(other, "cancelled")
        elif not execution.rearm(task):
            execution.discard(task, "completed")
        execution.enter(self.subprocess, scope, started_by=self.node.id, payload=payload)


class IntermediateCatchEvent(CatchingElement):
    """A message, timer, signal, condition or link target in the middle of a flow."""

    def _update_hook(self, task: Task) -> bool:
        event = self.node.event
        return event is None or event.kind == "link" or super()._update_hook(task)


class ReceiveTask(CatchingElement):
    """A task that waits for a message."""


class BoundaryEvent(CatchingElement):
    """An event on the border of an activity; it lives as long as the activity."""

    def caught(self, task: Task, payload: dict[str, Any]) -> None:
        execution, scope = task.workflow, task.parent
        host = execution.tasks.get(task.internal_data["host"])
        if not self.node.interrupting:
            if not execution.rearm(task):
                execution.discard(task, "completed")
            execution.enter(self, scope, caught=True, payload=payload)
            return
        if host is not None:
            execution.discard(host, "cancelled")
        execution.enter(self, scope, caught=True, payload=payload)
        if host is not None and host.internal_data.get("undoes"):
            compensation.handler_done(execution, host.internal_data["undoes"])


class ThrowingElement(Element):
    """Says something to the outside, or to the scopes around it."""

    addressee: Prepared | None = None

    def _run_hook(self, task: Task) -> bool | None:
        event = self.node.event
        if event is not None and event.kind == "compensate":
            return compensation.begin(task.workflow, task, event.activity) or None
        if event is not None and event.kind == "cancel":
            return compensation.cancel_transaction(task.workflow, task) or None
        thrower = getattr(self, f"_throw_{event.kind}", None) if event is not None else None
        if event is not None and thrower is not None:
            thrower(task, event.reference or "")
        return True

    def _throw_message(self, task: Task, name: str) -> None:
        self._send(task, "message", name)

    def _throw_signal(self, task: Task, name: str) -> None:
        self._send(task, "signal", name)
        propagation.signal(task.workflow, name, dict(task.data))

    def _send(self, task: Task, kind: str, name: str) -> None:
        execution = task.workflow
        addressee = None
        if self.addressee is not None:
            addressee = execution.evaluate(task, self.addressee, self.node)
        thrown = ThrownMessage(
            definition_id=self.process.definition_id,
            element_id=self.node.id,
            kind=kind,
            name=name,
            variables=dict(task.data),
            properties=self.node.properties,
            addressee=addressee,
        )
        execution.journal.thrown.append(thrown)

    def _throw_escalation(self, task: Task, code: str) -> None:
        propagation.escalate(task.workflow, task, code)


class IntermediateThrowEvent(ThrowingElement):
    """Throws and goes on; a link throw jumps to its catching twin."""

    def chosen(self, scope: Task) -> list[Outflow]:
        event = self.node.event
        if event is None or event.kind != "link":
            return super().chosen(scope)
        target = self.process.link_target(self.node)
        if target is None:
            raise Fault("bpmn.link_without_target", element=self.node.id, link=event.reference)
        return [Outflow(f"link.{self.node.id}", "", target, None, False)]


class SendTask(ThrowingElement):
    """A task that sends a message."""


class EndEvent(ThrowingElement):
    """A token ends here; the name of the process's own end event is the outcome."""

    def _run_hook(self, task: Task) -> bool | None:
        if task.parent.parent is None:
            task.workflow.journal.outcome = self.node.label
        return super()._run_hook(task)

    def leave(self, task: Task) -> None:
        event = self.node.event
        if event is not None and event.kind == "terminate":
            task.workflow.terminate(task)
        elif event is not None and event.kind == "error":
            task.workflow.throw_error(task, event.reference or "", self.node.label)
        elif event is not None and event.kind == "cancel":
            compensation.transaction_cancelled(task.workflow, task)
        else:
            super().leave(task)

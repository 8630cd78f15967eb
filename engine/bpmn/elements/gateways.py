"""Gateways (BPMN 2.0 §13.4): exclusive, parallel, inclusive, event-based."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.elements.base import Element, Outflow
from engine.bpmn.faults import Fault


class ExclusiveGateway(Element):
    """One token in, one token out: the first true condition in the order of the diagram."""

    def chosen(self, scope: Task) -> list[Outflow]:
        for flow in self.flows:
            if not flow.default and self._open(flow, scope):
                return [flow]
        default = [flow for flow in self.flows if flow.default]
        if not default and self.flows:
            raise Fault("bpmn.no_flow_open", element=self.node.id, name=self.node.label)
        return default


class _Join(Element):
    """Tokens wait here as tasks; the last to come takes the others with it."""

    def _update_hook(self, task: Task) -> bool:
        waiting = self.waiting(task)
        used = self.consumed(task, waiting)
        if used is None:
            task._set_state(TaskState.WAITING)
            return False
        for other in used:
            if other is not task:
                task.workflow.discard(other, "completed")
        return True

    def waiting(self, task: Task) -> list[Task]:
        """Tokens at this gateway in the same scope, this one included, in order of arrival."""
        return [
            t
            for t in task.parent.children
            if t.task_spec is self
            and t.state in (TaskState.WAITING, TaskState.FUTURE)
            and "async" not in t.internal_data
        ]

    def consumed(self, task: Task, waiting: list[Task]) -> list[Task] | None:
        """The tokens to consume now; None: wait on."""
        raise NotImplementedError


class ParallelGateway(_Join):
    """Waits for one token on each incoming flow; spare tokens stay for the next round."""

    def consumed(self, task: Task, waiting: list[Task]) -> list[Task] | None:
        by_flow = {t.internal_data.get("flow"): t for t in reversed(waiting)}
        if all(flow in by_flow for flow in self.node.incoming):
            return list(by_flow.values())
        return None

    def chosen(self, scope: Task) -> list[Outflow]:
        """Every flow: a parallel gateway knows neither conditions nor a default."""
        return list(self.flows)


class InclusiveGateway(_Join):
    """Waits while a token elsewhere could still arrive on an empty incoming flow (§13.4.3)."""

    def consumed(self, task: Task, waiting: list[Task]) -> list[Task] | None:
        by_flow = {t.internal_data.get("flow"): t for t in reversed(waiting)}
        empty = [flow for flow in self.node.incoming if flow not in by_flow]
        if empty and self._may_still_come(task.parent, set(by_flow), empty):
            return None
        return list(by_flow.values())

    def _may_still_come(self, scope: Task, filled: set[Any], empty: list[str]) -> bool:
        """A token that reaches an empty flow, and no filled one, without passing here."""
        graph = self.process.graph
        to_empty = graph.nodes_reaching(self.node.id, empty)
        to_filled = graph.nodes_reaching(self.node.id, [f for f in filled if f])
        places = {
            t.task_spec.node.id
            for t in scope.children
            if t.task_spec is not self
            and not t.task_spec.listens
            and not t.internal_data.get("host")
        }
        return any(place in to_empty and place not in to_filled for place in places)

    def reconsider(self, task: Task) -> None:
        """Something else in the scope has moved: perhaps nothing can come any more."""
        waits = task.state == TaskState.WAITING and "async" not in task.internal_data
        if waits and self._update_hook(task):
            task._ready()


class EventBasedGateway(Element):
    """Whichever of the events behind it comes first takes the token."""

    def _run_hook(self, task: Task) -> bool:
        for flow in self.flows:
            task.workflow.enter(flow.target, task.parent, flow=flow.id, race=task.id)
        return True

    def chosen(self, scope: Task) -> list[Outflow]:
        """The events have been entered already."""
        return []

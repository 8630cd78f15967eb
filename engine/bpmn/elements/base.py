"""What every element does: arrive, run, leave.

SpiffWorkflow's `Task` and `TaskSpec` carry the states (FUTURE → WAITING/READY → STARTED →
COMPLETED/CANCELLED) and call the hooks overridden here. Nothing is predicted: the tree holds what
is, not what may come.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.bpmn import compensation, variables
from engine.bpmn.expressions import Prepared, PreparedValue
from engine.bpmn.faults import Fault
from engine.bpmn.model import Node

if TYPE_CHECKING:
    from engine.bpmn.execution import Execution
    from engine.bpmn.process import ProcessSpec


@dataclass(slots=True)
class Outflow:
    """A sequence flow leaving an element, ready to be taken."""

    id: str
    name: str
    target: Element
    condition: Prepared | None
    default: bool


class Element(BpmnSpecMixin):  # type: ignore[misc]
    """Base of all our task specs: an element of the diagram, built once per version."""

    listens = False
    """A waiting start of an event sub-process: it does not keep its scope alive."""

    repeats = False
    """The body around an activity that is done several times."""

    def __init__(self, process: ProcessSpec, node: Node, **options: Any) -> None:
        name = options.pop("name", node.id)
        super().__init__(process, name, bpmn_name=node.name, lane=node.lane, **options)
        self.bpmn_id = node.id
        self.node = node
        self.process = process
        self.flows: list[Outflow] = []
        self.inputs_: list[tuple[str, PreparedValue]] = []
        self.outputs_: list[tuple[str, PreparedValue]] = []
        self.boundaries: list[Element] = []
        self.compensation: Element | None = None
        """What undoes it, where a compensation event on its border says so."""

    # arriving -------------------------------------------------------------------------

    def arrive(self, task: Task) -> None:
        """A token has come: map inputs, watch the borders, become ready or wait."""
        execution: Execution = task.workflow
        execution.opened(task)
        if execution.waits_before(task):
            return
        self.begin(task)

    def begin(self, task: Task) -> None:
        """`arrive` after a possible asyncBefore."""
        execution: Execution = task.workflow
        for name, value in self.inputs_:
            task.data[name] = execution.value(task.parent, value, self.node, extra=task.data)
        for boundary in self.boundaries:
            execution.enter(boundary, task.parent, host=task.id)
        self._update(task)

    def test(self) -> None:
        """Nothing to test at run time: the linter has seen the diagram."""

    def _predict(self, *_: Any, **__: Any) -> None:
        """Predict nothing: what has not happened is not in the tree."""

    def _update_hook(self, task: Task) -> bool:
        """True: ready at once. Overridden by whatever waits."""
        return True

    def _on_ready(self, task: Task) -> None:
        if not self.manual:
            task.workflow.schedule(task)

    def _run_hook(self, task: Task) -> bool | None:
        """True: done. None: started, somebody else completes it."""
        return True

    # leaving --------------------------------------------------------------------------

    def _on_complete(self, task: Task) -> None:
        execution: Execution = task.workflow
        if task.id in execution.tasks and not execution.waits_after(task):
            self.leave(task)

    def leave(self, task: Task) -> None:
        """Map outputs, go on along the flows, tell the scope."""
        execution: Execution = task.workflow
        scope = task.parent
        self.map_outputs(task)
        compensation.remember(task)
        turn = task.internal_data.get("turn")
        if turn is not None:
            scope.task_spec.collect(scope, task)
            execution.discard(task, "completed")
            scope.task_spec.turn_done(scope, task)
            return
        flows = self.chosen(scope)
        execution.discard(task, "completed")
        for flow in flows:
            execution.enter(flow.target, scope, flow=flow.id)
        undoes = task.internal_data.get("undoes")
        if undoes:
            compensation.handler_done(execution, undoes)
        execution.check_scope(scope)

    def map_outputs(self, task: Task) -> None:
        """`camunda:outputParameter`: evaluated in the element's scope, set in the one around it."""
        for name, value in self.outputs_:
            found = task.workflow.value(task, value, self.node)
            variables.assign(task.parent, name, found)

    def chosen(self, scope: Task) -> list[Outflow]:
        """Flows to take: every unconditional one, every true one, else the default."""
        taken = [f for f in self.flows if not f.default and self._open(f, scope)]
        taken = taken or [flow for flow in self.flows if flow.default]
        if not taken and self.flows:
            raise Fault("bpmn.no_flow_open", element=self.node.id, name=self.node.label)
        return taken

    def _open(self, flow: Outflow, scope: Task) -> bool:
        if flow.condition is None:
            return True
        where = {"flow": flow.id, "flow_name": flow.name}
        return bool(scope.workflow.holds(scope, flow.condition, self.node, **where))

    # what the rows need ---------------------------------------------------------------

    @property
    def properties(self) -> Mapping[str, str]:
        """The element's camunda:properties."""
        return self.node.properties

    def emptied(self, scope: Task) -> None:
        """Called when the last thing in this scope has ended; only scopes answer."""
        raise AssertionError(f"{self.name} is no scope")


def is_waiting(task: Task) -> bool:
    """Whether the task waits for something from outside."""
    return bool(task.state == TaskState.WAITING)

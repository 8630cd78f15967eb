"""Diagrams played without a database, in two ways: kept in memory, and written down and read back
between any two steps. What a construct does must not depend on which.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.bpmn import state
from engine.bpmn.building import build_process
from engine.bpmn.elements.activities import ServiceTask, UserTask
from engine.bpmn.execution import Execution
from engine.bpmn.faults import Fault
from engine.bpmn.journal import ComputedPeriod, ThrownMessage
from engine.bpmn.lint import Surroundings, lint
from engine.bpmn.model import Diagram, Node
from engine.bpmn.process import ProcessSpec
from engine.bpmn.reading import read_diagram
from engine.errors import Refusal
from engine.feel import from_python, to_python

MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


class StageHost:
    """What an execution asks of the engine, answered from what was put on the stage."""

    def __init__(self) -> None:
        self.computed: list[ComputedPeriod] = []
        self.processes: dict[str, ProcessSpec] = {}
        self.topics: dict[str, Callable[..., Any]] = {}
        self.decisions: dict[str, list[dict[str, Any]]] = {}

    def functions(self) -> Mapping[str, Any]:
        return {}

    def topic(self, name: str) -> Any:
        return self.topics.get(name)

    def process(self, definition_id: str) -> ProcessSpec:
        return self.processes[definition_id]

    def called_process(self, key: str, node: Node) -> ProcessSpec:
        if key not in self.processes:
            raise Fault("bpmn.called_process_unknown", element=node.id, called=key)
        return self.processes[key]

    def decide(
        self, reference: str, context: Mapping[str, Any], node: Node, definition_id: str
    ) -> list[dict[str, Any]]:
        if reference not in self.decisions:
            raise Fault("decision.unknown", element=node.id, decision=reference)
        return self.decisions[reference]


class Stage:
    """One instance of the process `p` (or another), and what tests ask of it."""

    def __init__(self, *sources: bytes, reloading: bool = False, calls_known: bool = True) -> None:
        self.host = StageHost()
        self.now = MORNING
        self.reloading = reloading
        self.thrown: list[ThrownMessage] = []
        self.entered: list[str] = []
        diagrams = [read_diagram(source, f"{at}.bpmn") for at, source in enumerate(sources)]
        self._check(diagrams, calls_known)
        for diagram in diagrams:
            for process in diagram.processes.values():
                if process.executable:
                    self.host.processes[process.id] = build_process(process, process.id)

    def _check(self, diagrams: list[Diagram], calls_known: bool) -> None:
        known = frozenset(key for diagram in diagrams for key in diagram.processes)
        for diagram in diagrams:
            found = lint(diagram, Surroundings(processes=known if calls_known else None))
            errors = [complaint for complaint in found if complaint.severity == "error"]
            if errors:
                raise Refusal("deployment.refused", complaints=errors)

    # acts -----------------------------------------------------------------------------

    def start(self, key: str = "p", start_event: str | None = None, **values: Any) -> Stage:
        self.execution = Execution(self.host.processes[key], self.host, self.now, uuid4().hex)
        given = {name: from_python(value) for name, value in values.items()}
        self.execution.start(start_event, given)
        self._after()
        return self

    def complete(self, element: str, **values: Any) -> Stage:
        """The first open user or external task of that element is done."""
        task = next(t for t in self._open() if t.task_spec.bpmn_id == element)
        given = {name: from_python(value) for name, value in values.items()}
        return self._act(lambda execution: execution.complete(task.id, given))

    def fail(self, element: str, code: str) -> Stage:
        """An external worker or a person reports a business error."""
        task = next(t for t in self._open() if t.task_spec.bpmn_id == element)
        return self._act(lambda execution: execution.fail_with_error(task.id, code, ""))

    def send(self, name: str, **values: Any) -> Stage:
        """A message or signal comes from outside to everybody who waits for it."""
        payload = {key: from_python(value) for key, value in values.items()}
        for task in self._waiting("message", "signal"):
            if task.task_spec.node.event.reference == name and task.id in self.execution.tasks:
                self._act(lambda execution, at=task.id: execution.catch(at, payload))
        return self

    def advance(self, **by: float) -> Stage:
        """Time passes; due timers fire, the earliest first."""
        until = self.now + timedelta(**by)
        while due := sorted((at, task.id) for at, task in self.timers() if at <= until):
            self.now = max(self.now, due[0][0])
            self._act(lambda execution: execution.catch(due[0][1], {}))
        self.now = until
        self._act(lambda execution: execution.settle())
        return self

    def go_on(self) -> Stage:
        """All asynchronous steps that wait now."""
        for task in [t for t in self.execution.tasks.values() if "async" in t.internal_data]:
            if task.id in self.execution.tasks:
                self._act(lambda execution, at=task.id: execution.go_on(at))
        return self

    def drive(self, most: int = 60) -> Stage:
        """Whatever waits is answered, one after the other, until nothing does or it is enough."""
        for _ in range(most):
            if self.ended or not self._answer():
                break
        return self

    def _answer(self) -> bool:
        if self.open():
            self.complete(self.open()[0])
        elif self.steps():
            self.go_on()
        elif self.waiting():
            self.send(self.waiting()[0])
        elif self.timers():
            self.advance(seconds=max(self.due()[0].total_seconds(), 1))
        else:
            return False
        return True

    def _act(self, act: Callable[[Execution], object]) -> Stage:
        if self.reloading and not self.execution.completed:
            variables = state.load_variables(state.dump_variables(self.execution))
            blob = state.dump(self.execution)
            process = self.execution.spec
            self.execution = state.load(blob, process, self.host, self.now, variables)
        self.execution.now = self.now
        act(self.execution)
        self._after()
        return self

    def _after(self) -> None:
        journal = self.execution.journal
        self.thrown += journal.thrown
        journal.thrown.clear()
        self.entered += [visit.element_id for visit in journal.visits.values() if visit.opened_now]
        journal.visits.clear()

    def steps(self) -> int:
        """How many asynchronous steps wait."""
        return sum("async" in task.internal_data for task in self.execution.tasks.values())

    # what there is to see -------------------------------------------------------------

    def open(self) -> list[str]:
        """Elements of the user and external tasks that wait, sorted."""
        return sorted(task.task_spec.bpmn_id for task in self._open())

    def _open(self) -> list[Task]:
        return [task for task in self.execution.tasks.values() if _is_open(task)]

    def waiting(self) -> list[str]:
        """Names of the messages and signals that are waited for, sorted."""
        found = self._waiting("message", "signal")
        return sorted(task.task_spec.node.event.reference for task in found)

    def _waiting(self, *kinds: str) -> list[Task]:
        return [
            task
            for task in self.execution.tasks.values()
            if task.state == TaskState.WAITING
            and "async" not in task.internal_data
            and task.task_spec.node.event is not None
            and task.task_spec.node.event.kind in kinds
        ]

    def timers(self) -> list[tuple[datetime, Task]]:
        """Armed timers that will fire."""
        found = []
        for task in self.execution.tasks.values():
            due = task.internal_data.get("timer", [None])[0]
            if task.state == TaskState.WAITING and due is not None:
                found.append((datetime.fromisoformat(due), task))
        return found

    def due(self) -> list[timedelta]:
        """How long from now the armed timers fire, sorted."""
        return sorted(at - self.now for at, _ in self.timers())

    @property
    def ended(self) -> bool:
        return bool(self.execution.completed)

    @property
    def variables(self) -> dict[str, Any]:
        found = self.execution.task_tree.data
        return {name: to_python(value) for name, value in found.items()}

    def size(self) -> int:
        """Bytes that the instance weighs between two steps."""
        return len(state.dump(self.execution))


def _is_open(task: Task) -> bool:
    if isinstance(task.task_spec, UserTask):
        return bool(task.state == TaskState.READY)
    return isinstance(task.task_spec, ServiceTask) and task.state == TaskState.STARTED

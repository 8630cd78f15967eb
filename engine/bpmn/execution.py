"""One running instance in memory: SpiffWorkflow's workflow with our agenda and our tree.

The tree of tasks is the tree of scopes: a task's parent is what it stands in, not what came before
it. Finished tasks are gone (history is rows), so a turn of a loop costs the same the first and the
thousandth time. Read, run to the next wait state, write, throw away: never kept between verbs.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import uuid4

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState
from SpiffWorkflow.workflow import Workflow

from engine.bpmn import placing, propagation, variables
from engine.bpmn.elements.base import Element
from engine.bpmn.elements.gateways import InclusiveGateway
from engine.bpmn.expressions import Prepared, PreparedValue
from engine.bpmn.faults import Fault
from engine.bpmn.journal import ArmedTimer, AsyncStep, ComputedPeriod, Journal, Retry, Visit
from engine.bpmn.model import Node
from engine.bpmn.process import ProcessSpec
from engine.bpmn.timers import Schedule, parse_retry, schedule
from engine.errors import LiandongError
from engine.feel import encode, to_python

MOST_STEPS = 20_000
"""Automatic steps in one run; more is an endless loop."""
MOST_DEEP = 150
"""Scopes inside one another, called processes included; more is a process that calls itself."""


class Host(Protocol):
    """What an execution asks of the engine around it."""

    computed: list[ComputedPeriod]
    """Filled by the FEEL function due() while an expression is evaluated."""

    def functions(self) -> Mapping[str, Any]:
        """Names every expression may use besides the variables."""

    def topic(self, name: str) -> Any:
        """The built-in topic of that name, or None: an external worker answers it."""

    def called_process(self, key: str, node: Node) -> ProcessSpec:
        """The process a call activity names, in the version its binding asks for."""

    def process(self, definition_id: str) -> ProcessSpec:
        """A process by definition id."""

    def decide(
        self, reference: str, context: Mapping[str, Any], node: Node, definition_id: str
    ) -> list[dict[str, Any]]:
        """Rows of results of a decision: one per matched rule.

        `definition_id`: of the process the element stands in; a called one has its own decisions.
        """


class Execution(Workflow):  # type: ignore[misc]
    """An instance being run. Any `Fault` leaves it useless: throw it away, roll back."""

    def __init__(self, process: ProcessSpec, host: Host, now: datetime, root_id: str) -> None:
        super().__init__(process, deserializing=True)
        self.host = host
        self.now = now
        self.journal = Journal()
        self.agenda: deque[Task] = deque()
        self.perhaps_empty: deque[Task] = deque()
        """Scopes that something has left: a queue, so that nested ends need no deep stack."""
        self.watches_conditions = False
        """A conditional event waits: after every step its condition may have become true."""
        self.task_tree = Task(self, process.root, state=TaskState.STARTED, id=root_id)

    # what the verbs call --------------------------------------------------------------

    def start(self, start_event: str | None, values: Mapping[str, Any]) -> None:
        """Begin at the named start event, or at the plain one(s), and run to a wait state."""
        process: ProcessSpec = self.spec
        if start_event is None:
            self.task_tree.data.update(values)
        payload = dict(values) if start_event else None
        self.start_container(self.task_tree, process, process.model.id, start_event, payload)
        self.settle()

    def start_at(self, elements: Sequence[str], values: Mapping[str, Any]) -> None:
        """Begin in the middle, with a token at each of these elements."""
        process: ProcessSpec = self.spec
        self.task_tree.data.update(values)
        placing.place(self, self.task_tree, process, process.model.id, elements)
        self.settle()

    def complete(self, task_id: str, values: Mapping[str, Any]) -> None:
        """A user task or external task is done; its values become variables."""
        task = self.tasks[task_id]
        for name, value in values.items():
            self.assign_result(task, name, value, bool(task.task_spec.outputs_))
        self._guarded(task, task.run if task.state == TaskState.READY else task.complete)
        self.settle()

    def fail_with_error(self, task_id: str, code: str, message: str) -> None:
        """An external task reports a business error."""
        self.throw_error(self.tasks[task_id], code, message)
        self.settle()

    def catch(self, task_id: str, payload: Mapping[str, Any]) -> None:
        """The timer, message or signal that this task waits for has come."""
        task = self.tasks[task_id]
        self._guarded(task, lambda: task.task_spec.caught(task, dict(payload)))
        self.settle()

    def go_on(self, task_id: str) -> None:
        """An asynchronous continuation is due."""
        task = self.tasks[task_id]
        step = task.internal_data.pop("async")
        task._set_state(TaskState.FUTURE if step == "before" else TaskState.COMPLETED)
        go = task.task_spec.begin if step == "before" else task.task_spec.leave
        self._guarded(task, lambda: go(task))
        self.settle()

    def cancel_all(self) -> None:
        """End everything, as a cancelled instance."""
        self.agenda.clear()
        for child in list(self.task_tree.children):
            self.discard(child, "cancelled")
        self.finish()

    def waits_for(self, task_id: str) -> bool:
        """Whether the task is still there and waiting; what has come waits for its step alone."""
        task = self.tasks.get(task_id)
        if task is None or "async" in task.internal_data:
            return False
        return task.state in (TaskState.WAITING, TaskState.READY, TaskState.STARTED)

    def waits_to_go_on(self, task_id: str) -> bool:
        """Whether an asynchronous step of the task is still to be done."""
        return task_id in self.tasks and "async" in self.tasks[task_id].internal_data

    @property
    def has_timers(self) -> bool:
        """Whether any timer is armed: only then a job can be due."""
        return any("timer" in task.internal_data for task in self.tasks.values())

    # running --------------------------------------------------------------------------

    def schedule(self, task: Task) -> None:
        """An automatic task is ready."""
        self.agenda.append(task)

    def settle(self) -> None:
        """Run whatever can run; ends in a wait state or with the instance's end."""
        for _ in range(MOST_STEPS):
            self._end_empty_scopes()
            if not self.agenda:
                self._reconsider_joins()
            if self.watches_conditions:
                propagation.check_conditions(self)
            if not self.agenda and not self.perhaps_empty:
                return
            if not self.agenda:
                continue
            task = self.agenda.popleft()
            if task.state == TaskState.READY and task.id in self.tasks:
                self._guarded(task, task.run)
        raise Fault("bpmn.endless", element=task.task_spec.node.id, steps=MOST_STEPS)

    def _end_empty_scopes(self) -> None:
        while self.perhaps_empty:
            scope = self.perhaps_empty.popleft()
            if _is_empty(scope) and scope.id in self.tasks and not self.completed:
                self._guarded(scope, lambda at=scope: self._end_scope(at))

    def _guarded(self, task: Task, act: Any) -> None:
        """Whatever goes wrong becomes a Fault that names the element."""
        try:
            act()
        except Fault as fault:
            if fault.element is None:
                fault.element = fault.params["element"] = task.task_spec.bpmn_id
            raise
        except LiandongError as problem:
            where = {**problem.params, "element": task.task_spec.bpmn_id}
            raise Fault(problem.code, **where) from problem

    def _reconsider_joins(self) -> None:
        for task in list(self.tasks.values()):
            if isinstance(task.task_spec, InclusiveGateway) and task.id in self.tasks:
                task.task_spec.reconsider(task)

    # entering and ending --------------------------------------------------------------

    def enter(self, element: Element, scope: Task, **internal: Any) -> Task:
        """A new token at `element` inside `scope`."""
        payload = internal.pop("payload", None)
        task = Task(self, element, scope, state=TaskState.FUTURE, id=uuid4().hex)
        task.internal_data.update(internal)
        if payload and "started_by" in internal:
            task.internal_data["payload"] = {k: encode(v) for k, v in payload.items()}
        elif payload:
            task.data.update(payload)
        self._guarded(task, lambda: element.arrive(task))
        return task

    def start_container(
        self,
        scope: Task,
        process: ProcessSpec,
        container: str,
        start_event: str | None,
        payload: Mapping[str, Any] | None,
    ) -> None:
        """Begin what is drawn in a process or sub-process, in the scope of `scope`."""
        if sum(1 for _ in self.enclosing(scope)) > MOST_DEEP:
            raise Fault("bpmn.too_deep", element=scope.task_spec.bpmn_id, limit=MOST_DEEP)
        for listener in process.listeners.get(container, ()):
            self.enter(listener, scope)
        if start_event is not None:
            self.enter(process.elements[start_event], scope, payload=payload)
            return
        starts = process.starts(container)
        if not starts and process.model.has_content(container):
            raise Fault("bpmn.no_plain_start", element=scope.task_spec.bpmn_id, called=container)
        for element in starts:
            self.enter(element, scope)
        self.check_scope(scope)

    def opened(self, task: Task) -> None:
        """Note a visit; a border or listener that merely waits is none."""
        spec = task.task_spec
        if spec.listens or task.internal_data.get("host"):
            return
        self.journal.visits[task.id] = Visit(
            task.id,
            spec.process.definition_id,
            spec.bpmn_id,
            spec.node.kind,
            spec.node.name,
            opened_now=True,
            flow=task.internal_data.get("flow"),
        )

    def discard(self, task: Task, how: str) -> None:
        """End a task and everything in it; its borders stop watching."""
        if task.id not in self.tasks:
            return
        for child in list(task.children):
            self.discard(child, "cancelled")
        for border in [c for c in task.parent.children if c.internal_data.get("host") == task.id]:
            self.discard(border, "cancelled")
        self._closed(task, how)
        task._set_state(TaskState.COMPLETED if how == "completed" else TaskState.CANCELLED)
        self._remove_task(task.id)

    def _closed(self, task: Task, how: str) -> None:
        spec = task.task_spec
        visit = self.journal.visits.get(task.id)
        if visit is None:
            node = spec.node
            visit = Visit(
                task.id, spec.process.definition_id, spec.bpmn_id, node.kind, node.name, False
            )
            visit.watched = spec.listens or bool(task.internal_data.get("host"))
            visit.event = node.event.kind if node.event is not None else None
            self.journal.visits[task.id] = visit
        visit.ended = how
        meets = spec.properties.get("legal.meets")
        if meets and how == "completed":
            ids = tuple(part.strip() for part in meets.split(","))
            self.journal.met.append((task.id, ids))

    def check_scope(self, scope: Task) -> None:
        """A scope in which only listeners are left ends, once the step under way is over."""
        self.perhaps_empty.append(scope)

    def _end_scope(self, scope: Task) -> None:
        for listener in list(scope.children):
            self.discard(listener, "cancelled")
        scope.task_spec.emptied(scope)

    def terminate(self, task: Task) -> None:
        """A terminate end event: nothing in its scope goes on, or in what Flowable names."""
        scope = self._terminated(task)
        self.discard(task, "completed")
        for child in list(scope.children):
            self.discard(child, "cancelled")
        if getattr(scope.task_spec, "repeats", False):
            scope.task_spec.finish(scope)
        else:
            self.check_scope(scope)

    def _terminated(self, task: Task) -> Task:
        reach = task.task_spec.node.event.terminates
        if reach == "all":
            return self.task_tree
        bodies = (t for t in self.enclosing(task) if getattr(t.task_spec, "repeats", False))
        return next(bodies, task.parent) if reach == "instances" else task.parent

    def finish(self) -> None:
        """The root scope is empty."""
        self.completed = True
        self.journal.finished = True

    # waiting --------------------------------------------------------------------------

    def waits_before(self, task: Task) -> bool:
        """camunda:asyncBefore."""
        return self._waits(task, "before")

    def waits_after(self, task: Task) -> bool:
        """camunda:asyncAfter."""
        return self._waits(task, "after")

    def _waits(self, task: Task, step: str) -> bool:
        node = task.task_spec.node
        if task.internal_data.get("host") or task.task_spec.listens or task.id not in self.tasks:
            return False
        if not _is_async(node, step, task.internal_data.get("turn") is not None):
            return False
        task._set_state(TaskState.WAITING)
        task.internal_data["async"] = step
        self.journal.async_steps.append(AsyncStep(task.id, node.id, _retry(node)))
        return True

    def arm(self, task: Task) -> None:
        """Compute the absolute due instant of a timer, once."""
        spec, event = task.task_spec, task.task_spec.node.event
        self.host.computed.clear()
        value = self.evaluate(task, spec.timer, spec.node)
        plan = schedule(event.timer_kind, to_python(value), self.now)
        self._armed(task, plan)

    def rearm(self, task: Task) -> bool:
        """Whether a waiting event stays after it came: cycles do, and all but timers."""
        if task.task_spec.node.event.kind != "timer":
            return True
        following = _stored_schedule(task).next()
        if following is None:
            return False
        self.host.computed.clear()
        self._armed(task, following)
        return True

    def _armed(self, task: Task, plan: Schedule) -> None:
        task.internal_data["timer"] = [
            plan.due.isoformat() if plan.due else None,
            plan.every,
            plan.left,
            plan.until.isoformat() if plan.until else None,
        ]
        spec = task.task_spec
        duty = self.tasks.get(task.internal_data.get("host") or "")
        legal = spec.properties.get("legal.period", "")
        armed = ArmedTimer(
            task_id=task.id,
            definition_id=spec.process.definition_id,
            element_id=spec.bpmn_id,
            due_at=plan.due,
            duty_element_id=duty.task_spec.bpmn_id if duty is not None else None,
            duty_task_id=duty.id if duty is not None else None,
            periods=tuple(self.host.computed),
            legal_periods=tuple(p.strip() for p in legal.split(",") if p.strip()),
            clause=spec.properties.get("legal.clause", ""),
            retry=_retry(spec.node),
        )
        self.journal.timers.append(armed)

    def lose_race(self, winner: Task, race: str) -> None:
        """The other events of an event-based gateway have lost."""
        winner.internal_data["race"] = None
        for other in list(winner.parent.children):
            if other.internal_data.get("race") == race:
                self.discard(other, "cancelled")

    # events inside --------------------------------------------------------------------

    def throw_error(self, task: Task, code: str, message: str = "") -> None:
        """An error goes to the nearest that catches it; see `propagation`."""
        propagation.throw_error(self, task, code, message)

    def enclosing(self, task: Task, itself: bool = False) -> Iterator[Task]:
        """What the task stands in, innermost first."""
        current = task if itself else task.parent
        while current is not None:
            yield current
            current = current.parent

    # expressions ----------------------------------------------------------------------

    def evaluate(self, task: Task, prepared: Prepared, node: Node, **where: Any) -> Any:
        """A prepared expression on the variables visible at `task`."""
        context = variables.visible(task, self.host.functions())
        return prepared.evaluate(context, self.now, node, **where)

    def holds(self, task: Task, prepared: Prepared, node: Node, **where: Any) -> bool:
        """Whether a condition is true. Raises `Fault` where it is neither true nor false (D2)."""
        found = self.evaluate(task, prepared, node, **where)
        if isinstance(found, bool):
            return found
        raise Fault(
            "bpmn.condition_not_boolean",
            element=node.id,
            name=node.label,
            condition=prepared.text,
            found=None if found is None else type(found).__name__,
            **where,
        )

    def value(
        self,
        task: Task,
        value: PreparedValue,
        node: Node,
        extra: Mapping[str, Any] | None = None,
    ) -> Any:
        """A parameter's value: text, list or map of prepared expressions."""
        context = variables.visible(task, self.host.functions())
        if extra:
            context = {**context, **extra}
        return value.evaluate(context, self.now, node)

    def instant(self, task: Task, prepared: Prepared | None, node: Node) -> datetime | None:
        """An evaluated date or date-time, or the end of an ISO duration from now."""
        if prepared is None:
            return None
        found = to_python(self.evaluate(task, prepared, node))
        if isinstance(found, str) and found.startswith("P"):
            return schedule("timeDuration", found, self.now).due
        return schedule("timeDate", found, self.now).due if found != "" else None

    def assign_result(self, task: Task, name: str, value: Any, stays_local: bool) -> None:
        """A result: local where outputs are mapped from it, else a variable of the process."""
        if stays_local:
            task.data[name] = value
        else:
            variables.assign(task.parent, name, value)

    def decide(self, task: Task, reference: str, mapping: str, node: Node) -> Any:
        """A decision's result in the shape camunda:mapDecisionResult asks for."""
        home = task.task_spec.process.definition_id
        rows = self.host.decide(reference, variables.visible(task), node, home)
        if mapping == "singleEntry":
            return next(iter(rows[0].values()), None) if rows else None
        if mapping == "singleResult":
            return rows[0] if rows else None
        if mapping == "collectEntries":
            return [next(iter(row.values()), None) for row in rows]
        return rows


def _is_async(node: Node, step: str, is_turn: bool) -> bool:
    """What the activity says of itself as a whole, and its characteristics of each turn."""
    if is_turn:
        loop = node.loop
        return loop is not None and (loop.async_before if step == "before" else loop.async_after)
    if step == "before":
        return "true" in (node.camunda.get("asyncBefore"), node.camunda.get("async"))
    return node.camunda.get("asyncAfter") == "true"


def _retry(node: Node) -> Retry | None:
    return Retry(*parse_retry(node.retry)) if node.retry else None


def _is_empty(scope: Task) -> bool:
    return all(child.task_spec.listens for child in scope.children)


def _stored_schedule(task: Task) -> Schedule:
    due, every, left, *end = task.internal_data["timer"]
    until = datetime.fromisoformat(end[0]) if end and end[0] else None
    return Schedule(datetime.fromisoformat(due) if due else None, every, left, until)

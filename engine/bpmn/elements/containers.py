"""Elements that others stand in: sub-processes, call activities, repeated activities."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from SpiffWorkflow.task import Task

from engine.bpmn import placing, variables
from engine.bpmn.elements.base import Element
from engine.bpmn.expressions import Prepared, PreparedValue
from engine.bpmn.faults import Fault
from engine.feel import decode, encode, from_python

MOST_TURNS = 1_000
"""More repetitions of one activity at a time are an analyst's slip, not a wish."""


class SubProcess(Element):
    """An embedded sub-process: a scope that ends when nothing is left in it."""

    def _run_hook(self, task: Task) -> None:
        placed = task.internal_data.pop("begin_at", None)
        if placed:
            placing.place(task.workflow, task, self.process, self.node.id, placed)
            return
        start = task.internal_data.get("started_by")
        stored = task.internal_data.pop("payload", None)
        payload = {name: decode(value) for name, value in (stored or {}).items()}
        task.workflow.start_container(task, self.process, self.node.id, start, payload)

    def emptied(self, scope: Task) -> None:
        scope.complete()


@dataclass(frozen=True, slots=True)
class Mapped:
    """A `camunda:in` or `camunda:out`, prepared; without source and expression: everything."""

    source: str | None
    expression: PreparedValue | None
    target: str | None
    local: bool
    """Only what stands in the activity itself, not what is seen around it."""


class CallActivity(Element):
    """Another process of the same agency, run inside; it sees only what is mapped in."""

    called: Prepared | None = None
    mapped_in: list[Mapped]
    mapped_out: list[Mapped]

    def _run_hook(self, task: Task) -> None:
        execution = task.workflow
        key = str(execution.evaluate(task, self.called, self.node))
        callee = execution.host.called_process(key, self.node)
        given = self._mapped(task, self.mapped_in)
        task.internal_data["own"] = {name: encode(value) for name, value in task.data.items()}
        task.internal_data["callee"] = callee.definition_id
        task.data = given
        execution.start_container(task, callee, callee.model.id, None, None)

    def _mapped(self, task: Task, mappings: list[Mapped]) -> dict[str, Any]:
        """What `camunda:in` or `camunda:out` carries from the side that `task` shows now."""
        found: dict[str, Any] = {}
        for mapping in mappings:
            seen = task.data if mapping.local else variables.visible(task)
            if mapping.expression is not None:
                value = task.workflow.value(task, mapping.expression, self.node)
                found[mapping.target or ""] = value
            elif mapping.source is None:
                found.update(seen)
            else:
                found[mapping.target or mapping.source] = seen.get(mapping.source)
        return found

    def emptied(self, scope: Task) -> None:
        """The called process has ended: its variables go, but for what is mapped out."""
        results = self._mapped(scope, self.mapped_out)
        del scope.internal_data["callee"]
        own = scope.internal_data.pop("own")
        scope.data = {name: decode(value) for name, value in own.items()}
        for name, value in results.items():
            variables.assign(scope, name, value)
        scope.complete()


class _Repeated(Element):
    """The body around an activity that is done several times."""

    repeats = True
    inner: Element

    def turn(self, body: Task, index: int, local: dict[str, Any]) -> None:
        """Begin the turn `index` with its local variables."""
        local["loopCounter"] = from_python(index)
        body.workflow.enter(self.inner, body, turn=index, payload=local)

    def collect(self, body: Task, task: Task) -> None:
        """Called before a turn's variables are gone."""

    def turn_done(self, body: Task, task: Task) -> None:
        """A turn has ended."""
        raise NotImplementedError

    def finish(self, body: Task) -> None:
        """End the turns still going, then the body."""
        for child in list(body.children):
            body.workflow.discard(child, "cancelled")
        body.complete()


class MultiInstance(_Repeated):
    """Multi-instance (§13.3.7): over a collection or a number, in parallel or in sequence."""

    collection: Prepared | None = None
    cardinality: Prepared | None = None
    completion: Prepared | None = None
    produced: Prepared | None = None

    def _run_hook(self, task: Task) -> bool | None:
        items = self._items(task)
        if not items:
            self._store(task, [])
            return True
        task.internal_data["results"] = [None] * len(items)
        self._count(task, total=len(items), done=0)
        if self._sequential:
            task.internal_data["items"] = [encode(item) for item in items]
            self._begin(task, 0, items[0])
        else:
            for index, item in enumerate(items):
                self._begin(task, index, item)
        return None

    @property
    def _sequential(self) -> bool:
        return self.node.loop is not None and self.node.loop.kind == "sequential"

    def _items(self, task: Task) -> list[Any]:
        found = self._evaluated(task)
        if len(found) > MOST_TURNS:
            raise Fault(
                "bpmn.too_many_turns", element=self.node.id, found=len(found), limit=MOST_TURNS
            )
        return found

    def _evaluated(self, task: Task) -> list[Any]:
        execution = task.workflow
        if self.collection is not None:
            found = execution.evaluate(task, self.collection, self.node)
            if not isinstance(found, list):
                raise Fault(
                    "bpmn.no_collection", element=self.node.id, collection=self.collection.text
                )
            return list(found)
        number = execution.evaluate(task, self.cardinality, self.node)
        if not isinstance(number, Decimal) or number < 0 or number != int(number):
            raise Fault("bpmn.bad_cardinality", element=self.node.id, found=str(number))
        return [None] * min(int(number), MOST_TURNS + 1)

    def _begin(self, body: Task, index: int, item: Any) -> None:
        loop = self.node.loop
        local = {loop.element_variable: item} if loop and loop.element_variable else {}
        self.turn(body, index, local)

    def _count(self, body: Task, total: int, done: int) -> None:
        active = min(1, total - done) if self._sequential else total - done
        numbers = {
            "nrOfInstances": total,
            "nrOfCompletedInstances": done,
            "nrOfActiveInstances": active,
        }
        body.data.update({name: from_python(n) for name, n in numbers.items()})

    def collect(self, body: Task, task: Task) -> None:
        if self.produced is not None:
            found = body.workflow.evaluate(task, self.produced, self.node)
            body.internal_data["results"][task.internal_data["turn"]] = [encode(found)]

    def turn_done(self, body: Task, task: Task) -> None:
        total = len(body.internal_data["results"])
        done = int(body.data["nrOfCompletedInstances"]) + 1
        self._count(body, total, done)
        if done == total or self._complete_enough(body):
            results = [decode(r[0]) for r in body.internal_data["results"] if r is not None]
            self._store(body, results)
            self.finish(body)
        elif self._sequential:
            index = task.internal_data["turn"] + 1
            self._begin(body, index, decode(body.internal_data["items"][index]))

    def _complete_enough(self, body: Task) -> bool:
        if self.completion is None:
            return False
        return bool(body.workflow.holds(body, self.completion, self.node))

    def _store(self, body: Task, results: list[Any]) -> None:
        name = self.node.loop.output_collection if self.node.loop else None
        if name:
            variables.assign(body.parent, name, results)


class StandardLoop(_Repeated):
    """Again while the condition holds (§13.3.6)."""

    condition: Prepared | None = None

    def _run_hook(self, task: Task) -> bool | None:
        task.internal_data["turns"] = 0
        loop = self.node.loop
        if loop is not None and loop.test_before and not self._again(task):
            return True
        self.turn(task, 0, {})
        return None

    def turn_done(self, body: Task, task: Task) -> None:
        body.internal_data["turns"] += 1
        if self._again(body):
            self.turn(body, body.internal_data["turns"], {})
        else:
            self.finish(body)

    def _again(self, body: Task) -> bool:
        maximum = self.node.loop.maximum if self.node.loop else None
        if maximum is not None and body.internal_data["turns"] >= maximum:
            return False
        if self.condition is None:
            return maximum is not None
        return bool(body.workflow.holds(body, self.condition, self.node))

"""Any order of verbs, on any number of instances: rows say what a simple model says, always.

The model knows a set of places for each instance and nothing of engines. Hypothesis looks for an
order of acts after which the two differ, and shows the shortest. `make faults` tries 1,000 orders
of 50 acts; the seed is printed, and `--hypothesis-seed` repeats a run.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from engine import correlation, external_tasks, instance_variables, instances, user_tasks
from engine.errors import Conflict, LiandongError, Refusal
from engine.store.database import Database
from engine.store.models import (
    AuditRow,
    Base,
    ExternalTask,
    Job,
    ProcessInstance,
    Subscription,
    UserTask,
)
from tests.engine.bpmn.pieces import NAMED, catch, end, gateway, message, start
from tests.engine.drawing import border, element, flows, process, timer, user
from tests.engine.house import House
from tests.faults.extent import FULL

EXAMPLES = 1_000 if FULL else 12
STEPS = 50
SEED = 20261120
LIMIT = timedelta(hours=1)
REASON = "协作请求有变"
SUPERVISOR = "president"
SOURCE = process(
    "p",
    start() + gateway("parallel", "x") + user("a") + border("t", "a", timer("timeDuration", "PT1H"))
    + gateway("exclusive", "o") + catch("m", message()) + user("b")
    + element("serviceTask", "w", camunda_type="external", camunda_topic="weigh")
    + gateway("parallel", "j") + user("c") + end(),
    flows(
        "s -> x -> a -> o -> j", "t -> o", "x -> m -> b -> j", "x -> w -> j", "j -> c -> e",
    ),
    around=NAMED,
)  # fmt: skip
TASKS = frozenset("abc")
JOINED = frozenset({"from o", "from b", "from w"})
"""Tokens that wait at the join."""


@dataclass
class Model:
    """What one instance should be."""

    due: datetime
    state: str = "active"
    places: set[str] = field(default_factory=lambda: {"a", "m", "w"})
    completed: list[str] = field(default_factory=list)

    def leave(self, place: str) -> None:
        """The one at `place` is done, whoever did it."""
        self.places.remove(place)
        self.places |= {{"a": "from o", "m": "b", "b": "from b", "w": "from w"}.get(place, "ended")}
        if self.places >= JOINED:
            self.places = {"c"}
        if "ended" in self.places:
            self.end("completed")

    def end(self, how: str) -> None:
        self.state, self.places = how, set()

    def expire(self, now: datetime) -> None:
        """The limit of the first task has come."""
        if self.state == "active" and "a" in self.places and self.due <= now:
            self.leave("a")


class Verbs(RuleBasedStateMachine):
    """Every rule does one act to the engine and to the model, and expects the same answer."""

    house: House
    known = Bundle("known")

    def __init__(self) -> None:
        super().__init__()
        self.models: dict[str, Model] = {}

    def teardown(self) -> None:
        """What this order of acts leaves behind is nobody's any more."""
        for id, model in self.models.items():
            if model.state in ("active", "suspended"):
                instances.cancel_instance(self.house.engine, "system", id, REASON)

    # acts -----------------------------------------------------------------------------

    @rule(target=known, number=st.integers(1, 2))
    def begin(self, number: int) -> Any:
        started = [self.house.start("p") for _ in range(number)]
        due = self.house.clock.now() + LIMIT
        self.models |= {id: Model(due) for id in started}
        return multiple(*started)

    @rule(id=known, place=st.sampled_from("abc"), twice=st.booleans())
    def complete(self, id: str, place: str, twice: bool) -> None:
        """A form is sent, perhaps again with its key, perhaps though the task is long closed."""
        task = self._task(id, place)
        if task is None:
            return
        model, key = self.models[id], f"{task.id}-{len(self.models[id].completed)}"
        call = lambda: user_tasks.complete_user_task(  # noqa: E731
            self.house.engine, "handler", task.id, {}, idempotency_key=key
        )
        if self._expect(model.state == "active" and place in model.places, call):
            model.leave(place)
            model.completed.append(place)
            if twice:
                call()

    @rule(id=known, place=st.sampled_from("abc"), claim=st.booleans())
    def hand_round(self, id: str, place: str, claim: bool) -> None:
        """Given back, or taken again: never changes what waits."""
        task = self._task(id, place)
        if task is not None:
            verb = user_tasks.claim_user_task if claim else user_tasks.unclaim_user_task
            self._try(lambda: verb(self.house.engine, "handler", task.id))

    @rule(id=known)
    def send(self, id: str) -> None:
        model, search = self.models[id], correlation.Search(instance_id=id)
        call = lambda: correlation.correlate_message(self.house.engine, SUPERVISOR, "m", search)  # noqa: E731
        if self._expect(model.state == "active" and "m" in model.places, call):
            model.leave("m")

    @rule(id=known)
    def work(self, id: str) -> None:
        task = self._one(ExternalTask, id, ExternalTask.element_id == "w")
        if task is None:
            return
        engine, model = self.house.engine, self.models[id]
        if model.state == "active" and "w" in model.places:
            external_tasks.lock_external_task(engine, "system", task.id, "w1", timedelta(minutes=5))
        call = lambda: external_tasks.complete_external_task(engine, "system", task.id, "w1")  # noqa: E731
        if self._expect(model.state == "active" and "w" in model.places, call):
            model.leave("w")

    @rule(id=known, value=st.integers(0, 9))
    def change(self, id: str, value: int) -> None:
        call = lambda: instance_variables.change_variables(  # noqa: E731
            self.house.engine, "system", id, {"n": value}
        )
        self._expect(self.models[id].state == "active", call)

    @rule(id=known)
    def suspend(self, id: str) -> None:
        if self._expect(self.models[id].state == "active", self._stepping_in("suspend", id)):
            self.models[id].state = "suspended"

    @rule(id=known)
    def resume(self, id: str) -> None:
        if self._expect(self.models[id].state == "suspended", self._stepping_in("resume", id)):
            self.models[id].state = "active"
            self._look()

    @rule(id=known)
    def cancel(self, id: str) -> None:
        alive = self.models[id].state in ("active", "suspended")
        if self._expect(alive, self._stepping_in("cancel", id)):
            self.models[id].end("cancelled")

    @rule(minutes=st.integers(1, 90))
    def wait(self, minutes: int) -> None:
        self.house.clock.advance(timedelta(minutes=minutes))
        self._look()

    # what must hold -------------------------------------------------------------------

    @invariant()
    def rows_say_what_the_model_says(self) -> None:
        """In few statements for all instances: this runs after every act."""
        rows = {row.id: row for row in self._all(ProcessInstance, ProcessInstance.id)}
        tasks = self._places(UserTask, UserTask.state == "open")
        work = self._places(ExternalTask, ExternalTask.state == "open")
        timers = self._places(Job, Job.state == "waiting")
        waits = self._places(Subscription)
        for id, model in self.models.items():
            assert rows[id].state == model.state
            assert (rows[id].blob is None) == (model.state not in ("active", "suspended"))
            assert tasks.get(id, []) == sorted(model.places & TASKS)
            assert work.get(id, []) == sorted(model.places & {"w"})
            assert waits.get(id, []) == sorted(model.places & {"m"})
            assert timers.get(id, []) == ["t"] * ("a" in model.places)

    @invariant()
    def every_act_is_on_the_record_once(self) -> None:
        acts = self._all(AuditRow, AuditRow.chain)
        counted = Counter(row.chain for row in acts)
        done = Counter(row.chain for row in acts if row.action == "task.completed")
        for row in self._all(ProcessInstance, ProcessInstance.id):
            assert counted[row.id] == row.audit_count
            assert done[row.id] == len(self.models[row.id].completed)

    # ----------------------------------------------------------------------------------

    def _look(self) -> None:
        self.house.tick()
        for model in self.models.values():
            model.expire(self.house.clock.now())

    def _stepping_in(self, how: str, id: str) -> Callable[[], Any]:
        verb = getattr(instances, f"{how}_instance")
        return lambda: verb(self.house.engine, "system", id, REASON)

    def _expect(self, allowed: bool, call: Callable[[], Any]) -> bool:
        """Do it; that it is refused where it must be."""
        if allowed:
            call()
        else:
            with pytest.raises((Conflict, Refusal)):
                call()
        return allowed

    def _try(self, call: Callable[[], Any]) -> None:
        try:
            call()
        except LiandongError as refusal:
            assert refusal.code.startswith(("task.", "instance."))

    def _task(self, id: str, place: str) -> Any:
        return self._one(UserTask, id, UserTask.element_id == place)

    def _one(self, model: Any, id: str, *conditions: Any) -> Any:
        found = self.house.rows(select(model).where(model.instance_id == id, *conditions))
        return found[0] if found else None

    def _all(self, model: Any, of: Any, *conditions: Any) -> list[Any]:
        """Rows of the instances that this order of acts is about."""
        query = select(model).where(of.in_(self.models), *conditions)
        if model is ProcessInstance:
            query = query.options(undefer(ProcessInstance.blob))
        return self.house.rows(query)

    def _places(self, model: Any, *conditions: Any) -> dict[str, list[str]]:
        """Instance → elements of its rows, sorted."""
        found: dict[str, list[str]] = {}
        for row in self._all(model, model.instance_id, *conditions):
            found.setdefault(row.instance_id, []).append(row.element_id)
        return {id: sorted(elements) for id, elements in found.items()}


@pytest.mark.timeout(1800)
def test_any_order_of_verbs_leaves_what_a_simple_model_says(figure: Callable[[str], None]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/liandong.db")
        Base.metadata.create_all(database.writer)
        Verbs.house = House(database)
        Verbs.house.deploy("p", SOURCE)
        few = settings(
            max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, database=None,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        run_state_machine_as_test(seed(SEED)(Verbs), settings=few)
        (acts,) = Verbs.house.rows(select(func.count()).select_from(AuditRow))
        (lives,) = Verbs.house.rows(select(func.count()).select_from(ProcessInstance))
        database.close()
    figure(f"{EXAMPLES} × {STEPS} acts, {lives} instances, {acts} on the record, seed {SEED}")
    assert lives

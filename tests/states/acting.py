"""Brings instances to their wait states, and on to their end, by nothing but verbs."""

from datetime import timedelta

from sqlalchemy import select

from engine import correlation, external_tasks, instance_variables, jobs, signals, user_tasks
from engine.external_tasks import Wanted
from engine.store.models import (
    Activity,
    ExternalTask,
    Job,
    ProcessInstance,
    Subscription,
    UserTask,
)
from tests.engine.house import House
from tests.states.waits import HALF_DONE, SOURCES

SUPERVISOR = "president"
MOST = 40
"""Acts until an instance must have ended."""


def bring_about(house: House) -> None:
    """Deploy and start every diagram."""
    for name, source in SOURCES.items():
        house.deploy(name, source, also_known=SOURCES)
    started = {name: house.start(name) for name in SOURCES}
    for name in HALF_DONE:
        _complete_one(house, started[name])
    _lock(house)


def _lock(house: House) -> None:
    """One external task is in a worker's hands."""
    wanted = [Wanted("weigh", timedelta(minutes=5), processes=("external_task_locked",))]
    external_tasks.fetch_and_lock(house.engine, "system", "worker", wanted)


def finish(house: House, instance_id: str) -> list[str]:
    """Do whatever waits, one after the other; the elements completed, sorted, with repetitions."""
    for _ in range(MOST):
        if house.instance(instance_id).state != "active":
            return house.passed(instance_id)
        _act(house, instance_id)
    raise AssertionError(f"{house.instance(instance_id).process_key} does not end")


def _act(house: House, instance_id: str) -> None:
    """Somebody from outside first, then time, then people: so that nothing is left out."""
    for attempt in (_go_on, _work, _send, _wait, _complete_one, _make_true):
        if attempt(house, instance_id):
            return
    raise AssertionError(f"{house.instance(instance_id).process_key} waits for nothing")


def _go_on(house: House, instance_id: str) -> bool:
    steps = select(Job.id).where(Job.instance_id == instance_id, Job.kind == "async")
    return bool(house.rows(steps.where(Job.state == "waiting"))) and jobs.drain(house.engine) > 0


def _work(house: House, instance_id: str) -> bool:
    open_ones = select(ExternalTask).where(ExternalTask.instance_id == instance_id)
    for task in house.rows(open_ones.where(ExternalTask.state == "open")):
        if task.worker_id is None:
            wanted = [Wanted(task.topic, timedelta(minutes=5))]
            external_tasks.fetch_and_lock(house.engine, "system", "worker", wanted)
        external_tasks.complete_external_task(house.engine, "system", task.id, "worker", {})
        return True
    return False


def _send(house: House, instance_id: str) -> bool:
    """What a border waits for would come again and again: once is enough."""
    waiting = select(Subscription).where(Subscription.instance_id == instance_id)
    for one in house.rows(waiting.order_by(Subscription.id)):
        if one.element_id in house.passed(instance_id):
            continue
        if one.kind == "message":
            search = correlation.Search(instance_id=instance_id)
            correlation.correlate_message(house.engine, SUPERVISOR, one.name, search)
        else:
            signals.throw_signal(house.engine, SUPERVISOR, one.name, None, instance_id)
            jobs.drain(house.engine)
        return True
    return False


def _complete_one(house: House, instance_id: str) -> bool:
    query = select(UserTask).where(UserTask.instance_id == instance_id, UserTask.state == "open")
    tasks = house.rows(query.order_by(UserTask.element_id, UserTask.id))
    if tasks:
        late = {"overdue_reason": "交接材料补正后方才齐备。"}
        user_tasks.complete_user_task(house.engine, "handler", tasks[0].id, late)
    return bool(tasks)


def _make_true(house: House, instance_id: str) -> bool:
    query = select(Activity.id).where(
        Activity.instance_id == instance_id, Activity.state == "active"
    )
    conditional = house.rows(query.where(Activity.element_id == "c"))
    if conditional:
        instance_variables.change_variables(house.engine, "system", instance_id, {"n": 2})
    return bool(conditional)


def _wait(house: House, instance_id: str) -> bool:
    query = select(Job.due_at).where(Job.instance_id == instance_id, Job.state == "waiting")
    due = min(house.rows(query.where(Job.kind == "timer")), default=None)
    if due is not None:
        house.clock.set(max(due, house.clock.now()))
        jobs.drain(house.engine)
    return due is not None


def finish_all(house: House) -> dict[str, list[str]]:
    """Wait state → what its instance passed; one after the other, since time passes for all."""
    waiting = {row.process_key: row.id for row in house.rows(select(ProcessInstance))}
    return {name: finish(house, waiting[name]) for name in sorted(waiting)}

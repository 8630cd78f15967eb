"""Lives of instances, from the start to the last completed task, and what each verb cost."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Text, cast, func, select

from engine.bpmn.yardstick import BareProcess
from engine.instances import start_process
from engine.store.database import Database
from engine.store.models import ProcessInstance, UserTask
from engine.store.statements import count_statements
from engine.user_tasks import complete_user_task
from web.bench.diagrams import Sample
from web.bench.ground import Ground

R = TypeVar("R")


@dataclass(slots=True)
class Life:
    """One number for the start, one for every completed task, in the order they came."""

    start: float = 0.0
    completions: list[float] = field(default_factory=list)
    state_bytes: list[int] = field(default_factory=list)
    """Of every wait state: tasks and variables."""


def milliseconds(work: Callable[[], R]) -> tuple[float, R]:
    """CPU time of this process while `work` runs, its threads and its system calls included."""
    begun = time.process_time()
    found = work()
    return (time.process_time() - begun) * 1000, found


def statements(database: Database, work: Callable[[], R]) -> tuple[float, R]:
    """SQL statements while `work` runs; BEGIN and COMMIT are not counted."""
    with count_statements(database) as seen:
        found = work()
    return seen.count, found


def live(ground: Ground, sample: Sample) -> Life:
    """Start an instance and complete its tasks until none is left: CPU milliseconds."""
    return _live(ground, sample, milliseconds, look=False)


def live_counted(ground: Ground, sample: Sample) -> Life:
    """The same: SQL statements, and the size of every state."""
    return _live(ground, sample, partial(statements, ground.engine.database), look=True)


def _live(ground: Ground, sample: Sample, cost: Callable[..., Any], look: bool) -> Life:
    life = Life()
    engine, officer, answers = ground.engine, ground.officer, sample.answers
    life.start, begun = cost(lambda: start_process(engine, officer, sample.key, answers))
    task = begun.next_task_id
    while task is not None:
        if look:
            life.state_bytes.append(_state_bytes(ground, begun.instance_id))
        spent, done = cost(lambda task=task: complete_user_task(engine, officer, task, answers))
        life.completions.append(spent)
        task = done.next_task_id or _open_task(ground, begun.instance_id)
    return life


def live_bare(sample: Sample, bare: BareProcess) -> Life:
    """The same life by SpiffWorkflow alone."""
    life = Life()
    life.start, saved = milliseconds(lambda: bare.start(sample.variables))
    while not saved.ended:
        life.state_bytes.append(len(saved.text.encode()))
        spent, saved = milliseconds(lambda before=saved: bare.complete(before))
        life.completions.append(spent)
    return life


def _state_bytes(ground: Ground, instance_id: str) -> int:
    variables = func.length(cast(ProcessInstance.variables, Text))
    size = select(func.length(ProcessInstance.blob) + variables)
    with ground.engine.database.read() as session:
        return session.scalar(size.where(ProcessInstance.id == instance_id)) or 0


def _open_task(ground: Ground, instance_id: str) -> str | None:
    """A task that was open before: of the branch beside the one that waits at the join."""
    query = select(UserTask.id).where(UserTask.instance_id == instance_id, UserTask.state == "open")
    with ground.engine.database.read() as session:
        return session.scalars(query).first()

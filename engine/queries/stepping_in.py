"""What a supervisor must know before an act: instance, task and who may have it, limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from engine import directory
from engine.actors import Actor
from engine.errors import NotFound
from engine.ledger import OPEN
from engine.queries import deadlines
from engine.queries.deadlines import DeadlineView
from engine.queries.supervision import overseen
from engine.queries.task_rows import TaskRow, task_rows, tasks
from engine.store.models import (
    Deadline,
    Job,
    Person,
    Post,
    ProcessDefinition,
    ProcessInstance,
    UserTask,
)

if TYPE_CHECKING:
    from engine.engine import Engine


@dataclass(frozen=True, slots=True)
class Situation:
    """An instance and what would stop or go on with it."""

    id: str
    process_name: str
    business_key: str
    case_no: str | None
    state: str
    version: int
    open_tasks: Sequence[str]
    running_limits: Sequence[str]
    """Period ids."""
    waiting_jobs: int
    """Timers and other technical jobs; reminders are not counted."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody the task is addressed to, and how many open tasks he has already."""

    id: str
    name: str
    open_tasks: int


@dataclass(frozen=True, slots=True)
class TaskInHand:
    """A task with its holder's name and everybody who may have it."""

    task: TaskRow
    holder: str | None
    candidates: Sequence[Candidate]


def situation(engine: Engine, actor: Actor, instance_id: str) -> Situation:
    """Raises Forbidden, NotFound("instance.unknown")."""
    agency_id = overseen(actor)
    with engine.database.read() as session:
        instance = session.get(ProcessInstance, instance_id)
        if instance is None or instance.agency_id != agency_id:
            raise NotFound("instance.unknown", instance=instance_id)
        return Situation(
            id=instance.id,
            process_name=session.get_one(ProcessDefinition, instance.definition_id).name,
            business_key=instance.business_key,
            case_no=instance.case_no,
            state=instance.state,
            version=instance.version,
            open_tasks=_open_tasks(session, instance_id),
            running_limits=_running_limits(session, instance_id),
            waiting_jobs=_waiting_jobs(session, instance_id),
        )


def task_in_hand(engine: Engine, actor: Actor, task_id: str) -> TaskInHand:
    """Raises Forbidden, NotFound("task.unknown")."""
    agency_id = overseen(actor)
    with engine.database.read() as session:
        task = session.get(UserTask, task_id)
        if task is None or task.agency_id != agency_id:
            raise NotFound("task.unknown", task=task_id)
        [row] = task_rows(session.execute(tasks(UserTask.id == task_id)))
        holder = directory.names(session, engine.crypto, [task.assignee])
        return TaskInHand(
            task=row,
            holder=holder.get(task.assignee or ""),
            candidates=_candidates(engine, session, task),
        )


def limit(engine: Engine, actor: Actor, deadline_id: str) -> DeadlineView:
    """A limit with its ledger. Raises Forbidden, NotFound("deadline.unknown")."""
    agency_id = overseen(actor)
    with engine.database.read() as session:
        found = session.get(Deadline, deadline_id)
        if found is None or found.agency_id != agency_id:
            raise NotFound("deadline.unknown", deadline=deadline_id)
        of_instance = deadlines.of_instances(session, [found.instance_id])
    return next(one for one in of_instance if one.id == deadline_id)


def _open_tasks(session: Session, instance_id: str) -> Sequence[str]:
    mine = (UserTask.instance_id == instance_id, UserTask.state == "open")
    return session.scalars(select(UserTask.name).where(*mine).order_by(UserTask.created_at)).all()


def _running_limits(session: Session, instance_id: str) -> Sequence[str]:
    mine = (Deadline.instance_id == instance_id, Deadline.state.in_(OPEN))
    return session.scalars(select(Deadline.period_id).where(*mine).order_by(Deadline.due_at)).all()


def _waiting_jobs(session: Session, instance_id: str) -> int:
    mine = (Job.instance_id == instance_id, Job.state == "waiting", Job.kind != "ladder")
    return session.scalar(select(func.count()).select_from(Job).where(*mine)) or 0


def _candidates(engine: Engine, session: Session, task: UserTask) -> list[Candidate]:
    """Active people who hold the task's role, in its unit where it names one."""
    now = engine.clock.now()
    held = (
        select(Person.id)
        .join(Post, Post.person_id == Person.id)
        .where(
            Person.agency_id == task.agency_id,
            Person.active.is_(True),
            Post.role == task.role,
            Post.since <= now,
            or_(Post.until.is_(None), Post.until > now),
        )
    )
    if task.unit_id is not None:
        held = held.where(Post.unit_id == task.unit_id)
    ids = sorted(set(session.scalars(held)))
    people, busy = directory.names(session, engine.crypto, ids), _open_tasks_of(session, ids)
    found = [Candidate(id, people[id], busy.get(id, 0)) for id in ids]
    return sorted(found, key=lambda one: (one.open_tasks, one.name))


def _open_tasks_of(session: Session, people: Sequence[str]) -> dict[str, int]:
    statement = (
        select(UserTask.assignee, func.count())
        .where(UserTask.assignee.in_(people), UserTask.state == "open")
        .group_by(UserTask.assignee)
    )
    return {holder: number for holder, number in session.execute(statement) if holder}

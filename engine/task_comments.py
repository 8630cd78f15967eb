"""Notes on a user task, sealed: they may name people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from engine import permissions
from engine.errors import NotFound, Refusal
from engine.store.models import ProcessInstance, TaskComment, UserTask
from engine.store.types import new_id
from engine.store.unit_of_work import Unit
from engine.verbs import verb

PURPOSE = "task-comment"
LONGEST = 4_000
"""Characters of a comment."""


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment as it is read. `at` is the instant it was written."""

    id: str
    task_id: str
    instance_id: str
    author: str
    message: str
    at: datetime


@verb
def add_comment(unit: Unit, task_id: str, message: str) -> str:
    """Note something on a task that the actor sees; the comment's id.

    Raises `NotFound`, `Refusal` comment.length.
    """
    if not 0 < len(message.strip()) <= LONGEST:
        raise Refusal("comment.length", found=len(message), longest=LONGEST)
    task, instance = _seen(unit, task_id)
    id = new_id()
    unit.session.add(
        TaskComment(
            id=id,
            task_id=task.id,
            instance_id=task.instance_id,
            author=unit.actor.id,
            sealed=unit.engine.crypto.seal_text(message, PURPOSE, id),
            at=unit.now,
        )
    )
    unit.audit("task.commented", "task", task.id, instance=instance)
    return id


@verb
def read_comments(unit: Unit, task_id: str, comment_id: str | None = None) -> list[Comment]:
    """The comments of a task, the newest first, or the one; recorded before they are shown.

    Raises `NotFound` task.unknown, comment.unknown.
    """
    task, instance = _seen(unit, task_id)
    query = select(TaskComment).where(TaskComment.task_id == task.id)
    if comment_id is not None:
        query = query.where(TaskComment.id == comment_id)
    rows = unit.session.scalars(query.order_by(TaskComment.at.desc(), TaskComment.id)).all()
    if comment_id is not None and not rows:
        raise NotFound("comment.unknown", comment=comment_id)
    if rows:
        unit.audit("task.comments_read", "task", task.id, instance=instance)
    return [_opened(unit, row) for row in rows]


def _seen(unit: Unit, task_id: str) -> tuple[UserTask, ProcessInstance]:
    query = (
        select(UserTask, ProcessInstance)
        .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
        .where(UserTask.id == task_id, permissions.oversees_task(unit.actor))
    )
    found = unit.session.execute(query).one_or_none()
    if found is None:
        raise NotFound("task.unknown", task=task_id)
    return found.UserTask, found.ProcessInstance


def _opened(unit: Unit, row: TaskComment) -> Comment:
    message = unit.engine.crypto.open_text(row.sealed, PURPOSE, row.id)
    return Comment(row.id, row.task_id, row.instance_id, row.author, message, row.at)

"""Who may do what: default no, decided from agency, unit, role and task (D8, SEC-05, SEC-06).

Functions named `may_…` judge rows that are loaded; the predicates (`candidate_of`,
`sees_task`, `sees_instance`, `notified`) say the same to the database, for lists. A test holds
the two together.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from sqlalchemy import ColumnElement, and_, exists, false, or_

from engine.actors import Actor
from engine.store.models import Notification, ProcessDefinition, ProcessInstance, UserTask

SUPERVISORS = frozenset(
    {
        "court_division_head",
        "court_president",
        "court_command_center",
        "police_legal",
        "police_leader",
    }
)
"""See every instance of their own agency, step in with a recorded reason."""

SEPARATED_POWERS = frozenset({"sys_admin", "sec_admin", "audit_admin"})
"""三权分立 (SEC-05): whoever holds one of them holds no other post at all."""


OFF_DUTY = SEPARATED_POWERS | {"analyst", "procuratorate"}
"""Posts that neither hand over nor receive at night: no names and phones of liaison officers."""


class OfAgency(Protocol):
    """A row that belongs to one agency."""

    agency_id: Any


def is_candidate(actor: Actor, task: UserTask) -> bool:
    """Whether the task is addressed to a post the actor holds (no unit = any unit)."""
    return any(
        post.agency_id == task.agency_id
        and post.role == task.role
        and task.unit_id in (None, post.unit_id)
        for post in actor.posts
    )


def may_see_task(actor: Actor, task: UserTask) -> bool:
    """An open task of his role, agency and unit; one assigned to him; one he completed."""
    if actor.id in (task.assignee, task.completed_by):
        return True
    return task.state == "open" and is_candidate(actor, task)


def may_claim(actor: Actor, task: UserTask) -> bool:
    """An open task nobody has, addressed to the actor."""
    return task.state == "open" and task.assignee is None and is_candidate(actor, task)


def may_unclaim(actor: Actor, task: UserTask) -> bool:
    """His own task, or any task of the agency for its supervisors."""
    return task.state == "open" and (task.assignee == actor.id or supervises(actor, task))


def may_assign(actor: Actor, task: UserTask, assignee: Actor) -> bool:
    """A supervisor gives an open task to somebody it is addressed to."""
    return task.state == "open" and supervises(actor, task) and is_candidate(assignee, task)


def may_complete(actor: Actor, task: UserTask) -> bool:
    """Whoever has the task; where nobody has it, whoever may claim it."""
    return task.state == "open" and (task.assignee == actor.id or may_claim(actor, task))


def may_see_instance(actor: Actor, instance: ProcessInstance, tasks: Iterable[UserTask]) -> bool:
    """Its starter, whoever may see one of its tasks, the supervisors; never another agency."""
    if actor.agency_id != instance.agency_id:
        return False
    if actor.id == instance.started_by or supervises(actor, instance):
        return True
    return any(may_see_task(actor, task) for task in tasks)


def supervises(actor: Actor, row: OfAgency) -> bool:
    """Whether the actor supervises the agency the row belongs to."""
    return row.agency_id in _supervised(actor)


def supervises_agency(actor: Actor, agency_id: str) -> bool:
    """Whether the actor holds a supervisor's post there."""
    return agency_id in _supervised(actor)


def may_start(actor: Actor, definition: ProcessDefinition) -> bool:
    """Holds a role that the start event names, in an agency of the pool's kind."""
    if definition.suspended or definition.agency_kind not in ("", actor.agency_kind):
        return False
    return not actor.roles.isdisjoint(definition.startable_by)


def may_speak_for(actor: Actor) -> bool:
    """Hand in messages and signals for the agency: its programs and its supervisors."""
    if actor.kind == "system":
        return True
    return bool(actor.posts) and (actor.kind == "client" or bool(_supervised(actor)))


def may_deploy(actor: Actor) -> bool:
    """Publish procedures: analysts, the system administrator, the command line."""
    return may_draw(actor) or _acts_as(actor, "sys_admin")


def may_draw(actor: Actor) -> bool:
    """Draw, check, rehearse and publish procedures in the studio: analysts, the engine itself."""
    return _acts_as(actor, "analyst")


def may_add_agency(actor: Actor) -> bool:
    """Make a new tenant: the system administrator, the command line."""
    return _acts_as(actor, "sys_admin")


def may_keep_accounts(actor: Actor, agency_id: str) -> bool:
    """Units and accounts of an agency: its system administrator."""
    return _acts_as(actor, "sys_admin", agency_id)


def may_give_posts(actor: Actor, agency_id: str) -> bool:
    """Roles of an agency's people: its security administrator."""
    return _acts_as(actor, "sec_admin", agency_id)


def may_read_audit(actor: Actor) -> bool:
    """The audit administrator and nobody else but the command line."""
    return _acts_as(actor, "audit_admin")


def on_duty(actor: Actor) -> bool:
    """Holds a post that works with the other agency: reads whom to call there (SEC-28)."""
    return bool(actor.roles - OFF_DUTY)


def candidate_of(actor: Actor) -> ColumnElement[bool]:
    """`is_candidate` over `UserTask`."""
    return _addressed(actor, UserTask)


def sees_task(actor: Actor) -> ColumnElement[bool]:
    """`may_see_task` over `UserTask`."""
    open_to_him = and_(UserTask.state == "open", candidate_of(actor))
    return or_(UserTask.assignee == actor.id, UserTask.completed_by == actor.id, open_to_him)


def oversees_task(actor: Actor) -> ColumnElement[bool]:
    """`sees_task`, and every task of an agency that the actor supervises, over `UserTask`."""
    return or_(sees_task(actor), UserTask.agency_id.in_(_supervised(actor)))


def sees_instance(actor: Actor) -> ColumnElement[bool]:
    """`may_see_instance` over `ProcessInstance`."""
    his_task = exists().where(UserTask.instance_id == ProcessInstance.id, sees_task(actor))
    return and_(
        ProcessInstance.agency_id == actor.agency_id,
        or_(
            ProcessInstance.started_by == actor.id,
            ProcessInstance.agency_id.in_(_supervised(actor)),
            his_task,
        ),
    )


def notified(actor: Actor) -> ColumnElement[bool]:
    """Notices to the actor by name or through a post, over `Notification`."""
    by_post = and_(Notification.person_id.is_(None), _addressed(actor, Notification))
    return or_(Notification.person_id == actor.id, by_post)


def _addressed(actor: Actor, table: type[UserTask] | type[Notification]) -> ColumnElement[bool]:
    """Rows whose agency, role and unit (where given) are those of a post held."""
    posts = [
        and_(
            table.agency_id == post.agency_id,
            table.role == post.role,
            or_(table.unit_id.is_(None), table.unit_id == post.unit_id),
        )
        for post in actor.posts
    ]
    return or_(false(), *posts)


def _supervised(actor: Actor) -> list[str]:
    return sorted({post.agency_id for post in actor.posts if post.role in SUPERVISORS})


def _acts_as(actor: Actor, role: str, agency_id: str | None = None) -> bool:
    if actor.kind == "system":
        return True
    return any(post.role == role and agency_id in (None, post.agency_id) for post in actor.posts)

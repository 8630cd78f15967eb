"""Agencies, units, people and their posts, kept by administrators; every change is audited.

A task must never hang on somebody who has gone: whoever loses a post, moves or leaves gives the
open tasks that are no longer addressed to him back to their queue, and the queue is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from engine import passwords, permissions, timer_starts
from engine.actors import load_actor
from engine.errors import Forbidden, NotFound, Refusal
from engine.store.crypto import CryptoProvider
from engine.store.models import (
    Agency,
    PasswordReset,
    Person,
    Post,
    ProcessInstance,
    UserTask,
    WebSession,
)
from engine.store.models import Unit as OrganisationUnit
from engine.store.types import new_id
from engine.store.unit_of_work import Unit
from engine.verbs import verb

NAME = "person.name"
PHONE = "person.phone"
CERTIFICATE = "person.certificate"
"""Purposes that these columns are sealed for, each bound to the person's id."""

LONGEST_ID = 32
LONGEST_NAME = 120
LONGEST_ROLE = 64


def names(session: Session, crypto: CryptoProvider, ids: Iterable[str | None]) -> dict[str, str]:
    """Person id → name, for display; ids that are nobody's (`system`) are left out."""
    wanted = {one for one in ids if one}
    if not wanted:
        return {}
    found = session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted)))
    return {id: crypto.open_text(sealed, NAME, id) for id, sealed in found}


@verb
def add_agency(
    unit: Unit,
    agency_id: str,
    kind: str,
    name: str,
    profile: str,
    counterpart_id: str | None = None,
) -> str:
    """A new tenant. `kind`: court · police · local_court · procuratorate. Raises `Refusal`."""
    _allow(permissions.may_add_agency(unit.actor))
    _fit(id=(agency_id, LONGEST_ID), name=(name, LONGEST_NAME))
    if unit.session.get(Agency, agency_id):
        raise Refusal("agency.exists", id=agency_id)
    agency = Agency(
        id=agency_id, kind=kind, name=name, profile=profile, counterpart_id=counterpart_id
    )
    unit.session.add(agency)
    unit.session.flush()
    timer_starts.arm_agency(unit, agency)
    unit.audit("agency.added", "agency", agency_id, detail={"kind": kind, "profile": profile})
    return agency_id


@verb
def add_unit(
    unit: Unit, agency_id: str, unit_id: str, name: str, area_code: str | None = None
) -> str:
    """A division, station or team. Raises `Refusal` where the id is taken."""
    _allow(permissions.may_keep_accounts(unit.actor, agency_id))
    _fit(id=(unit_id, LONGEST_ID), name=(name, LONGEST_NAME))
    _agency(unit.session, agency_id)
    if unit.session.get(OrganisationUnit, unit_id):
        raise Refusal("unit.exists", id=unit_id)
    unit.session.add(
        OrganisationUnit(id=unit_id, agency_id=agency_id, name=name, area_code=area_code)
    )
    unit.audit("unit.added", "unit", unit_id, detail={"agency": agency_id})
    return unit_id


@verb
def close_unit(unit: Unit, unit_id: str) -> None:
    """End a unit and all posts in it; its open tasks go to any unit of the agency.

    Supervisors are told of every such task, for nobody may feel addressed any more.
    """
    closed = _open_unit(unit.session, unit_id)
    _allow(permissions.may_keep_accounts(unit.actor, closed.agency_id))
    closed.closed_at = unit.now
    posts = _posts(unit, Post.unit_id == unit_id)
    for post in posts:
        post.until = unit.now
    for person_id in sorted({post.person_id for post in posts}):
        _give_tasks_back(unit, person_id)
    for task, instance in _open_tasks(unit.session, UserTask.unit_id == unit_id):
        task.unit_id = None
        _tell_queue(unit, task, instance, "unit_closed")
    unit.audit("unit.closed", "unit", unit_id)


@verb
def add_person(
    unit: Unit,
    agency_id: str,
    login: str,
    name: str,
    password: str,
    *,
    phone: str | None = None,
    certificate_no: str | None = None,
    demo: bool = False,
) -> str:
    """An account without any post; answers its id. Raises `Refusal` for a login that is taken."""
    _allow(permissions.may_keep_accounts(unit.actor, agency_id))
    _fit(name=(name, LONGEST_NAME))
    _agency(unit.session, agency_id)
    login = passwords.normal_login(login)
    if unit.session.scalar(select(Person.id).where(Person.login == login)):
        raise Refusal("person.login_taken", login=login)
    id, crypto = new_id(), unit.engine.crypto
    unit.session.add(
        Person(
            id=id,
            login=login,
            name=crypto.seal_text(name, NAME, id),
            phone=crypto.seal_text(phone, PHONE, id) if phone else None,
            certificate_no=(
                crypto.seal_text(certificate_no, CERTIFICATE, id) if certificate_no else None
            ),
            agency_id=agency_id,
            password_hash=passwords.hash_password(password, login),
            demo=demo,
        )
    )
    unit.audit("person.added", "person", id, detail={"agency": agency_id})
    return id


@verb
def change_password(unit: Unit, old: str, new: str) -> None:
    """The actor's own; every session of his ends, he signs in anew. Raises `Refusal`."""
    person = _person(unit.session, unit.actor.id)
    if not passwords.matches(person.password_hash, old):
        raise Refusal("password.wrong")
    if new == old:
        raise Refusal("password.same")
    set_password(unit, person, passwords.hash_password(new, person.login))
    unit.session.execute(
        update(PasswordReset)
        .where(PasswordReset.person_id == person.id, PasswordReset.changed_at.is_(None))
        .where(PasswordReset.confirmed_at.is_not(None))
        .values(changed_at=unit.now)
    )


def set_password(unit: Unit, person: Person, password_hash: str) -> None:
    """Every session ends with it. A part of a verb on a locked person."""
    person.password_hash = password_hash
    _end_sessions(unit.session, person.id)
    unit.audit("person.password_changed", "person", person.id)


@verb
def give_post(unit: Unit, person_id: str, unit_id: str, role: str) -> str:
    """A role in a unit; answers the post's id, the same one where it is held already.

    Raises `Refusal`: `post.other_unit` (a person belongs to one unit: move him),
    `post.other_agency`, `post.separated` (SEC-05: an administrator's role stands alone).
    """
    person = _person(unit.session, person_id)
    _allow(permissions.may_give_posts(unit.actor, person.agency_id))
    return _give_post(unit, person, _open_unit(unit.session, unit_id), role)


def _give_post(unit: Unit, person: Person, where: OrganisationUnit, role: str) -> str:
    if where.agency_id != person.agency_id or not person.active:
        raise Refusal("post.other_agency", person=person.id, unit=where.id)
    held = _posts(unit, Post.person_id == person.id)
    for post in held:
        if (post.unit_id, post.role) == (where.id, role):
            return post.id
    if any(post.unit_id != where.id for post in held):
        raise Refusal("post.other_unit", found=held[0].unit_id, unit=where.id)
    _fit(role=(role, LONGEST_ROLE))
    _keep_powers_apart([post.role for post in held], role)
    post = Post(id=new_id(), person_id=person.id, unit_id=where.id, role=role, since=unit.now)
    unit.session.add(post)
    unit.audit("post.given", "person", person.id, detail={"unit": where.id, "role": role})
    return post.id


def _keep_powers_apart(held: Sequence[str], role: str) -> None:
    alone = permissions.SEPARATED_POWERS
    if held and (role in alone or not alone.isdisjoint(held)):
        raise Refusal("post.separated", role=role, held=sorted(held))


@verb
def end_post(unit: Unit, post_id: str) -> None:
    """From now on the role is not held; tasks it gave access to go back. Raises `NotFound`."""
    post = unit.session.get(Post, post_id)
    if post is None or post.until is not None:
        raise NotFound("post.unknown", id=post_id)
    person = _person(unit.session, post.person_id)
    _allow(permissions.may_give_posts(unit.actor, person.agency_id))
    _end(unit, [post])
    _give_tasks_back(unit, person.id)


@verb
def move_person(unit: Unit, person_id: str, unit_id: str, roles: Sequence[str]) -> None:
    """To another unit of the same agency: posts end, `roles` begin there, tasks go back."""
    person = _person(unit.session, person_id)
    _allow(permissions.may_give_posts(unit.actor, person.agency_id))
    where = _open_unit(unit.session, unit_id)
    _end(unit, _posts(unit, Post.person_id == person_id))
    for role in roles:
        _give_post(unit, person, where, role)
    _give_tasks_back(unit, person_id)


@verb
def leave(unit: Unit, person_id: str) -> None:
    """The person has left: no post, no session, no sign-in; open tasks go back."""
    person = _person(unit.session, person_id)
    _allow(permissions.may_keep_accounts(unit.actor, person.agency_id))
    _end(unit, _posts(unit, Post.person_id == person_id))
    _give_tasks_back(unit, person_id)
    _end_sessions(unit.session, person_id)
    person.active, person.left_at = False, unit.now
    unit.audit("person.left", "person", person_id)


def suspend(unit: Unit, person_id: str) -> None:
    """停权: no post, no session; tasks go back. The account stays, posts may be given again.

    A part of the verb of a procedure that has decided it (procedures B28). Raises `NotFound`.
    """
    _person(unit.session, person_id)
    _end(unit, _posts(unit, Post.person_id == person_id))
    _give_tasks_back(unit, person_id)
    _end_sessions(unit.session, person_id)
    unit.audit("person.suspended", "person", person_id)


def _end(unit: Unit, posts: Sequence[Post]) -> None:
    for post in posts:
        post.until = unit.now
        detail = {"unit": post.unit_id, "role": post.role}
        unit.audit("post.ended", "person", post.person_id, detail=detail)


def _give_tasks_back(unit: Unit, person_id: str) -> None:
    """Open tasks of the person that his remaining posts do not reach return to their queue."""
    unit.session.flush()
    person = load_actor(unit.session, person_id, unit.now)
    for task, instance in _open_tasks(unit.session, UserTask.assignee == person_id):
        if not permissions.is_candidate(person, task):
            task.assignee, task.claimed_at = None, None
            unit.audit("task.released", "task", task.id, instance=instance)
            _tell_queue(unit, task, instance, "released")


def _tell_queue(unit: Unit, task: UserTask, instance: ProcessInstance, reason: str) -> None:
    unit.notify(
        "task",
        agency_id=task.agency_id,
        role=task.role,
        unit_id=task.unit_id,
        instance=instance,
        params={"reason": reason, "task": task.id, "name": task.name},
    )


def _open_tasks(
    session: Session, condition: ColumnElement[bool]
) -> list[tuple[UserTask, ProcessInstance]]:
    """With their instances, locked in the order every verb locks them."""
    found = session.execute(
        select(UserTask, ProcessInstance)
        .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
        .where(UserTask.state == "open", condition)
        .order_by(ProcessInstance.id, UserTask.id)
        .with_for_update(of=ProcessInstance)
    )
    return [(task, instance) for task, instance in found]


def _posts(unit: Unit, condition: ColumnElement[bool]) -> Sequence[Post]:
    held = select(Post).where(condition, Post.until.is_(None)).order_by(Post.since, Post.id)
    return unit.session.scalars(held).all()


def _end_sessions(session: Session, person_id: str) -> None:
    session.execute(delete(WebSession).where(WebSession.person_id == person_id))


def _agency(session: Session, agency_id: str) -> Agency:
    agency = session.get(Agency, agency_id)
    if agency is None:
        raise NotFound("agency.unknown", id=agency_id)
    return agency


def _open_unit(session: Session, unit_id: str) -> OrganisationUnit:
    found = session.get(OrganisationUnit, unit_id)
    if found is None or found.closed_at:
        raise NotFound("unit.unknown", id=unit_id)
    return found


def _person(session: Session, person_id: str) -> Person:
    """Locked: of two administrators the second sees what the first has done."""
    person = session.get(Person, person_id, with_for_update=True)
    if person is None:
        raise NotFound("person.unknown", id=person_id)
    return person


def _fit(**given: tuple[str, int]) -> None:
    """Refuse, before the database does, what is blank, too long or holds control characters."""
    for field, (value, longest) in given.items():
        if not value.strip() or len(value) > longest or not value.isprintable():
            raise Refusal("directory.text", field=field, longest=longest)


def _allow(permitted: bool) -> None:
    if not permitted:
        raise Forbidden("permission.denied")

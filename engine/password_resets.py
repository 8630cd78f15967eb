"""A password given by an administrator (SEC-05, docs/decisions/0012).

It opens nothing but the page on which the person chooses his own, and the person and the audit
administrator are told. For the security and the audit administrator it counts only when the other
of the two confirms it: whoever keeps accounts can become neither of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, exists, select

from engine import directory, passwords, permissions
from engine.actors import Actor
from engine.errors import Forbidden, NotFound
from engine.store.models import PasswordReset, Person, Post
from engine.store.types import new_id
from engine.store.unit_of_work import Unit
from engine.verbs import verb

if TYPE_CHECKING:
    from engine.engine import Engine

CONFIRMED_BY = {"sec_admin": "audit_admin", "audit_admin": "sec_admin"}
"""Power whose password is reset → power that must confirm it."""


@dataclass(frozen=True)
class Pending:
    """A reset that waits for the second administrator."""

    id: str
    login: str
    asked_at: datetime


@verb
def reset_password(unit: Unit, person_id: str, new: str) -> bool:
    """Another's, by the administrator of accounts; it also lifts a lock.

    Answers whether it counts already; False: the other power must confirm it first.
    """
    person = _locked(unit, person_id)
    if not permissions.may_keep_accounts(unit.actor, person.agency_id):
        raise Forbidden("permission.denied")
    reset = PasswordReset(
        id=new_id(),
        person_id=person.id,
        agency_id=person.agency_id,
        password_hash=passwords.hash_password(new, person.login),
        asked_by=unit.actor.id,
        asked_at=unit.now,
        confirmer=_confirmer(unit, person),
    )
    unit.session.add(reset)
    unit.audit("password_reset.asked", "person", person.id)
    if reset.confirmer is None:
        _apply(unit, person, reset)
        return True
    _tell(unit, person, reset.confirmer, "管理员账号的密码重设等待确认，请看页面“密码重设确认”")
    return False


@verb
def confirm_reset(unit: Unit, reset_id: str) -> None:
    """By the power that must, never by whoever asked. Raises `NotFound`, `Forbidden`."""
    reset = unit.session.get(PasswordReset, reset_id, with_for_update=True)
    if reset is None or reset.confirmed_at is not None:
        raise NotFound("password_reset.unknown", id=reset_id)
    if not _may_confirm(unit.actor, reset):
        raise Forbidden("permission.denied")
    unit.audit("password_reset.confirmed", "person", reset.person_id)
    _apply(unit, _locked(unit, reset.person_id), reset)


def pending(engine: Engine, actor: Actor) -> Sequence[Pending]:
    """The resets that wait for this actor."""
    query = (
        select(PasswordReset, Person.login)
        .join(Person, Person.id == PasswordReset.person_id)
        .where(PasswordReset.confirmed_at.is_(None), PasswordReset.agency_id == actor.agency_id)
        .order_by(PasswordReset.asked_at)
    )
    with engine.database.read() as session:
        return [
            Pending(reset.id, login, reset.asked_at)
            for reset, login in session.execute(query)
            if _may_confirm(actor, reset)
        ]


def must_change(engine: Engine, person_id: str) -> bool:
    """Whether the person signed in with a password that somebody else knows."""
    with engine.database.read() as session:
        return bool(session.scalar(select(exists().where(given_to(person_id)))))


def given_to(person_id: str) -> ColumnElement[bool]:
    """Resets in force that the person has not replaced by a password of his own."""
    return and_(
        PasswordReset.person_id == person_id,
        PasswordReset.confirmed_at.is_not(None),
        PasswordReset.changed_at.is_(None),
    )


def _may_confirm(actor: Actor, reset: PasswordReset) -> bool:
    itself = actor.id in (reset.asked_by, reset.person_id)
    return not itself and actor.agency_id == reset.agency_id and reset.confirmer in actor.roles


def _confirmer(unit: Unit, person: Person) -> str | None:
    held = select(Post.role).where(Post.person_id == person.id, Post.until.is_(None))
    powers = [role for role in unit.session.scalars(held) if role in CONFIRMED_BY]
    return CONFIRMED_BY[powers[0]] if powers else None


def _apply(unit: Unit, person: Person, reset: PasswordReset) -> None:
    reset.confirmed_at = unit.now
    person.failed_sign_ins, person.locked_until = 0, None
    directory.set_password(unit, person, reset.password_hash)
    text = "您的密码已由管理员重设，登录后请立即更改。不是您要求的，请联系审计管理员"
    unit.notify("notice", agency_id=person.agency_id, person_id=person.id, params={"text": text})
    _tell(unit, person, "audit_admin", f"账号 {person.login} 的密码已由管理员重设")


def _tell(unit: Unit, person: Person, role: str, text: str) -> None:
    unit.notify("notice", agency_id=person.agency_id, role=role, params={"text": text})


def _locked(unit: Unit, person_id: str) -> Person:
    person = unit.session.get(Person, person_id, with_for_update=True)
    if person is None:
        raise NotFound("person.unknown", id=person_id)
    return person

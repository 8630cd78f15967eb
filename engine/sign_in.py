"""Sign-in and sessions. The server keeps them; the browser holds a random key and nothing else.

Guessing is throttled per account and per address, and an attempt is counted before the password
is looked at: many at once get no more guesses than one after another.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from engine import passwords
from engine.actors import SYSTEM, Actor, load_actor
from engine.errors import Refusal
from engine.password_resets import must_change
from engine.store.crypto import sm3
from engine.store.models import Person, SignInFailures, WebSession
from engine.store.unit_of_work import Unit
from engine.store.upsert import insert_if_absent
from engine.verbs import verb

if TYPE_CHECKING:
    from engine.engine import Engine

FAILURES_ALLOWED = 5
"""Of one account in a row (SEC-08)."""
ADDRESS_FAILURES_ALLOWED = 20
"""Of one address within LOCKED_FOR: a whole station may sit behind a single address."""
LOCKED_FOR = timedelta(minutes=15)
IDLE = timedelta(minutes=15)
LONGEST_SESSION = timedelta(hours=12)
_SEEN_EVERY = timedelta(minutes=1)
"""A session's last sign of life is written no oftener than that: a page view writes nothing."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """`session_key` goes into the cookie and is stored nowhere else."""

    person_id: str
    session_key: str
    expires_at: datetime


def sign_in(engine: Engine, login: str, password: str, address: str) -> SignedIn:
    """A new session.

    Raises `Refusal`: `sign_in.refused` for a wrong login, password or a person who has left,
    without saying which; `sign_in.locked` (`until`) after too many failures.
    """
    person_id = _recognise(engine, login, password, address)
    return _open_session(engine, person_id, address=address)


def check_password(engine: Engine, login: str, password: str, address: str) -> str:
    """Whose login and password these are, without a session; throttled as `sign_in` is.

    Raises `Refusal` sign_in.refused, sign_in.locked, password.must_change.
    """
    person_id = _recognise(engine, login, password, address)
    _recognised(engine, person_id, address=address)
    if must_change(engine, person_id):
        raise Refusal("password.must_change")
    return person_id


def _recognise(engine: Engine, login: str, password: str, address: str) -> str:
    attempt = _admit(engine, SYSTEM.id, passwords.normal_login(login), address=address)
    if attempt.locked_until:
        raise Refusal("sign_in.locked", until=attempt.locked_until)
    if not passwords.matches(attempt.password_hash, password) or attempt.person_id is None:
        _record_failure(engine, SYSTEM.id, attempt.person_id, address=address)
        raise Refusal("sign_in.refused")
    return attempt.person_id


@dataclass(frozen=True, slots=True)
class _Attempt:
    person_id: str | None
    password_hash: str
    locked_until: datetime | None = None


@verb
def _admit(unit: Unit, login: str) -> _Attempt:
    """Count the attempt as a failure; a success takes it back."""
    person = unit.session.scalar(select(Person).where(Person.login == login).with_for_update())
    until = _address_lock(unit) or (_account_lock(unit, person) if person else None)
    if until:
        unit.audit("sign_in.locked_out", "person", person.id if person else "unknown")
    if person is None or not person.active:
        return _Attempt(None, passwords.nobodys_hash(), until)
    return _Attempt(person.id, person.password_hash, until)


def _account_lock(unit: Unit, person: Person) -> datetime | None:
    if person.locked_until and person.locked_until > unit.now:
        return person.locked_until
    if person.locked_until:
        person.failed_sign_ins, person.locked_until = 0, None
    person.failed_sign_ins += 1
    if person.failed_sign_ins >= FAILURES_ALLOWED:
        person.locked_until = unit.now + LOCKED_FOR
    return None


def _address_lock(unit: Unit) -> datetime | None:
    address = unit.actor.address or ""
    insert_if_absent(unit.session, SignInFailures, address=address, count=0, first_at=unit.now)
    failures = unit.session.get_one(SignInFailures, address, with_for_update=True)
    if failures.first_at + LOCKED_FOR <= unit.now:
        failures.count, failures.first_at = 0, unit.now
    if failures.count >= ADDRESS_FAILURES_ALLOWED:
        return failures.first_at + LOCKED_FOR
    failures.count += 1
    return None


@verb
def _record_failure(unit: Unit, person_id: str | None) -> None:
    unit.audit("sign_in.failed", "person", person_id or "unknown")


@verb
def _recognised(unit: Unit) -> None:
    """The attempt was no failure."""
    person = unit.session.get_one(Person, unit.actor.id, with_for_update=True)
    person.failed_sign_ins, person.locked_until = 0, None
    unit.session.execute(
        update(SignInFailures)
        .where(SignInFailures.address == (unit.actor.address or ""), SignInFailures.count > 0)
        .values(count=SignInFailures.count - 1)
    )


@verb
def _open_session(unit: Unit) -> SignedIn:
    _recognised.within(unit)
    person = unit.session.get_one(Person, unit.actor.id)
    key, expires_at = secrets.token_urlsafe(32), unit.now + LONGEST_SESSION
    unit.session.add(
        WebSession(
            key_hash=_hash(key),
            person_id=person.id,
            created_at=unit.now,
            seen_at=unit.now,
            expires_at=expires_at,
        )
    )
    unit.audit("sign_in.succeeded", "person", person.id)
    return SignedIn(person.id, key, expires_at)


def actor_of_session(
    engine: Engine, session_key: str, address: str | None = None, *, idle: timedelta = IDLE
) -> Actor | None:
    """Who is signed in with this key, with his posts; None when the session is over.

    Two statements. Being asked keeps the session alive, unless it was idle for `idle`.
    """
    now, key_hash = engine.clock.now(), _hash(session_key)
    with engine.database.read() as session:
        found = session.get(WebSession, key_hash)
        if found is None or _is_over(found, now, idle):
            return None
        actor = load_actor(session, found.person_id, now, address)
    if now - found.seen_at >= _SEEN_EVERY:
        _keep_alive(engine, actor.id, key_hash)
    return actor


@verb
def _keep_alive(unit: Unit, key_hash: str) -> None:
    unit.session.execute(
        update(WebSession).where(WebSession.key_hash == key_hash).values(seen_at=unit.now)
    )


def sign_out(engine: Engine, session_key: str, address: str | None = None) -> None:
    """End the session; one that is over already is left at that."""
    with engine.database.read() as session:
        found = session.get(WebSession, _hash(session_key))
    if found is not None:
        _end_session(engine, found.person_id, found.key_hash, address=address)


@verb
def _end_session(unit: Unit, key_hash: str) -> None:
    unit.session.execute(delete(WebSession).where(WebSession.key_hash == key_hash))
    unit.audit("sign_in.ended", "person", unit.actor.id)


@verb
def forget_old_sessions(unit: Unit) -> None:
    """Delete sessions that are over by age, and failures that no longer count."""
    unit.session.execute(delete(WebSession).where(WebSession.expires_at <= unit.now))
    long_ago = unit.now - LOCKED_FOR
    unit.session.execute(delete(SignInFailures).where(SignInFailures.first_at <= long_ago))


def _is_over(session: WebSession, now: datetime, idle: timedelta) -> bool:
    return session.expires_at <= now or session.seen_at + idle <= now


def _hash(session_key: str) -> str:
    return sm3(session_key.encode())

"""A demonstration: a database that says so, and whose clock an administrator may move on (D4).

The mark is set when the database is made and never afterwards, so that no database with real data
can ever become a demonstration.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from engine.actors import Actor
from engine.engine import Engine
from engine.errors import Forbidden, Refusal
from engine.jobs import drain, next_due
from engine.store.database import Database
from engine.store.keys import FINGERPRINTS
from engine.store.migrations import upgrade
from engine.store.models import Setting, WebSession
from engine.store.unit_of_work import Unit
from engine.timing.clock import Clock, OffsetClock
from engine.verbs import unit_of_work, verb

MARK = "demo"
"""Setting: {"password": …}, of every demonstration account."""
OFFSET = "demo_offset"
"""Setting: seconds by which the clock has been moved on."""
FARTHEST = timedelta(days=92)
"""In one step: whatever repeats until somebody acts would repeat for minutes."""


# the mark -----------------------------------------------------------------------------


def make_demonstration(database: Database, password: str) -> bool:
    """Create the tables and mark them; False where the database is a demonstration already.

    Raises `Refusal` demo.real_database for one that was made without the mark.
    """
    if _has_settings(database):
        if is_demonstration(database):
            upgrade(database)
            return False
        with database.read() as session:
            if session.get(Setting, FINGERPRINTS) is not None:
                raise Refusal("demo.real_database")
    upgrade(database)
    with database.write() as session:
        session.add(Setting(key=MARK, value={"password": password}))
    return True


def is_demonstration(database: Database) -> bool:
    """Whether the database bears the mark; one without tables does not."""
    return bool(_mark(database)) if _has_settings(database) else False


def password_of(database: Database) -> str:
    """The password of the demonstration accounts; empty where there is no demonstration."""
    return str((_mark(database) or {}).get("password", ""))


def _has_settings(database: Database) -> bool:
    with database.read() as session:
        return bool(inspect(session.connection()).has_table(Setting.__tablename__))


def _mark(database: Database) -> dict[str, Any] | None:
    with database.read() as session:
        found = session.get(Setting, MARK)
        return found.value if found is not None else None


# the clock ----------------------------------------------------------------------------


def demonstration_clock(database: Database, base: Clock) -> OffsetClock:
    """The clock of a demonstration: all its processes read the same offset."""

    def offset() -> timedelta:
        with database.read() as session:
            return _offset(session)

    return OffsetClock(base, offset)


def is_rehearsing(engine: Engine) -> bool:
    """Whether the engine runs a demonstration."""
    return isinstance(engine.clock, OffsetClock)


def _offset(session: Session) -> timedelta:
    value = session.scalar(select(Setting.value).where(Setting.key == OFFSET))
    return timedelta(seconds=value or 0)


def may_advance_clock(actor: Actor) -> bool:
    """The system administrator, the command line."""
    return actor.kind == "system" or "sys_admin" in actor.roles


def advance_clock(
    engine: Engine, actor_id: str, to: datetime, *, address: str | None = None
) -> None:
    """Let the time until `to` pass, every timer and reminder at its own instant.

    Raises `Forbidden` demo.may_not_advance, `Refusal` demo.not_a_demonstration, clock.backwards,
    demo.too_far.
    """
    _permit_advance(engine, actor_id, to, address=address)
    while True:
        drain(engine)
        due = next_due(engine, after=engine.clock.now())
        if due is None or due >= to:
            break
        _move(engine, due)
    _move(engine, to)
    drain(engine)


@verb
def _permit_advance(unit: Unit, to: datetime) -> None:
    if not may_advance_clock(unit.actor):
        raise Forbidden("demo.may_not_advance")
    if not is_rehearsing(unit.engine) or unit.session.get(Setting, MARK) is None:
        raise Refusal("demo.not_a_demonstration")
    if to <= unit.now:
        raise Refusal("clock.backwards", found=to, expected=unit.now)
    if to - unit.now > FARTHEST:
        raise Refusal("demo.too_far", found=to, expected=unit.now + FARTHEST)
    unit.audit("clock.advanced", "clock", MARK, detail={"to": to.isoformat()})


def _move(engine: Engine, to: datetime) -> None:
    with unit_of_work(engine, "system") as unit:
        step = to - unit.now
        if step <= timedelta(0):
            return
        seconds = (_offset(unit.session) + step).total_seconds()
        unit.session.merge(Setting(key=OFFSET, value=seconds))
        _keep_signed_in(unit.session, step)


def _keep_signed_in(session: Session, step: timedelta) -> None:
    """Nobody was away while the clock was moved: sessions move along."""
    for row in session.scalars(select(WebSession)):
        row.seen_at += step
        row.expires_at += step

"""The working-day calendar as it was imported: years of the State Council, version by version."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import orjson
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import permissions
from engine.deadlines import recompute_provisional
from engine.engine import Engine
from engine.errors import Forbidden
from engine.store.models import CalendarYear as Row
from engine.store.unit_of_work import Unit
from engine.timing.calendar import CalendarYear
from engine.timing.calendar_import import read_calendar
from engine.timing.norms import Norms
from engine.verbs import verb


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: the years that were new, how many deadlines moved."""

    years: list[int]
    moved: int
    version: str
    """Of the calendar that counts from now on."""


def import_calendar(engine: Engine, actor_id: str, file: str, content: bytes) -> Imported:
    """Import a calendar file; it counts from the commit on. Years that say the same change nothing.

    Provisional deadlines are counted again with an entry in their ledger. Raises `Forbidden`,
    `Refusal` calendar.*.
    """
    found = _import(engine, actor_id, file, content)
    refresh(engine)
    return found


@verb
def _import(unit: Unit, file: str, content: bytes) -> Imported:
    if not permissions.may_deploy(unit.actor):
        raise Forbidden("calendar.may_not_import")
    norms = with_imported(unit.session, unit.engine.statutes.current)
    years = read_calendar(file, content, norms.calendar.statutory)
    new = [year for year in years if norms.calendar.years.get(year.year) != year]
    for year in new:
        _keep(unit, year)
    after = norms.with_calendar(norms.calendar.with_years(new))
    moved = recompute_provisional(unit, after) if new else 0
    version = after.calendar.version
    detail = {"years": [year.year for year in new], "moved": moved}
    unit.audit("calendar.imported", "calendar", version, detail=detail)
    return Imported([year.year for year in new], moved, version)


def _keep(unit: Unit, year: CalendarYear) -> None:
    content = orjson.dumps(year.as_data())
    newest = select(func.max(Row.version)).where(Row.year == year.year)
    unit.session.add(
        Row(
            year=year.year,
            version=(unit.session.scalar(newest) or 0) + 1,
            content=content,
            sha256=hashlib.sha256(content).hexdigest(),
            imported_by=unit.actor.id,
            imported_at=unit.now,
        )
    )
    unit.session.flush()


def with_imported(session: Session, norms: Norms) -> Norms:
    """The norms counting with the newest imported version of every year."""
    years = list(_newest(session, norms))
    return norms.with_calendar(norms.calendar.with_years(years)) if years else norms


def _newest(session: Session, norms: Norms) -> Iterable[CalendarYear]:
    rows = session.scalars(select(Row).order_by(Row.year, Row.version))
    contents = {row.year: row.content for row in rows}
    for year, content in contents.items():
        yield from read_calendar(f"{year}.json", content, norms.calendar.statutory)


def refresh(engine: Engine) -> bool:
    """Take over what another process has imported; whether the calendar is another one now.

    Deadlines that began meanwhile with the old calendar are counted again.
    """
    with engine.database.read() as session:
        norms = with_imported(session, engine.statutes.current)
    if norms.calendar.version == engine.statutes.current.calendar.version:
        return False
    engine.statutes.replace(norms)
    _count_again(engine, "system")
    return True


@verb
def _count_again(unit: Unit) -> int:
    return recompute_provisional(unit, unit.engine.statutes.current)

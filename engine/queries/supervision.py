"""Whose rows a supervisor oversees, and what his lists can be narrowed to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.actors import Actor
from engine.errors import Forbidden
from engine.permissions import SUPERVISORS
from engine.store.models import Agency, ProcessDefinition, Unit

if TYPE_CHECKING:
    from engine.engine import Engine

Named = tuple[str, str]
"""Id or key, and the name that people know."""


@dataclass(frozen=True, slots=True)
class Choices:
    """Units of the agency and procedures of its kind, each by name."""

    units: Sequence[Named]
    procedures: Sequence[Named]


def oversees(actor: Actor) -> bool:
    """Whether the actor supervises the agency he belongs to."""
    return not actor.roles.isdisjoint(SUPERVISORS)


def overseen(actor: Actor) -> str:
    """The agency that the actor supervises. Raises Forbidden("oversight.not_allowed")."""
    if actor.agency_id is None or not oversees(actor):
        raise Forbidden("oversight.not_allowed")
    return actor.agency_id


def choices(engine: Engine, actor: Actor) -> Choices:
    """What the lists can be narrowed to; raises `Forbidden`."""
    agency_id = overseen(actor)
    with engine.database.read() as session:
        kind = session.get_one(Agency, agency_id).kind
        return Choices(_units(session, agency_id), _procedures(session, kind))


def _units(session: Session, agency_id: str) -> list[Named]:
    """Closed units, too: their instances are still there."""
    mine = select(Unit.id, Unit.name).where(Unit.agency_id == agency_id).order_by(Unit.name)
    return [(id, name) for id, name in session.execute(mine)]


def _procedures(session: Session, kind: str) -> list[Named]:
    """Each key once, under the name of its latest version."""
    newest = (
        select(ProcessDefinition.key, func.max(ProcessDefinition.version).label("version"))
        .where(ProcessDefinition.agency_kind.in_(("", kind)))
        .group_by(ProcessDefinition.key)
        .subquery()
    )
    named = (
        select(ProcessDefinition.key, ProcessDefinition.name)
        .join(
            newest,
            (newest.c.key == ProcessDefinition.key)
            & (newest.c.version == ProcessDefinition.version),
        )
        .order_by(ProcessDefinition.name)
    )
    return [(key, name) for key, name in session.execute(named)]

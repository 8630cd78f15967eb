"""Procedures that a person may start by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import permissions
from engine.actors import Actor
from engine.errors import Forbidden, NotFound
from engine.store.models import ProcessDefinition

if TYPE_CHECKING:
    from engine.engine import Engine


@dataclass(frozen=True)
class Startable:
    """The latest version of a procedure that the actor may start."""

    definition_id: str
    key: str
    version: int
    name: str
    start_form: str | None
    about: str
    """Words of the button that raises it about an open request, under a number of its own
    (process property `request.about`); empty: it is a further instance of that request."""
    own_number: bool
    """Begins a request of its own (process property `request.type`)."""

    @property
    def procedure(self) -> str:
        """The procedure it is a part of: `information_query` of `information_query__withdraw`."""
        return self.key.split("__")[0]

    @property
    def alone(self) -> bool:
        """Makes sense without a request that is there already."""
        return self.own_number or self.procedure == self.key


def startable(engine: Engine, actor: Actor) -> Sequence[Startable]:
    """Latest versions, not suspended, of the actor's kind of agency, that his roles may start."""
    with engine.database.read() as session:
        found = [one for one in _latest(session) if permissions.may_start(actor, one)]
        return [_view(engine, session, one) for one in found]


def startable_definition(engine: Engine, actor: Actor, key: str) -> Startable:
    """The one to start under `key`. Raises NotFound, Forbidden("process.not_startable")."""
    with engine.database.read() as session:
        found = next((one for one in _latest(session) if one.key == key), None)
        if found is None:
            raise NotFound("process.unknown", process=key)
        if not permissions.may_start(actor, found):
            raise Forbidden("process.not_startable", process=found.name)
        return _view(engine, session, found)


def _latest(session: Session) -> Sequence[ProcessDefinition]:
    newest = select(
        ProcessDefinition.key, func.max(ProcessDefinition.version).label("version")
    ).group_by(ProcessDefinition.key)
    per_key = newest.subquery()
    return session.scalars(
        select(ProcessDefinition)
        .join(
            per_key,
            (per_key.c.key == ProcessDefinition.key)
            & (per_key.c.version == ProcessDefinition.version),
        )
        .where(ProcessDefinition.suspended.is_(False))
        .order_by(ProcessDefinition.name)
    ).all()


def _view(engine: Engine, session: Session, one: ProcessDefinition) -> Startable:
    properties = engine.definitions.process(session, one.id).model.properties
    about = properties.get("request.about", "")
    own_number = "request.type" in properties
    return Startable(one.id, one.key, one.version, one.name, one.start_form, about, own_number)

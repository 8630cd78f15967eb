"""What has been raised about a request: review suggestions, special situations, leads (C-5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from engine import permissions, running
from engine.actors import Actor
from engine.store.models import ProcessDefinition, ProcessInstance

if TYPE_CHECKING:
    from engine.engine import Engine


@dataclass(frozen=True)
class Raised:
    """An instance of the agency that names the request as the one it is about."""

    instance: ProcessInstance
    name: str
    flag: str
    """What the request shows while this is open, e.g. 有审查建议 (process property `request.flag`);
    empty where it has ended or shows nothing."""
    may_see: bool


def raised_about(
    engine: Engine, session: Session, actor: Actor, about: ProcessInstance
) -> Sequence[Raised]:
    """Oldest first. That there is something the whole agency may know, what it says may not be
    seen by everybody: `may_see`."""
    statement = (
        select(ProcessInstance, ProcessDefinition.name, permissions.sees_instance(actor))
        .join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
        .where(
            ProcessInstance.origin_request == about.business_key,
            ProcessInstance.business_key != about.business_key,
            ProcessInstance.agency_id == about.agency_id,
        )
        .order_by(ProcessInstance.started_at, ProcessInstance.id)
    )
    return [
        Raised(one, name, _flag(engine, session, one), bool(may_see))
        for one, name, may_see in session.execute(statement)
    ]


def open_about(request: Any, agency_id: Any) -> ColumnElement[bool]:
    """For a list's statement: whether something raised about the row's request is open."""
    about = aliased(ProcessInstance)
    return (
        select(about.id)
        .where(
            about.origin_request == request,
            about.business_key != request,
            about.agency_id == agency_id,
            about.ended_at.is_(None),
        )
        .exists()
    )


def flags_of(
    engine: Engine, session: Session, agency_id: str | None, requests: Iterable[str]
) -> Mapping[str, list[str]]:
    """What each request shows of the open ones raised about it; one statement for a whole list."""
    about = ProcessInstance.origin_request
    statement = (
        select(about, ProcessInstance.definition_id)
        .where(
            about.in_(set(requests)),
            about != ProcessInstance.business_key,
            ProcessInstance.agency_id == agency_id,
            ProcessInstance.state.in_(running.ALIVE),
        )
        .distinct()
    )
    found: dict[str, set[str]] = {}
    for request, definition_id in session.execute(statement):
        flag = _shown_by(engine, session, definition_id)
        found.setdefault(str(request), set()).update([flag] if flag else [])
    return {request: sorted(flags) for request, flags in found.items()}


def _flag(engine: Engine, session: Session, one: ProcessInstance) -> str:
    alive = one.state in running.ALIVE
    return _shown_by(engine, session, one.definition_id) if alive else ""


def _shown_by(engine: Engine, session: Session, definition_id: str) -> str:
    properties = engine.definitions.process(session, definition_id).model.properties
    return str(properties.get("request.flag", ""))

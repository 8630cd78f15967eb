"""What has been raised about a request: review suggestions, special situations, leads (C-5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

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


def _flag(engine: Engine, session: Session, one: ProcessInstance) -> str:
    if one.state not in running.ALIVE:
        return ""
    properties = engine.definitions.process(session, one.definition_id).model.properties
    return str(properties.get("request.flag", ""))

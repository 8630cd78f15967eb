"""异常: what stopped in an agency's instances and waits for a supervisor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, select

from engine.actors import Actor
from engine.errors import NotFound
from engine.queries.supervision import overseen
from engine.store.models import Activity, Incident, Job, ProcessDefinition, ProcessInstance

if TYPE_CHECKING:
    from engine.engine import Engine

SHOWN = 200
"""More open incidents than this are one cause: the first ones tell it."""


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """An incident with the instance it stopped. `job`: kind of the failed job, None without one."""

    id: str
    code: str
    params: Mapping[str, Any]
    raised_at: datetime
    state: str
    element_id: str | None
    element_name: str | None
    instance_id: str
    instance_state: str
    business_key: str
    case_no: str | None
    process_name: str
    job: str | None


def open_incidents(engine: Engine, actor: Actor) -> Sequence[OpenIncident]:
    """Of the actor's agency, the latest first. Raises Forbidden."""
    latest = (
        _incidents(overseen(actor))
        .where(Incident.state == "open")
        .order_by(Incident.raised_at.desc(), Incident.id)
        .limit(SHOWN)
    )
    with engine.database.read() as session:
        return [OpenIncident(*row) for row in session.execute(latest)]


def incident(engine: Engine, actor: Actor, incident_id: str) -> OpenIncident:
    """One, resolved or not. Raises Forbidden, NotFound("incident.unknown")."""
    with engine.database.read() as session:
        found = _incidents(overseen(actor)).where(Incident.id == incident_id)
        row = session.execute(found).one_or_none()
    if row is None:
        raise NotFound("incident.unknown", incident=incident_id)
    return OpenIncident(*row)


def _incidents(agency_id: str) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Incident.id,
            Incident.code,
            Incident.params,
            Incident.raised_at,
            Incident.state,
            Incident.element_id,
            _element_name(),
            ProcessInstance.id,
            ProcessInstance.state,
            ProcessInstance.business_key,
            ProcessInstance.case_no,
            ProcessDefinition.name,
            Job.kind,
        )
        .join(ProcessInstance, ProcessInstance.id == Incident.instance_id)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
        .outerjoin(Job, (Job.id == Incident.job_id) & (Job.state == "failed"))
        .where(ProcessInstance.agency_id == agency_id)
    )


def _element_name() -> Any:
    """As the element was called when the instance was last at it."""
    return (
        select(Activity.name)
        .where(
            Activity.instance_id == Incident.instance_id,
            Activity.element_id == Incident.element_id,
            Activity.name != "",
        )
        .limit(1)
        .scalar_subquery()
    )

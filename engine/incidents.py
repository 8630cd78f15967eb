"""Incidents: what the engine could not do by itself; trying again, or telling that it is done."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec, TypeVar

from engine import permissions, reasons
from engine.bpmn.faults import Fault
from engine.errors import Conflict, Forbidden, NotFound
from engine.store.models import Incident, Job, ProcessInstance
from engine.store.unit_of_work import Unit
from engine.verbs import unit_of_work, verb

P = ParamSpec("P")
R = TypeVar("R")


def reporting_faults(
    body: Callable[Concatenate[Unit, P], R],
) -> Callable[Concatenate[Unit, P], R]:
    """A `Fault` in a person's verb remembers which instance it happened in.

    The verb rolls back; `report` then writes the incident in a unit of work of its own.
    """

    def guarded(unit: Unit, /, *args: P.args, **values: P.kwargs) -> R:
        try:
            return body(unit, *args, **values)
        except Fault as fault:
            known = unit.session.identity_map.values()
            locked = [row.id for row in known if isinstance(row, ProcessInstance)]
            fault.params.setdefault("instance", locked[0] if len(locked) == 1 else None)
            raise

    update_wrapper(guarded, body)
    return guarded


def report(engine: Any, actor_id: str, fault: Fault) -> str | None:
    """Write an incident for a fault whose verb was rolled back; its id.

    None where the instance itself was rolled back with it (a start that failed).
    """
    instance_id = fault.params.get("instance")
    with unit_of_work(engine, actor_id) as unit:
        instance = unit.session.get(ProcessInstance, instance_id) if instance_id else None
        if instance is None:
            return None
        return raise_incident(unit, fault, instance=instance).id


def raise_incident(
    unit: Unit,
    problem: Fault | None,
    *,
    instance: ProcessInstance | None = None,
    job: Job | None = None,
    envelope_id: str | None = None,
    code: str = "",
) -> Incident:
    """Record an incident and tell those who can do something about it."""
    params = {k: _plain(v) for k, v in (problem.params if problem else {}).items()}
    incident = Incident(
        instance_id=instance.id if instance else None,
        job_id=job.id if job else None,
        envelope_id=envelope_id,
        element_id=problem.element if problem else (job.element_id if job else None),
        code=problem.code if problem else code,
        params=params,
        raised_at=unit.now,
    )
    unit.session.add(incident)
    unit.session.flush()
    if instance is not None:
        instance.incident_count += 1
        _tell(unit, instance, incident)
    unit.audit("incident.raised", "incident", incident.id, instance=instance)
    return incident


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | bool | None) else str(value)


def _tell(unit: Unit, instance: ProcessInstance, incident: Incident) -> None:
    for role in ("court_command_center", "police_legal"):
        unit.notify(
            "incident",
            agency_id=instance.agency_id,
            role=role,
            instance=instance,
            params={"incident": incident.id, "code": incident.code, "element": incident.element_id},
        )


@verb
def retry_incident(unit: Unit, incident_id: str, reason: str) -> None:
    """Try again: the failed job is due now with fresh retries; the incident is resolved.

    Raises `NotFound`, `Forbidden`, `Refusal` (reason.missing), `Conflict` (incident.resolved).
    """
    incident, instance = _open_incident(unit, incident_id, reason)
    job = unit.session.get(Job, incident.job_id or "")
    if job is not None and job.state == "failed":
        job.state, job.retries, job.due_at, job.error = "waiting", 3, unit.now, None
    _resolve(unit, incident, instance, reason)
    detail = {"reason": reason}
    unit.audit("incident.retried", "incident", incident.id, instance=instance, detail=detail)


@verb
def resolve_incident(unit: Unit, incident_id: str, note: str) -> None:
    """A person has put it right by other means; `note` says how. Nothing is tried again.

    Raises `NotFound`, `Forbidden`, `Refusal` (reason.missing), `Conflict` (incident.resolved).
    """
    incident, instance = _open_incident(unit, incident_id, note)
    _resolve(unit, incident, instance, note)
    detail = {"reason": note}
    unit.audit("incident.resolved", "incident", incident.id, instance=instance, detail=detail)


def _open_incident(
    unit: Unit, incident_id: str, reason: str
) -> tuple[Incident, ProcessInstance | None]:
    incident = unit.session.get(Incident, incident_id, with_for_update=True)
    if incident is None:
        raise NotFound("incident.unknown", incident=incident_id)
    instance = unit.session.get(ProcessInstance, incident.instance_id or "")
    _require_supervision(unit, instance)
    if incident.state != "open":
        raise Conflict("incident.resolved", incident=incident_id)
    reasons.require(reason)
    return incident, instance


def _resolve(
    unit: Unit, incident: Incident, instance: ProcessInstance | None, resolution: str
) -> None:
    incident.state, incident.resolved_at = "resolved", unit.now
    incident.resolved_by, incident.resolution = unit.actor.id, resolution.strip()
    if instance is not None:
        instance.incident_count = max(0, instance.incident_count - 1)


def _require_supervision(unit: Unit, instance: ProcessInstance | None) -> None:
    if unit.actor.kind == "system":
        return
    if instance is None or instance.agency_id != unit.actor.agency_id:
        raise NotFound("incident.unknown")
    if not permissions.supervises(unit.actor, instance):
        raise Forbidden("instance.may_not_supervise")

"""A supervisor takes a technical job in hand: do it now, later, or try it again.

Statutory limits are no technical jobs. They are moved by an extension with its ground and clause,
never by a due date (D4).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select

from engine import permissions, running
from engine.errors import Conflict, Forbidden, NotFound, Refusal
from engine.incidents import reporting_faults
from engine.jobs import perform_job
from engine.store.models import Deadline, Incident, Job, ProcessInstance
from engine.store.unit_of_work import Unit
from engine.verbs import verb

KINDS = ("timer", "async", "signal")
"""Jobs that a diagram draws; deliveries and reminders are the engine's own."""
MOST_RETRIES = 1_000


@verb
@reporting_faults
def execute_job(unit: Unit, job_id: str) -> None:
    """Do it now, whenever it is due. Raises `Conflict` job.not_waiting, `Refusal` job.statutory."""
    job, instance = _in_hand(unit, job_id)
    running.require_active(instance)
    _require_technical(unit, job)
    if job.state != "waiting":
        raise Conflict("job.not_waiting", job=job_id, state=job.state)
    job.due_at = unit.now
    unit.audit("job.executed", "job", job.id, instance=instance)
    unit.session.flush()
    perform_job.within(unit, job.id, instance.id, alone=True)


@verb
def set_job_due(unit: Unit, job_id: str, due_at: datetime) -> None:
    """Another due instant. Raises `Conflict` job.not_waiting, `Refusal` job.statutory."""
    job, instance = _in_hand(unit, job_id)
    _require_technical(unit, job)
    if job.state != "waiting":
        raise Conflict("job.not_waiting", job=job_id, state=job.state)
    before, job.due_at = job.due_at, due_at
    detail = {"from": before.isoformat(), "to": due_at.isoformat()}
    unit.audit("job.due_set", "job", job.id, instance=instance, detail=detail)


@verb
def set_job_retries(unit: Unit, job_id: str, retries: int) -> None:
    """Further tries: a failed job is due now and its incident resolved; none: it waits for ever.

    Raises `Refusal` job.bad_retries, `Conflict` job.not_waiting.
    """
    if not 0 <= retries <= MOST_RETRIES:
        raise Refusal("job.bad_retries", found=retries, limit=MOST_RETRIES)
    job, instance = _in_hand(unit, job_id)
    if job.state not in ("waiting", "failed"):
        raise Conflict("job.not_waiting", job=job_id, state=job.state)
    if retries == 0 and job.state == "waiting":
        _require_technical(unit, job)
        job.state = "failed"
    elif retries and job.state == "failed":
        job.state, job.due_at, job.error = "waiting", unit.now, None
        _resolve(unit, job, instance)
    job.retries = retries
    detail = {"retries": retries}
    unit.audit("job.retries_set", "job", job.id, instance=instance, detail=detail)


def _in_hand(unit: Unit, job_id: str) -> tuple[Job, ProcessInstance]:
    """The job and its instance, locked, for whoever supervises it."""
    query = select(Job.instance_id).where(Job.id == job_id, Job.kind.in_(KINDS))
    instance_id = unit.session.scalar(query)
    if instance_id is None:
        raise NotFound("job.unknown", job=job_id)
    instance = running.lock(unit.session, instance_id)
    if unit.actor.kind != "system":
        if instance.agency_id != unit.actor.agency_id:
            raise NotFound("job.unknown", job=job_id)
        if not permissions.supervises(unit.actor, instance):
            raise Forbidden("instance.may_not_supervise")
    return unit.session.get_one(Job, job_id, with_for_update=True), instance


def _require_technical(unit: Unit, job: Job) -> None:
    statutory = exists().where(Deadline.job_id == job.id)
    if unit.session.scalar(select(statutory)):
        raise Refusal("job.statutory", job=job.id, element=job.element_id)


def _resolve(unit: Unit, job: Job, instance: ProcessInstance) -> None:
    query = select(Incident).where(Incident.job_id == job.id, Incident.state == "open")
    for incident in unit.session.scalars(query):
        incident.state, incident.resolved_at = "resolved", unit.now
        incident.resolved_by, incident.resolution = unit.actor.id, "job.retries_set"
        instance.incident_count = max(0, instance.incident_count - 1)

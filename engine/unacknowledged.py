"""An urgent message that nobody acknowledges climbs from person to person (procedures C-11)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from engine.store.models import Agency, Envelope, Job, Notification, ProcessInstance
from engine.store.unit_of_work import Unit


def watch(unit: Unit, envelope: Envelope, rung: int = 0) -> None:
    """Look again after the minutes that the norms give."""
    minutes = unit.engine.statutes.current.unacknowledged.minutes
    job = Job(
        kind="urgent",
        task_id=envelope.id,
        due_at=unit.now + timedelta(minutes=minutes),
        created_at=unit.now,
        detail={"rung": rung},
    )
    unit.session.add(job)


def climb(unit: Unit, job: Job) -> None:
    """Tell the next rung, unless a person has acknowledged the message meanwhile."""
    envelope = unit.session.get_one(Envelope, job.task_id)
    rungs = unit.engine.statutes.current.unacknowledged.rungs
    rung = int(job.detail["rung"])
    if envelope.acknowledged_at is not None or rung >= len(rungs):
        return
    for role in _of_receiver(unit, envelope, rungs[rung]):
        _tell(unit, envelope, role, rung)
    watch(unit, envelope, rung + 1)


def _of_receiver(unit: Unit, envelope: Envelope, roles: Sequence[str]) -> list[str]:
    """A rung names roles of courts and of the police; whoever received it has only one kind."""
    police = unit.session.get_one(Agency, envelope.to_agency).kind == "police"
    others = "court_" if police else "police_"
    return [role for role in roles if not role.startswith(others)]


def _tell(unit: Unit, envelope: Envelope, role: str, rung: int) -> None:
    instance = unit.session.get(ProcessInstance, envelope.instance_id or "")
    notice: Notification = unit.notify(
        "message",
        agency_id=envelope.to_agency,
        role=role,
        instance=instance,
        level=rung + 1,
        params={"message": envelope.name, "envelope": envelope.id},
    )
    notice.business_key = envelope.business_key

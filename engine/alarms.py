"""Reminders and escalation: the ladder of a deadline climbs until the duty is done (A6 C-2)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from engine import ledger
from engine.store.models import Deadline, Job, ProcessInstance, UserTask
from engine.store.unit_of_work import Unit

HEADS = {"court": "court_division_head", "police": "police_leader"}
"""Who heads a unit, by kind of agency (the ladder's `bearer_head`)."""


def climb(unit: Unit, job: Job, instance: ProcessInstance) -> None:
    """Ring every alarm that is due, then wait for the next; nothing ends a duty but the act."""
    deadline = unit.session.get_one(Deadline, job.task_id)
    if deadline.state not in ledger.OPEN:
        return
    left = [alarm for alarm in job.detail["alarms"] if not _ring(unit, instance, deadline, alarm)]
    if left:
        _wait_on(unit, job, left)


def _ring(unit: Unit, instance: ProcessInstance, deadline: Deadline, alarm: dict[str, Any]) -> bool:
    """Ring it if it is due; True when it will not ring again."""
    at = datetime.fromisoformat(alarm["at"])
    if at > unit.now:
        return False
    if alarm["kind"] == "overdue":
        ledger.pass_due(unit, deadline, at)
        return True
    _tell(unit, instance, deadline, alarm)
    if alarm["every"]:
        every = timedelta(seconds=alarm["every"])
        missed = (unit.now - at) // every + 1
        alarm["at"] = (at + every * missed).isoformat()
        return False
    return True


def _wait_on(unit: Unit, job: Job, left: list[dict[str, Any]]) -> None:
    left.sort(key=lambda alarm: alarm["at"])
    unit.session.add(
        Job(
            kind="ladder",
            instance_id=job.instance_id,
            task_id=job.task_id,
            element_id=job.element_id,
            due_at=datetime.fromisoformat(left[0]["at"]),
            detail={"alarms": left},
            created_at=unit.now,
        )
    )


def _tell(unit: Unit, instance: ProcessInstance, deadline: Deadline, alarm: dict[str, Any]) -> None:
    kind = "reminder" if alarm["kind"] == "reminder" else "escalation"
    detail = {"to": alarm["to"], "level": alarm["level"]}
    ledger.enter(unit, deadline, kind, happened_at=unit.now, detail=detail)
    for recipient in alarm["to"]:
        for address in addresses(unit, instance, deadline, recipient):
            unit.notify(
                kind if kind == "escalation" else "reminder",
                instance=instance,
                level=alarm["level"],
                params={
                    "period": deadline.period_id,
                    "deadline": deadline.id,
                    "due": deadline.due_at.isoformat(),
                },
                **address,
            )


def addresses(
    unit: Unit, instance: ProcessInstance, deadline: Deadline, recipient: str
) -> list[dict[str, Any]]:
    """Inboxes behind a word of the ladder: a role code, or bearer, bearer_head, counterpart."""
    if recipient == "bearer":
        return _bearers(unit, deadline)
    if recipient == "counterpart":
        return _counterparts(unit, instance)
    if recipient == "bearer_head":
        kind = _kind_of(instance, instance.agency_id)
        role = HEADS.get(kind, "court_command_center")
        return [{"agency_id": instance.agency_id, "role": role}]
    kind = recipient.split("_", 1)[0]
    agency_id = instance.parties.get(kind, instance.agency_id)
    return [{"agency_id": agency_id, "role": recipient}]


def _kind_of(instance: ProcessInstance, agency_id: str) -> str:
    return next((k for k, a in instance.parties.items() if a == agency_id), "court")


def _bearers(unit: Unit, deadline: Deadline) -> list[dict[str, Any]]:
    """Whoever holds an open task of the duty; nobody yet: the role and unit it waits for."""
    query = select(UserTask).where(
        UserTask.instance_id == deadline.instance_id, UserTask.state == "open"
    )
    tasks = list(unit.session.scalars(query))
    own = [task for task in tasks if task.deadline_id == deadline.id] or tasks
    if not own:
        return [{"agency_id": deadline.agency_id, "person_id": _starter(unit, deadline)}]
    found = {}
    for task in own:
        address: dict[str, Any] = {"agency_id": task.agency_id}
        if task.assignee:
            address["person_id"] = task.assignee
        else:
            address |= {"role": task.role, "unit_id": task.unit_id}
        found[tuple(sorted(address.items(), key=str))] = address
    return list(found.values())


def _starter(unit: Unit, deadline: Deadline) -> str:
    query = select(ProcessInstance.started_by).where(ProcessInstance.id == deadline.instance_id)
    return str(unit.session.scalar(query))


def _counterparts(unit: Unit, instance: ProcessInstance) -> list[dict[str, Any]]:
    """The handler on the other side: holders of the request's open tasks, else who started it."""
    other = ProcessInstance.agency_id != instance.agency_id
    same = ProcessInstance.business_key == instance.business_key
    query = select(ProcessInstance).where(same, other, ProcessInstance.state == "active")
    sides = list(unit.session.scalars(query))
    found: list[dict[str, Any]] = []
    for side in sides:
        tasks = unit.session.scalars(
            select(UserTask).where(UserTask.instance_id == side.id, UserTask.assignee.is_not(None))
        )
        people = {task.assignee for task in tasks if task.assignee and task.state == "open"}
        found += [{"agency_id": side.agency_id, "person_id": person} for person in sorted(people)]
        if not people and side.started_by not in ("system", instance.started_by):
            found.append({"agency_id": side.agency_id, "person_id": side.started_by})
    return found

"""Deadlines: begun where a border timer with a period is armed, met where its activity ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from engine import ledger
from engine.bpmn.execution import Execution
from engine.bpmn.journal import ArmedTimer, ComputedPeriod
from engine.store.models import Deadline, DeadlineEntry, Job, ProcessInstance
from engine.store.types import new_id
from engine.store.unit_of_work import Unit
from engine.store.upsert import save_all
from engine.timing.ladder import Alarm
from engine.timing.periods import Period
from engine.timing.zone import local


@dataclass(frozen=True, slots=True)
class Lateness:
    """A statutory duty done after its due instant, and the entry that will say why."""

    deadline: Deadline
    entry: DeadlineEntry


@dataclass(frozen=True, slots=True)
class Standing:
    """The deadlines of an instance after a run."""

    binding: list[Deadline]
    closed: list[str]
    """Ids of those that ended in this run."""
    late: list[Lateness]


def write(
    unit: Unit,
    instance: ProcessInstance,
    execution: Execution,
    jobs: Mapping[str, str],
    happened_at: datetime | None,
) -> Standing:
    """Begin, meet and void deadlines. `jobs`: the job of each armed timer, by engine task."""
    running = _open(unit, instance)
    late = _close(unit, instance, execution, running, happened_at)
    closed = [one for one in running if one.state not in ledger.OPEN]
    begun = [
        _begin(unit, instance, timer, jobs.get(timer.task_id))
        for timer in execution.journal.timers
        if _is_duty(timer) and timer.task_id in execution.tasks
    ]
    save_all(unit.session, [*closed, *begun], ("state", "met_at"))
    still = [one for one in [*running, *begun] if one.state in ledger.OPEN]
    binding = [one for one in still if one.kind != "hint"]
    return Standing(binding, [one.id for one in closed], late)


def _open(unit: Unit, instance: ProcessInstance) -> list[Deadline]:
    if not instance.open_deadlines:
        return []
    query = select(Deadline).where(
        Deadline.instance_id == instance.id, Deadline.state.in_(ledger.OPEN)
    )
    return list(unit.session.scalars(query))


def _is_duty(timer: ArmedTimer) -> bool:
    """Whether the timer draws a period of an activity and will ever end."""
    named = timer.periods or timer.legal_periods
    return bool(named) and timer.due_at is not None and timer.duty_task_id is not None


# closing ------------------------------------------------------------------------------


def _close(
    unit: Unit,
    instance: ProcessInstance,
    execution: Execution,
    running: list[Deadline],
    happened_at: datetime | None,
) -> list[Lateness]:
    journal = execution.journal
    met_by_element = {period for _, periods in journal.met for period in periods}
    late = []
    for deadline in running:
        visit = journal.visits.get(deadline.scope_id)
        ended = visit.ended if visit is not None else None
        if deadline.period_id in met_by_element or ended == "completed":
            entry = ledger.meet(unit, instance, deadline, happened_at)
            if deadline.state == "met_late" and deadline.kind == "statutory":
                late.append(Lateness(deadline, entry))
        elif ended == "cancelled" or (journal.finished and ended is None):
            ledger.void(unit, instance, deadline)
    return late


# beginning ----------------------------------------------------------------------------


def _begin(
    unit: Unit, instance: ProcessInstance, timer: ArmedTimer, job_id: str | None
) -> Deadline:
    computed = _leading(timer)
    deadline = _row(unit, instance, timer, computed)
    deadline.job_id = job_id
    instance.open_deadlines += 1
    counted = _counted(deadline, computed.period) if computed else {}
    ledger.enter(unit, deadline, "start", happened_at=deadline.started_at, detail=counted)
    if computed is not None:
        arm_ladder(unit, instance, deadline, computed.period)
    return deadline


def _counted(deadline: Deadline, period: Period) -> dict[str, Any]:
    """What it was counted from: an import of a calendar counts it again, unless an end was said."""
    if period.until is not None:
        return {"stated": deadline.due_at.isoformat()}
    return {"period": deadline.period_id, "amount": period.n}


def _leading(timer: ArmedTimer) -> ComputedPeriod | None:
    """Of several limits on one duty, the one that ends when the timer does."""
    for computed in timer.periods:
        if computed.period.due == timer.due_at:
            return computed
    return timer.periods[-1] if timer.periods else None


def _row(
    unit: Unit, instance: ProcessInstance, timer: ArmedTimer, computed: ComputedPeriod | None
) -> Deadline:
    started = computed.start if computed else unit.now
    period_id = computed.period_id if computed else timer.legal_periods[0]
    return Deadline(
        id=new_id(),
        instance_id=instance.id,
        agency_id=instance.agency_id,
        unit_id=instance.unit_id,
        business_key=instance.business_key,
        period_id=period_id,
        element_id=timer.element_id,
        duty_element_id=timer.duty_element_id or "",
        scope_id=timer.duty_task_id or "",
        kind=_kind(unit, instance, period_id, started),
        started_at=started,
        due_at=timer.due_at,
        state="running",
        provisional=bool(computed and computed.period.provisional),
        profile=instance.profile,
        norms_version=instance.norms_version,
        calendar_version=unit.engine.statutes.current.calendar.version,
        derivation=derivation(computed.period) if computed else [],
        clause=timer.clause,
    )


def _kind(unit: Unit, instance: ProcessInstance, period_id: str, started: datetime) -> str:
    norms = unit.engine.statutes.version(unit.session, instance.norms_version)
    if period_id not in norms.periods:
        return "advisory"
    row = norms.period(period_id, instance.profile, local(started).date())
    return row.kind if row else "advisory"


def derivation(period: Period) -> list[dict[str, Any]]:
    """Which days were counted, which skipped and why, as a row keeps it."""
    return [step.as_data() for step in period.derivation]


# the ladder ---------------------------------------------------------------------------


def arm_ladder(
    unit: Unit,
    instance: ProcessInstance,
    deadline: Deadline,
    period: Period,
    after: datetime | None = None,
) -> None:
    """One job for the next alarm; it carries the rest of the ladder with it.

    `after`: alarms until then have rung already (a deadline that was moved).
    """
    norms = unit.engine.statutes.version(unit.session, instance.norms_version)
    rings = (alarm for alarm in norms.alarms(period) if after is None or alarm.at > after)
    alarms = [_alarm(alarm) for alarm in rings]
    overdue = {"kind": "overdue", "at": deadline.due_at.isoformat(), "to": [], "level": 0}
    alarms = sorted([overdue, *alarms], key=lambda a: (a["at"], a["kind"] != "overdue"))
    job = Job(
        id=new_id(),
        kind="ladder",
        instance_id=instance.id,
        task_id=deadline.id,
        element_id=deadline.element_id,
        due_at=datetime.fromisoformat(alarms[0]["at"]),
        detail={"alarms": alarms},
        created_at=unit.now,
    )
    unit.session.add(job)


def _alarm(alarm: Alarm) -> dict[str, Any]:
    return {
        "kind": alarm.kind.value,
        "at": alarm.at.astimezone(UTC).isoformat(),
        "to": list(alarm.to),
        "level": alarm.level,
        "every": alarm.every.total_seconds() if alarm.every else None,
    }

"""Moving a deadline: extended by a decision, counted again with a new calendar (D4).

The ledger, the row, the timer's job, the ladder and the tasks of the duty move together. The job
row alone decides when a timer fires, so the engine's state need not be woken for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from engine import ledger, permissions, running
from engine.alarms import addresses
from engine.errors import Conflict, Forbidden, NotFound, Refusal
from engine.projection import jobs
from engine.projection.deadlines import arm_ladder, derivation
from engine.store.models import Deadline, DeadlineEntry, Job, ProcessInstance, UserTask
from engine.store.unit_of_work import Unit
from engine.timing.norms import Norms
from engine.timing.periods import Period
from engine.timing.zone import local
from engine.verbs import verb

_SECOND = timedelta(seconds=1)
COUNTED = ("start", "extension", "recomputed")
"""Ledger entries that say what a due instant was counted from."""


@dataclass(frozen=True, slots=True)
class Extension:
    """To when: exactly one of another period from the same start, an amount, an instant."""

    period: str | None = None
    amount: int | None = None
    due: datetime | None = None


@verb
def extend_deadline(
    unit: Unit,
    deadline_id: str,
    ground: str,
    clause: str,
    *,
    period: str | None = None,
    amount: int | None = None,
    due: datetime | None = None,
) -> None:
    """A supervisor extends a running or overdue deadline, by a decision that allows it.

    `period`: the id that `extends_to` of its row names; `amount`: in the unit of its period;
    `due`: an instant. Raises `NotFound`, `Forbidden`, `Conflict` (deadline.not_running), `Refusal`
    (deadline.extension, deadline.not_later, reason.missing, period.amount).
    """
    deadline = unit.session.get(Deadline, deadline_id)
    if deadline is None or deadline.agency_id != unit.actor.agency_id:
        raise NotFound("deadline.unknown", deadline=deadline_id)
    if not permissions.supervises(unit.actor, deadline):
        raise Forbidden("instance.may_not_supervise")
    extend(unit, deadline, Extension(period, amount, due), ground, clause)


def extend(unit: Unit, deadline: Deadline, extension: Extension, ground: str, clause: str) -> None:
    """The part of `extend_deadline` that a diagram's decision does too. Raises as it does."""
    instance = running.lock(unit.session, deadline.instance_id)
    unit.session.refresh(deadline)
    if deadline.state not in ledger.OPEN:
        raise Conflict("deadline.not_running", period=deadline.period_id, state=deadline.state)
    if len(ground.strip()) < 2:
        raise Refusal("reason.missing")
    extended = _extended(unit, deadline, extension)
    if extended.due is None or extended.due <= deadline.due_at:
        raise Refusal("deadline.not_later", due=deadline.due_at, found=extended.due)
    before = deadline.due_at
    _make_hints(unit, deadline)
    _move(unit, instance, deadline, extended)
    ledger.enter(
        unit,
        deadline,
        "extension",
        ground=ground,
        clause=clause or None,
        detail=_counted(deadline, extension),
    )
    detail = {"period": deadline.period_id, "from": before.isoformat()}
    detail["to"] = deadline.due_at.isoformat()
    unit.audit("deadline.extended", "deadline", deadline.id, instance=instance, detail=detail)


def _extended(unit: Unit, deadline: Deadline, extension: Extension) -> Period:
    given = [extension.period, extension.amount, extension.due]
    if sum(value is not None for value in given) != 1:
        raise Refusal("deadline.extension", period=deadline.period_id)
    norms = unit.engine.statutes.version(unit.session, deadline.norms_version)
    if extension.due is not None:
        return _stated(_counted_again(norms, deadline, {}), extension.due)
    if extension.period is not None:
        _require_extends_to(norms, deadline, extension.period)
    return _counted_again(norms, deadline, _counted(deadline, extension))


def _require_extends_to(norms: Norms, deadline: Deadline, period: str) -> None:
    """The law says into what a period may be extended; nothing else is one."""
    row = norms.periods.get(deadline.period_id)
    if row is None or row.extends_to != period:
        expected = row.extends_to if row else None
        raise Refusal(
            "deadline.extends_to", period=deadline.period_id, found=period, expected=expected
        )


def _counted(deadline: Deadline, extension: Extension) -> dict[str, Any]:
    """What an entry keeps, so that a calendar import can count the same again."""
    if extension.due is not None:
        return {"stated": extension.due.isoformat()}
    return {"period": extension.period or deadline.period_id, "amount": extension.amount}


def _counted_again(norms: Norms, deadline: Deadline, counted: dict[str, Any]) -> Period:
    """Count from the start fact. Raises `Refusal` where the profile has no such limit."""
    timer = counted.get("period") or deadline.period_id
    found = norms.due(timer, deadline.profile, deadline.started_at, n=counted.get("amount"))
    if found is None:
        raise Refusal("deadline.no_such_limit", period=timer, profile=deadline.profile)
    return found


def _stated(period: Period, due: datetime) -> Period:
    """The period with an end that somebody decided."""
    last = local(due - _SECOND).date()
    return replace(period, n=None, until=last, last_day=last, due=due, provisional=False)


# the start fact -----------------------------------------------------------------------


def start_from(unit: Unit, deadline: Deadline, start: datetime) -> None:
    """The start fact is known: count from it what ran from an earlier one for the time being.

    Decisions on the specification 2: the clocks of a transfer run from its delivery until the
    receipt says when the materials were accepted. An end that somebody stated stays.
    """
    if start == deadline.started_at:
        return
    instance = running.lock(unit.session, deadline.instance_id)
    before, counted = deadline.due_at, _last_count(unit, deadline)
    deadline.started_at = start
    if "stated" not in counted:
        norms = unit.engine.statutes.version(unit.session, deadline.norms_version)
        _move(unit, instance, deadline, _counted_again(norms, deadline, counted))
    ledger.enter(unit, deadline, "start", happened_at=start, detail=counted)
    detail = {"period": deadline.period_id, "from": before.isoformat()}
    detail["to"] = deadline.due_at.isoformat()
    unit.audit("deadline.started", "deadline", deadline.id, instance=instance, detail=detail)


# hints --------------------------------------------------------------------------------


def _make_hints(unit: Unit, extended: Deadline) -> None:
    """Where one limit of a duty was lawfully extended, the other is a reminder only (提示).

    Decisions on the specification 9; `hint_when_extended` in periods.yaml.
    """
    norms = unit.engine.statutes.version(unit.session, extended.norms_version)
    for other in _of_same_duty(unit, extended):
        row = norms.periods.get(other.period_id)
        if row is not None and row.hint_when_extended == extended.period_id:
            other.kind = "hint"
            ledger.enter(unit, other, "hint", detail={"extended": extended.period_id})
            _keep_reminders(unit, other)


def _keep_reminders(unit: Unit, hint: Deadline) -> None:
    """Of its ladder only what comes before the due instant; nobody is told of lateness."""
    waiting = select(Job).where(
        Job.instance_id == hint.instance_id,
        Job.state == "waiting",
        Job.task_id == hint.id,
        Job.kind == "ladder",
    )
    for job in unit.session.scalars(waiting):
        alarms = [one for one in job.detail["alarms"] if one["kind"] == "reminder"]
        job.detail = {**job.detail, "alarms": alarms}
        if alarms:
            job.due_at = datetime.fromisoformat(alarms[0]["at"])
        else:
            job.state = "cancelled"


def _of_same_duty(unit: Unit, deadline: Deadline) -> Sequence[Deadline]:
    """Every open limit of the activity that bears the duty, this one among them."""
    query = select(Deadline).where(
        Deadline.instance_id == deadline.instance_id,
        Deadline.scope_id == deadline.scope_id,
        Deadline.state.in_(ledger.OPEN),
    )
    return unit.session.scalars(query).all()


# moving -------------------------------------------------------------------------------


def _move(unit: Unit, instance: ProcessInstance, deadline: Deadline, period: Period) -> None:
    assert period.due is not None
    deadline.due_at = period.due
    deadline.derivation = derivation(period)
    deadline.provisional = period.provisional
    deadline.calendar_version = period.calendar.version
    if deadline.due_at > unit.now:
        deadline.state = "running"
    unit.session.execute(
        update(Job)
        .where(Job.id == deadline.job_id, Job.state == "waiting")
        .values(due_at=deadline.due_at),
        execution_options={"synchronize_session": "fetch"},
    )
    jobs.cancel(unit, instance.id, [deadline.id])
    arm_ladder(unit, instance, deadline, period, after=unit.now)
    unit.session.flush()
    _move_tasks(unit, deadline)


def _move_tasks(unit: Unit, deadline: Deadline) -> None:
    """Open tasks of the same duty show the limit that now ends first."""
    limits = _of_same_duty(unit, deadline)
    binding = [limit for limit in limits if limit.kind != "hint"]
    first = min(binding or limits, key=lambda limit: limit.due_at)
    tasks = select(UserTask).where(
        UserTask.deadline_id.in_([limit.id for limit in limits]), UserTask.state == "open"
    )
    for task in unit.session.scalars(tasks):
        task.due_at, task.deadline_id = first.due_at, first.id


# a new calendar -----------------------------------------------------------------------


def recompute_provisional(unit: Unit, norms: Norms) -> int:
    """Count every open provisional deadline again with the calendar of `norms`; how many changed.

    A part of the import. Both sides are told of a due instant that moved.
    """
    waiting = select(Deadline).where(
        Deadline.provisional.is_(True), Deadline.state.in_(ledger.OPEN)
    )
    return sum(
        _recompute(unit, norms, deadline) for deadline in unit.session.scalars(waiting).all()
    )


def _recompute(unit: Unit, current: Norms, deadline: Deadline) -> bool:
    counted = _last_count(unit, deadline)
    if "stated" in counted:
        return False
    instance = running.lock(unit.session, deadline.instance_id)
    norms = unit.engine.statutes.version(unit.session, deadline.norms_version)
    period = _counted_again(norms.with_calendar(current.calendar), deadline, counted)
    before = deadline.due_at
    _move(unit, instance, deadline, period)
    moved = deadline.due_at != before
    ledger.enter(unit, deadline, "recomputed", detail={**counted, "before": before.isoformat()})
    detail = {"calendar": deadline.calendar_version, "moved": moved}
    unit.audit("deadline.recomputed", "deadline", deadline.id, instance=instance, detail=detail)
    if moved:
        _tell_both(unit, instance, deadline)
    return moved


def _last_count(unit: Unit, deadline: Deadline) -> dict[str, Any]:
    query = (
        select(DeadlineEntry.detail)
        .where(DeadlineEntry.deadline_id == deadline.id, DeadlineEntry.kind.in_(COUNTED))
        .order_by(DeadlineEntry.recorded_at.desc(), DeadlineEntry.id)
        .limit(1)
    )
    return dict(unit.session.scalar(query) or {})


def _tell_both(unit: Unit, instance: ProcessInstance, deadline: Deadline) -> None:
    params = {"period": deadline.period_id, "due": deadline.due_at.isoformat()}
    for address in _both(unit, instance, deadline):
        unit.notify("recomputed", instance=instance, params=params, **address)


def _both(unit: Unit, instance: ProcessInstance, deadline: Deadline) -> Iterable[dict[str, Any]]:
    for side in ("bearer", "counterpart"):
        yield from addresses(unit, instance, deadline, side)

"""What happens by itself: due jobs, claimed and done in one transaction each (D4).

A tick makes one indexed query. Two processes never do one job twice: the row of the instance, then
the row of the job are locked in the very transaction that runs the instance and writes it back. A
process killed in the middle leaves everything as it was; the job keeps its original due.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import literal, or_, select

from engine import running, self_starts, unacknowledged
from engine.actors import SYSTEM
from engine.alarms import climb
from engine.bpmn.execution import Execution
from engine.bpmn.faults import Fault
from engine.bpmn.timers import parse_span
from engine.engine import Engine
from engine.errors import Conflict, LiandongError, Unavailable
from engine.feel import decode
from engine.incidents import raise_incident
from engine.messages import deliver
from engine.projection import envelopes
from engine.signal_starts import SIGNAL
from engine.store import audit_chain
from engine.store.models import Envelope, Job, ProcessInstance
from engine.store.unit_of_work import Unit
from engine.timer_starts import TIMER
from engine.verbs import verb

log = logging.getLogger("liandong.jobs")
BATCH = 100
"""Jobs looked up at a time: many due timers never keep a tick from ending."""
TOGETHER = ("timer", "async")
"""Jobs that touch their own instance and no other: several of them share a transaction."""
MOST_TOGETHER = 20
"""Instances that one transaction holds: whoever wants one of them waits for a tenth of a second."""
PAUSES = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=10))
"""Wait after the first, second and third failure."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A job that was due when we looked."""

    id: str
    kind: str
    instance_id: str | None


def run_due(engine: Engine) -> int:
    """Do what is due; how many units of work did something. One failing job keeps no other back."""
    first, later = _first_of_each(due_jobs(engine))
    done = [one for group in _groups(first) for one in _attempt_together(engine, group)]
    fired = {one.instance_id for one in done if one.kind == "timer"}
    others = [one for one in later if one.instance_id not in fired and _attempt(engine, one)]
    return len(done) + len(others)


def _first_of_each(candidates: list[Candidate]) -> tuple[list[Candidate], list[Candidate]]:
    """A timer brings all that are due in its instance; its others are looked at if it fails."""
    first: list[Candidate] = []
    later: list[Candidate] = []
    seen: set[str | None] = set()
    for candidate in candidates:
        again = candidate.kind == "timer" and candidate.instance_id in seen
        (later if again else first).append(candidate)
        if candidate.kind == "timer":
            seen.add(candidate.instance_id)
    return first, later


def _groups(candidates: list[Candidate]) -> Iterator[list[Candidate]]:
    """Neighbours that may share a transaction; anything else goes alone, in its turn."""
    together: list[Candidate] = []
    for candidate in candidates:
        alone = candidate.kind not in TOGETHER
        if together and (alone or len(together) == MOST_TOGETHER):
            yield together
            together = []
        if alone:
            yield [candidate]
        else:
            together.append(candidate)
    if together:
        yield together


def due_jobs(engine: Engine, limit: int = BATCH) -> list[Candidate]:
    """The next due jobs, oldest first. Ladders run on while an instance is suspended (D4)."""
    now = engine.clock.now()
    # A literal, not a parameter: only so is the partial index used.
    waiting = Job.state == literal("waiting", literal_execute=True)
    suspended = select(ProcessInstance.id).where(ProcessInstance.state == "suspended")
    runs = or_(Job.kind == "ladder", Job.instance_id.is_(None), Job.instance_id.not_in(suspended))
    query = (
        select(Job.id, Job.kind, Job.instance_id)
        .where(waiting, Job.due_at <= now, runs)
        .order_by(Job.due_at, Job.id)
        .limit(limit)
    )
    with engine.database.read() as session:
        return [Candidate(*row) for row in session.execute(query)]


def next_due(engine: Engine, after: datetime) -> datetime | None:
    """When the next waiting job falls due later than `after`."""
    waiting = Job.state == literal("waiting", literal_execute=True)
    query = select(Job.due_at).where(waiting, Job.due_at > after).order_by(Job.due_at).limit(1)
    with engine.database.read() as session:
        return session.scalar(query)


def until_next(engine: Engine, most: float) -> float:
    """Seconds until the next waiting job falls due, but not more than `most`."""
    now = engine.clock.now()
    due = next_due(engine, now)
    return most if due is None else min(most, (due - now).total_seconds())


def _attempt_together(engine: Engine, group: list[Candidate]) -> list[Candidate]:
    """Those that did something. One transaction for all; whoever fails in it goes by itself."""
    done: list[str] = []
    failed = [candidate.id for candidate in group]
    if len(group) > 1:
        try:
            done, failed = perform_together(engine, SYSTEM.id, group)
        except Exception as problem:
            # Whatever it was, none of it is kept; each is told apart by itself.
            log.debug("a batch was taken apart: %s", type(problem).__name__)
    alone = [one for one in group if one.id in failed and _attempt(engine, one)]
    return [one for one in group if one.id in done] + alone


def _attempt(engine: Engine, candidate: Candidate) -> bool:
    try:
        return _perform(engine, candidate)
    except (Unavailable, Conflict):
        return False
    except Exception as problem:
        fault = problem if isinstance(problem, LiandongError) else _unforeseen(problem)
        record_failure(engine, SYSTEM.id, candidate.id, fault.code, dict(fault.params))
        return False


def _perform(engine: Engine, candidate: Candidate) -> bool:
    """An instance's due timers go together; where that fails, each goes by itself, so that one
    that cannot go on takes no other with it.
    """
    perform = partial(perform_job, engine, SYSTEM.id, candidate.id, candidate.instance_id)
    try:
        return bool(perform())
    except (Unavailable, Conflict):
        raise
    except Exception:
        if candidate.kind != "timer":
            raise
        return bool(perform(alone=True))


def _unforeseen(problem: Exception) -> Fault:
    """A fault of ours: its kind is told, its text is not, for it may hold what was entered."""
    return Fault("engine.unforeseen", kind=type(problem).__name__)


@verb
def perform_job(unit: Unit, job_id: str, instance_id: str | None, *, alone: bool = False) -> bool:
    """Claim a job and do it; False when another process has it or it is not due any more.

    A timer brings the due timers of its instance with it, unless it is to go `alone`.
    """
    instance = None
    if instance_id is not None:
        instance = _claim_instance(unit, instance_id)
        if instance is None:
            return False
    query = (
        select(Job)
        .where(Job.id == job_id, Job.state == "waiting", Job.due_at <= unit.now)
        .with_for_update(skip_locked=True)
    )
    job = unit.session.scalars(query).one_or_none()
    if job is None:
        return False
    if job.kind == "timer":
        assert instance is not None
        _fire(unit, job, instance, alone)
    else:
        job.state, job.fired_at = "done", unit.now
        _KINDS[job.kind](unit, job, instance)
    return True


@verb
def perform_together(unit: Unit, group: Sequence[Candidate]) -> tuple[list[str], list[str]]:
    """Do several jobs in one transaction, each behind a savepoint: those done, and those failed.

    One commit is waited for instead of many. A failed one leaves nothing behind; it is not counted
    as an attempt, for it is tried again by itself.
    """
    done: list[str] = []
    failed: list[str] = []
    for candidate in group:
        try:
            with unit.session.begin_nested():
                did = perform_job.within(unit, candidate.id, candidate.instance_id)
                audit_chain.write(unit)
        except Exception:
            unit.entries.clear()
            unit.case_files.clear()
            failed.append(candidate.id)
        else:
            done += [candidate.id] if did else []
    return done, failed


def _claim_instance(unit: Unit, instance_id: str) -> ProcessInstance | None:
    try:
        return running.lock(unit.session, instance_id, skip_locked=True)
    except LiandongError:
        return None


def _fire(unit: Unit, job: Job, instance: ProcessInstance, alone: bool) -> None:
    """A timer in its turn: `run` fires all that are due, the oldest first."""
    if instance.state not in running.ALIVE:
        job.state = "cancelled"
    elif alone:
        running.run_alone(unit, instance, job)
    else:
        running.run(unit, instance, lambda execution: None)


def _catch(execution: Execution, job: Job, payload: dict[str, Any]) -> None:
    if execution.waits_for(job.task_id or ""):
        execution.catch(job.task_id or "", payload)


def _signal(unit: Unit, job: Job, instance: ProcessInstance | None) -> None:
    assert instance is not None
    if instance.state in running.ALIVE:
        payload = {k: decode(v) for k, v in job.detail.get("variables", {}).items()}
        running.run(unit, instance, lambda execution: _catch(execution, job, payload))


def _continue(unit: Unit, job: Job, instance: ProcessInstance | None) -> None:
    """An asynchronous continuation (camunda:asyncBefore/After)."""
    assert instance is not None
    if instance.state in running.ALIVE:
        running.run(unit, instance, lambda execution: _go_on(execution, job))


def _go_on(execution: Execution, job: Job) -> None:
    if execution.waits_to_go_on(job.task_id or ""):
        execution.go_on(job.task_id or "")


def _message(unit: Unit, job: Job, _: ProcessInstance | None) -> None:
    query = select(Envelope).where(Envelope.id == job.task_id).with_for_update()
    deliver(unit, unit.session.scalars(query).one())


def _ladder(unit: Unit, job: Job, instance: ProcessInstance | None) -> None:
    assert instance is not None
    climb(unit, job, instance)


def _urgent(unit: Unit, job: Job, _: ProcessInstance | None) -> None:
    unacknowledged.climb(unit, job)


def _wake(unit: Unit, job: Job, _: ProcessInstance | None) -> None:
    envelopes.wake(unit, job)


def _start(unit: Unit, job: Job, _: ProcessInstance | None) -> None:
    self_starts.perform(unit, job)


_KINDS: dict[str, Callable[[Unit, Job, ProcessInstance | None], None]] = {
    "message": _message,
    "signal": _signal,
    "async": _continue,
    "ladder": _ladder,
    "urgent": _urgent,
    "wake": _wake,
    TIMER: _start,
    SIGNAL: _start,
}


@verb
def record_failure(unit: Unit, job_id: str, code: str, params: dict[str, Any]) -> None:
    """A failed job is tried again later; the last failure becomes an incident."""
    job = unit.session.scalars(select(Job).where(Job.id == job_id).with_for_update()).one()
    if job.state != "waiting":
        return
    job.retries -= 1
    job.error = f"{code}"[:1000]
    if job.retries > 0:
        job.due_at = _next_attempt(job, unit.now)
        return
    job.state = "failed"
    instance = unit.session.get(ProcessInstance, job.instance_id) if job.instance_id else None
    fault = Fault(code, **{**params, "element": params.get("element") or job.element_id})
    raise_incident(unit, fault, instance=instance, job=job)


def _next_attempt(job: Job, now: datetime) -> datetime:
    """After the pause that the diagram asks for (camunda:failedJobRetryTimeCycle), or ours."""
    pause = job.detail.get("retry_after") if job.detail else None
    if pause is not None:
        return parse_span(pause).after(now)
    return now + PAUSES[max(0, min(len(PAUSES), 3 - job.retries) - 1)]


def drain(engine: Engine, limit: int = 10_000) -> int:
    """Do due jobs until none is left (the command line, scenarios, tests); how many were done."""
    done = 0
    while done < limit:
        found = run_due(engine)
        if not found:
            return done
        done += found
    raise LiandongError("jobs.endless", limit=limit)

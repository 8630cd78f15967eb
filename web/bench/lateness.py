"""How late timers fire on a real clock, all due at one instant, with open tasks beside them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from engine.instances import start_process
from engine.jobs import drain
from engine.store.models import Job
from engine.tick import Tick
from web.bench.diagrams import Sample
from web.bench.ground import Ground
from web.bench.timers import AT_ONCE, every_kind

SETTING_OUT = 0.012
"""Seconds allowed for starting one instance, so that all are waiting when the instant comes."""
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Lateness:
    """Seconds from a timer's due instant to its unit of work."""

    timers: int
    first: float
    last: float
    work: float
    """What firing as many takes when nobody waits for it: the same, all overdue, without a tick."""
    beyond_work: float
    """What the last timer waited for anything but its turn; the aim is one second."""


def measure(ground: Ground, instances: int) -> Lateness:
    """Start that many instances, let the tick fire their timers, read how late each was."""
    work = _work(ground, instances)
    due = _waiting(ground, instances, timedelta(seconds=2 + instances * SETTING_OUT))
    expected = instances * AT_ONCE
    tick = Tick(ground.engine)
    tick.start()
    try:
        _await(ground, due, expected)
    finally:
        tick.stop()
    first, last = _span(ground, due)
    return Lateness(
        timers=expected,
        first=round(first, 3),
        last=round(last, 3),
        work=round(work, 3),
        beyond_work=round(last - work, 3),
    )


def _waiting(ground: Ground, instances: int, ahead: timedelta) -> datetime:
    """Instances whose timers all come at one instant, which is given back."""
    due = ground.engine.clock.now() + ahead
    sample = Sample("bench_timers", every_kind("bench_timers", due.isoformat()))
    ground.deploy(sample)
    for _ in range(instances):
        start_process(ground.engine, ground.officer, sample.key)
    return due


def _work(ground: Ground, instances: int) -> float:
    """Seconds to fire as many timers, one after the other."""
    _waiting(ground, instances, timedelta())
    begun = time.perf_counter()
    drain(ground.engine)
    return time.perf_counter() - begun


def _await(ground: Ground, due: datetime, expected: int) -> None:
    """Until all have fired; a bench that would wait for ever says so."""
    given_up = time.monotonic() + PATIENCE
    while _fired(ground, due) < expected:
        if time.monotonic() > given_up:
            raise TimeoutError(f"{_fired(ground, due)} of {expected} timers fired")
        time.sleep(0.1)


def _fired(ground: Ground, due: datetime) -> int:
    done = select(func.count()).where(Job.kind == "timer", Job.state == "done", Job.due_at == due)
    with ground.engine.database.read() as session:
        return session.scalar(done) or 0


def _span(ground: Ground, due: datetime) -> tuple[float, float]:
    """Seconds from the instant to the first and to the last unit of work."""
    fired = select(func.min(Job.fired_at), func.max(Job.fired_at)).where(
        Job.kind == "timer", Job.state == "done", Job.due_at == due
    )
    with ground.engine.database.read() as session:
        first, last = session.execute(fired).one()
    return (first - due).total_seconds(), (last - due).total_seconds()

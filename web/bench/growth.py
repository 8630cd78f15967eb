"""What the hundredth task of an instance costs beside its first."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from engine.bpmn.yardstick import BareProcess
from web.bench.diagrams import Sample
from web.bench.ground import Ground
from web.bench.lives import live, live_bare, live_counted

ENDS = 5
"""Completions at the beginning and at the end of a life that are compared."""
LIVES = 2


@dataclass(frozen=True, slots=True)
class Growth:
    """Along a row of user tasks; CPU milliseconds, bytes."""

    first_ms: float
    last_ms: float
    statements: int
    state_bytes: int
    """The largest state of ours."""
    bare_first_ms: float
    bare_last_ms: float
    bare_state_bytes: int


def growth(ground: Ground, sample: Sample) -> Growth:
    """The first and the last few completions of an instance."""
    ground.deploy(sample)
    bare = BareProcess(sample.diagram, sample.key)
    counted = live_counted(ground, sample)
    ours = [live(ground, sample).completions for _ in range(LIVES)]
    theirs = [live_bare(sample, bare) for _ in range(LIVES)]
    bare_first, bare_last = _ends([life.completions for life in theirs])
    first, last = _ends(ours)
    return Growth(
        first_ms=first,
        last_ms=last,
        statements=int(max(counted.completions)),
        state_bytes=max(counted.state_bytes),
        bare_first_ms=bare_first,
        bare_last_ms=bare_last,
        bare_state_bytes=max(theirs[0].state_bytes),
    )


def _ends(lives: list[list[float]]) -> tuple[float, float]:
    """Medians of the first and last completions; the very last, which ends the instance, apart."""
    first = [spent for life in lives for spent in life[:ENDS]]
    last = [spent for life in lives for spent in life[-1 - ENDS : -1]]
    return round(median(first), 3), round(median(last), 3)

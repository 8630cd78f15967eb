"""One sample: our verbs, bare SpiffWorkflow and the floor, in turns."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from statistics import median

from engine.bpmn.yardstick import BareProcess
from web.bench.diagrams import Sample
from web.bench.floor import Floor
from web.bench.ground import Ground
from web.bench.lives import Life, live, live_bare, live_counted

WARM_UP = 3
"""Lives before anything counts: specs, statements and schemas are made once."""
STORED = 20
"""Lives whose growth of the database is measured: pages are whole, instances small."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one verb; times are medians of CPU milliseconds."""

    cpu_ms: float
    bare_ms: float
    """Bare SpiffWorkflow: load, act, run on, save as one JSON text."""
    floor_ms: float
    """`bare_ms` and fifteen plain SQLAlchemy Core statements with a commit."""
    ratio_to_floor: float
    statements: int
    """The most that any call took."""
    bytes: int
    """Start: the largest state between two visits. Complete: what a finished instance leaves in
    tables and indexes."""


def compare(ground: Ground, sample: Sample, lives: int) -> tuple[Cost, Cost]:
    """What starting and completing costs."""
    ground.deploy(sample)
    bare = BareProcess(sample.diagram, sample.key)
    for _ in range(WARM_UP):
        live(ground, sample)
        live_bare(sample, bare)
    stored = _stored_by_each(ground, sample)
    counted = live_counted(ground, sample)
    ours, theirs, plain = _in_turns(ground, sample, bare, lives)
    start = _cost(
        [life.start for life in ours],
        [life.start for life in theirs],
        plain,
        int(counted.start),
        max(counted.state_bytes),
    )
    complete = _cost(
        list(chain.from_iterable(life.completions for life in ours)),
        list(chain.from_iterable(life.completions for life in theirs)),
        plain,
        int(max(counted.completions)),
        stored,
    )
    return start, complete


def _stored_by_each(ground: Ground, sample: Sample) -> int:
    before = ground.stored_bytes()
    for _ in range(STORED):
        live(ground, sample)
    return (ground.stored_bytes() - before) // STORED


def _in_turns(
    ground: Ground, sample: Sample, bare: BareProcess, lives: int
) -> tuple[list[Life], list[Life], list[float]]:
    """A noisy moment of the machine hits all three alike."""
    floor = Floor(ground)
    floor.cost()
    ours, theirs, plain = [], [], []
    for _ in range(lives):
        ours.append(live(ground, sample))
        theirs.append(live_bare(sample, bare))
        plain += [floor.cost() for _ in range(3)]
    return ours, theirs, plain


def _cost(
    ours: list[float], theirs: list[float], plain: list[float], asked: int, size: int
) -> Cost:
    floor = median(theirs) + median(plain)
    return Cost(
        cpu_ms=round(median(ours), 3),
        bare_ms=round(median(theirs), 3),
        floor_ms=round(floor, 3),
        ratio_to_floor=round(median(ours) / floor, 2),
        statements=asked,
        bytes=size,
    )

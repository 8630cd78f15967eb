"""Obligation → bearers → scenarios, weighed: carried, unaccounted, outside; and what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from engine.ports import Complaint
from engine.timing.norm_rows import Obligation
from engine.timing.norms import Norms
from web.rehearsal.coverage import Way
from web.tracing.bearers import Bearer
from web.tracing.claims import Claim
from web.tracing.data import TraceData

CARRIED, UNACCOUNTED, OUTSIDE = "carried", "unaccounted", "outside"


@dataclass(frozen=True, slots=True)
class Traced:
    """A row of the catalogue with all that speaks for it."""

    row: Obligation
    state: str
    """carried · unaccounted · outside"""
    bearers: tuple[Bearer, ...] = ()
    claims: tuple[Claim, ...] = ()
    lacking: tuple[str, ...] = ()
    """What it lacks to be carried: bearer, proof, act, actor, limit, passed."""
    reason: str = ""
    """Why it is outside."""


@dataclass(frozen=True)
class Trace:
    """Every row in the catalogue's order; `faults` make the command fail."""

    rows: Sequence[Traced]
    bearers: Sequence[Bearer]
    faults: Sequence[Complaint] = field(default=())
    titles: Mapping[str, str] = field(default_factory=dict)
    """Scenario file → its title."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Procedure → its name, of those that are drawn."""
    played: bool = False
    """Whether the scenarios were played, so that what is carried is known to hold."""

    def counts(self) -> dict[str, int]:
        """obligations, carried, unaccounted, outside"""
        states = [one.state for one in self.rows]
        named = {state: states.count(state) for state in (CARRIED, UNACCOUNTED, OUTSIDE)}
        return {"obligations": len(states), **named}


Ways = Mapping[str, Way | None]
"""Scenario file → its way; None where it did not pass. What is not there was not played."""


def weigh(
    norms: Norms,
    data: TraceData,
    bearers: Sequence[Bearer],
    claims: Iterable[Claim],
    ways: Ways | None,
) -> Trace:
    """`ways`: what came of playing every scenario; None: they were not played."""
    failed = {file for file, way in (ways or {}).items() if way is None}
    held = [one for one in claims if one.scenario not in failed]
    by_row: dict[str, list[Claim]] = {}
    for claim in held:
        by_row.setdefault(claim.row, []).append(claim)
    borne: dict[str, list[Bearer]] = {}
    for bearer in bearers:
        for clause in bearer.clauses:
            borne.setdefault(clause, []).append(bearer)
    rows = [
        _traced(row, data, borne.get(id, []), by_row.get(id, []), ways)
        for id, row in norms.obligations.items()
    ]
    faults = [*data.complaints, *_unmapped(norms, data), *_unproven(rows)]
    return Trace(rows, bearers, faults, played=ways is not None)


def _traced(
    row: Obligation,
    data: TraceData,
    bearers: list[Bearer],
    claims: list[Claim],
    ways: Ways | None,
) -> Traced:
    if row.id in data.outside:
        return Traced(row, OUTSIDE, tuple(bearers), tuple(claims), reason=data.outside[row.id])
    lacking = tuple(_lacking(row, bearers, claims, ways))
    state = UNACCOUNTED if lacking else CARRIED
    return Traced(row, state, tuple(bearers), tuple(claims), lacking)


def _lacking(
    row: Obligation, bearers: list[Bearer], claims: list[Claim], ways: Ways | None
) -> Iterable[str]:
    if not bearers:
        yield "bearer"
    if any(bearer.test for bearer in bearers):
        return
    if not claims:
        yield "proof"
        return
    full = [claim for claim in claims if claim.act and claim.actor]
    if not full:
        yield "actor" if any(claim.act for claim in claims) else "act"
    if row.timer and not any(claim.limit == row.timer for claim in claims):
        yield "limit"
    if bearers and full and not _comes_by(bearers, full, ways):
        yield "passed"


def _comes_by(bearers: list[Bearer], claims: list[Claim], ways: Ways | None) -> bool:
    """Whether a scenario that proves the row passes one of its bearers, as far as is known."""
    proving = {claim.scenario for claim in claims}
    if ways is None or not proving <= set(ways):
        return True
    found = [way for file in proving if (way := ways[file]) is not None]
    return any(bearer.passed_by(way) for bearer in bearers for way in found)


# faults -------------------------------------------------------------------------------


def _unmapped(norms: Norms, data: TraceData) -> Iterable[Complaint]:
    """Actors of the catalogue whom no role stands for."""
    actors = {actor for row in norms.obligations.values() for actor in row.actor}
    for actor in sorted(actors - set(data.actors)):
        yield Complaint(
            "error", "norms/actors.yaml", "trace.actor_unmapped", params={"found": actor}
        )


def _unproven(rows: Iterable[Traced]) -> Iterable[Complaint]:
    """A bearer without a scenario: it names a row that nothing proves."""
    for one in rows:
        if one.state == UNACCOUNTED and "proof" in one.lacking and one.bearers:
            first, *others = one.bearers
            yield Complaint(
                "error",
                first.file,
                "trace.bearer_unproven",
                first.line,
                first.id,
                first.name,
                params={"row": one.row.id, "others": [bearer.id for bearer in others] or "—"},
            )

"""The trace in sentences and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from web.complaints import complaint_line
from web.messages import sentence
from web.tracing.bearers import Bearer
from web.tracing.claims import Claim
from web.tracing.mutation import (
    BROKEN,
    KILLED,
    SURVIVED,
    UNTRIED,
    Verdict,
    survivors,
)
from web.tracing.trace import Trace, Traced

WHOLE = "whole"


def summary_line(trace: Trace, language: str) -> str:
    """How many rows there are and how many are carried."""
    return sentence("trace.summary", trace.counts(), language)


def fault_lines(trace: Trace, language: str) -> Iterator[str]:
    """What makes the command fail."""
    for fault in trace.faults:
        yield complaint_line(fault, language)


def row_lines(one: Traced, language: str) -> Iterator[str]:
    """A row of the catalogue, its words, its bearers, its scenarios."""
    state = sentence(f"trace.{one.state}", language=language)
    yield f"{one.row.id}　{state}　{one.row.clause.citation.zh}"
    yield f"  “{one.row.quote}”"
    if one.reason:
        yield "  " + sentence("trace.reason", {"reason": one.reason}, language)
    for lacking in one.lacking:
        yield "  " + sentence(f"trace.lacks_{lacking}", {"timer": one.row.timer}, language)
    for bearer in one.bearers:
        yield "  " + bearer_text(bearer, language)
    for place, kinds in proofs(one.claims).items():
        yield "    " + sentence("trace.proof", {"place": place, "kinds": kinds}, language)


def bearer_text(bearer: Bearer, language: str) -> str:
    """`元素 find（发起）apprehension_handover/…bpmn:118`"""
    kind = sentence(f"trace.kind_{bearer.kind}", language=language)
    place = bearer.file + (f":{bearer.line}" if bearer.line else "")
    tested = sentence("trace.tested", {"test": bearer.test}, language) if bearer.test else ""
    name = f"“{bearer.name}”" if bearer.name else ""
    return " ".join(part for part in (kind, bearer.id, name, place, tested) if part)


def proofs(claims: Iterable[Claim]) -> dict[str, list[str]]:
    """Scenario → kinds of checks and their lines; where single checks speak, not the whole."""
    found: dict[str, list[str]] = {}
    for claim in claims:
        told = found.setdefault(claim.scenario, [])
        if claim.kind != WHOLE:
            told.append(f"{claim.kind}:{claim.line}")
    return found


def bearer_lines(trace: Trace, procedure: str | None, language: str) -> Iterator[str]:
    """The reverse: bearer → rows of the catalogue, with their state."""
    states = {one.row.id: one.state for one in trace.rows}
    for bearer in trace.bearers:
        if procedure is not None and bearer.procedure != procedure:
            continue
        yield bearer_text(bearer, language)
        for clause in bearer.clauses:
            if clause in states:
                state = sentence(f"trace.{states[clause]}", language=language)
                yield f"    {clause}　{state}"


# mutation -----------------------------------------------------------------------------


def mutation_lines(verdicts: Sequence[Verdict], seconds: float, language: str) -> Iterator[str]:
    """Every survivor, then the counts."""
    for one in survivors(verdicts):
        rows, scenarios = list(one.attempt.bearer.clauses), list(one.attempt.scenarios) or "—"
        params = {"bearer": bearer_text(one.attempt.bearer, language), "rows": rows}
        yield sentence(f"trace.{one.outcome}", {**params, "scenarios": scenarios}, language)
    counted: dict[str, Any] = {**mutation_counts(verdicts), "seconds": seconds}
    yield sentence("trace.mutated", counted, language)


def progress_line(
    procedure: str, verdicts: Sequence[Verdict], seconds: float, language: str
) -> str:
    """What came of one procedure."""
    counted: dict[str, Any] = {**mutation_counts(verdicts), "seconds": seconds}
    return f"{procedure}　{sentence('trace.mutated', counted, language)}"


def mutation_counts(verdicts: Sequence[Verdict]) -> dict[str, int]:
    """total, killed, broken, survived, untried"""
    found = [one.outcome for one in verdicts]
    named = {word: found.count(word) for word in (KILLED, BROKEN, SURVIVED, UNTRIED)}
    return {"total": len(found), **named}


def mutation_data(verdicts: Sequence[Verdict], seconds: float) -> dict[str, Any]:
    """Counts, duration, and what came of each bearer."""
    listed = [
        {
            **bearer_data(one.attempt.bearer),
            "outcome": one.outcome,
            "scenario": one.by,
            "code": one.why,
        }
        for one in verdicts
    ]
    return {**mutation_counts(verdicts), "seconds": seconds, "bearers": listed}


# JSON ---------------------------------------------------------------------------------


def summary_data(trace: Trace) -> dict[str, Any]:
    """obligations, carried, unaccounted, outside, faults"""
    return {**trace.counts(), "faults": len(trace.faults)}


def trace_data(trace: Trace, rows: Iterable[Traced], language: str) -> dict[str, Any]:
    """Counts, faults, rows with bearers and scenarios."""
    return {
        **summary_data(trace),
        "played": trace.played,
        "complaints": list(fault_lines(trace, language)),
        "rows": [_row_data(one) for one in rows],
    }


def _row_data(one: Traced) -> dict[str, Any]:
    return {
        "id": one.row.id,
        "clause": one.row.clause.id,
        "quote": one.row.quote,
        "kind": one.row.kind,
        "actor": list(one.row.actor),
        "timer": one.row.timer,
        "procedures": list(one.row.procedures),
        "state": one.state,
        "lacking": list(one.lacking),
        "reason": one.reason,
        "bearers": [bearer_data(bearer) for bearer in one.bearers],
        "scenarios": proofs(one.claims),
    }


def bearer_data(bearer: Bearer) -> dict[str, Any]:
    """kind, id, name, file, line, procedure, clauses, test"""
    return {
        "kind": bearer.kind,
        "id": bearer.id,
        "name": bearer.name,
        "file": bearer.file,
        "line": bearer.line,
        "procedure": bearer.procedure,
        "clauses": list(bearer.clauses),
        "test": bearer.test,
    }

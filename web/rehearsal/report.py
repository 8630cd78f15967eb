"""What came of scenarios, in sentences and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.errors import LiandongError
from engine.ports import Complaint
from engine.timing.zone import local
from web.complaints import complaint_line
from web.messages import error_sentence, sentence
from web.rehearsal.coverage import Covered
from web.rehearsal.evidence import Words
from web.rehearsal.finding import Failure
from web.rehearsal.playing import Broken, Outcome
from web.rehearsal.scenario import Check
from web.rehearsal.stories import Story

_LONGEST_WORDS = 1000
"""Characters of a document that a failure shows."""


def lines_of(outcome: Outcome, language: str) -> Iterator[str]:
    """One line for a scenario that passed; for another, why not and what there was."""
    params = {"title": outcome.title, "file": outcome.file, "seconds": f"{outcome.seconds:.2f}"}
    if outcome.passed:
        yield sentence("scenario.passed_line", params, language)
        return
    yield sentence("scenario.failed_line", params, language)
    for complaint in outcome.mistakes:
        yield "  " + complaint_line(complaint, language)
    if outcome.broken is not None:
        yield from _failure(outcome.broken, language)


def _failure(broken: Broken, language: str) -> Iterator[str]:
    place = {"file": broken.file, "line": broken.line, "step": broken.step, "deed": broken.deed}
    yield "  " + sentence("scenario.place", place, language)
    yield "  " + reason(broken, language)
    yield "  " + sentence("situation.at", {"at": _instant(broken.situation.at)}, language)
    for code, params in broken.situation.lines:
        yield "    " + sentence(code, _shown(params), language)


def reason(broken: Broken, language: str = "zh") -> str:
    """Why the step failed, in one sentence."""
    return sentence(broken.code, _words(broken.params, language), language)


def left_out_lines(
    left_out: Mapping[str, Sequence[Complaint]], language: str = "zh"
) -> Iterator[str]:
    """Folders that were not deployed, and the first thing wrong with each."""
    for folder, complaints in left_out.items():
        params = {"folder": folder, "count": len(complaints)}
        yield sentence("scenario.left_out", params, language)
        yield "  " + complaint_line(complaints[0], language)


def told_of(story: Story, line: int, failure: Failure, language: str = "zh") -> str:
    """Where and why a story of the demonstration broke off."""
    why = sentence(failure.code, _words(failure.params, language), language)
    params = {"title": story.title, "file": story.file, "line": line, "reason": why}
    return sentence("story.failed", params, language)


def _words(params: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Nested sentences, facts and instants as text."""
    found = dict(params)
    if isinstance(found.get("problem"), LiandongError):
        problem = found["problem"]
        found["problem"] = f"{error_sentence(problem, language)}〔{problem.code}〕"
    if "errors" in found:
        told = (f"{e.path}: {sentence(e.code, e.params, language)}" for e in found["errors"])
        found["errors"] = "".join(f"\n    {line}" for line in told)
    if "faults" in found:
        told = (sentence(code, _shown(each), language) for code, each in found["faults"])
        found["faults"] = "".join(f"\n    {line}" for line in told)
    if isinstance(found.get("check"), Check):
        found |= _comparison(found["check"], found["found"])
    return {name: _one(value) for name, value in found.items()}


def _comparison(check: Check, facts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    subject = check.subject
    found = "".join(f"\n    {_listed(fact)}" for fact in facts) or "—"
    expected = _listed(check.expected) or "—"
    return {"kind": check.kind, "subject": subject, "expected": expected, "found": found}


def _listed(facts: Mapping[str, Any]) -> str:
    return "，".join(f"{word}: {_one(value)}" for word, value in facts.items())


def _one(value: Any) -> Any:
    if isinstance(value, datetime):
        return _instant(value)
    if isinstance(value, frozenset | set):
        return "/".join(sorted(map(str, value))) or "—"
    if isinstance(value, Words):
        return value if len(value) <= _LONGEST_WORDS else value[:_LONGEST_WORDS] + "…"
    return "—" if value is None else value


def _shown(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _one(value) for name, value in params.items()}


def _instant(at: datetime) -> str:
    """As scenarios write it."""
    shown = local(at)
    return f"{shown:%Y-%m-%dT%H:%M:%S}" if shown.second else f"{shown:%Y-%m-%dT%H:%M}"


def coverage_lines(found: Sequence[Covered], language: str) -> Iterator[str]:
    """One line per process, and what no scenario has passed."""
    for one in found:
        params = {
            "process": one.process,
            "elements": one.elements,
            "flows": one.flows,
            "passed_elements": one.elements - len(one.missed_elements),
            "passed_flows": one.flows - len(one.missed_flows),
        }
        yield sentence("scenario.coverage", params, language)
        for code, missed in (("elements", one.missed_elements), ("flows", one.missed_flows)):
            if missed:
                yield "  " + sentence(f"scenario.missed_{code}", {"missed": missed}, language)


# JSON ---------------------------------------------------------------------------------


def as_data(outcome: Outcome, language: str) -> dict[str, Any]:
    """file, title, passed, seconds, mistakes, failure, proves."""
    return {
        "file": outcome.file,
        "title": outcome.title,
        "passed": outcome.passed,
        "seconds": round(outcome.seconds, 3),
        "mistakes": [
            {"line": c.line, "code": c.code, "sentence": complaint_line(c, language)}
            for c in outcome.mistakes
        ],
        "failure": _failure_data(outcome.broken, language) if outcome.broken else None,
        "proves": sorted({proof for proof, _, _ in outcome.proofs}) if outcome.passed else [],
    }


def _failure_data(broken: Broken, language: str) -> dict[str, Any]:
    return {
        "file": broken.file,
        "line": broken.line,
        "step": broken.step,
        "deed": broken.deed,
        "code": broken.code,
        "sentence": reason(broken, language),
        "at": _instant(broken.situation.at),
        "situation": [sentence(code, _shown(p), language) for code, p in broken.situation.lines],
    }


def coverage_data(found: Sequence[Covered]) -> list[dict[str, Any]]:
    """Per process: counts, and the ids that no scenario has passed."""
    return [
        {
            "process": one.process,
            "elements": one.elements,
            "flows": one.flows,
            "missed_elements": one.missed_elements,
            "missed_flows": one.missed_flows,
        }
        for one in found
    ]

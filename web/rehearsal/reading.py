"""From a file to a `Scenario`; every mistake is named with its line before anything runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from engine.errors import Refusal
from engine.ports import Complaint
from web.rehearsal import lines, moments
from web.rehearsal.cast import Part, usual
from web.rehearsal.scenario import Check, Scenario, Step
from web.rehearsal.words import (
    ANY_CHECK,
    CHECKS,
    PROFILE,
    PROOFS,
    ROLE,
    STEPS,
    TEXT,
    UNIT,
    Clean,
    Known,
    Mismatch,
    Shape,
)

_WORDS = ("scenario", "profile", "clock", "proves", "people", "given", "when", "then")
_DEEPEST = 5
"""Shared steps within shared steps; more is a circle."""


@dataclass
class Reading:
    """One file while it is read."""

    path: Path
    file: str
    known: Known
    mistakes: list[Complaint] = field(default_factory=list)
    depth: int = 0

    def complain(self, line: int | None, code: str, **params: Any) -> None:
        self.mistakes.append(Complaint("error", self.file, code, line, params=params))

    def cleaned(self, home: lines.Mapping, word: str, clean: Clean) -> Any:
        """The value of a word; None, and a complaint, where it is not what it should be."""
        try:
            return clean(home[word], self.known)
        except Mismatch as mismatch:
            params = {"key": word, "found": _shown(home[word]), "near": mismatch.near or "—"}
            self.complain(home.lines[word], mismatch.code, **params)
            return None


def read(path: Path, known: Known, name: str | None = None) -> Scenario:
    """The scenario in a file; `name` is what to call the file in sentences.

    Raises Refusal `scenario.broken` with `complaints`, one for every mistake.
    """
    reading = Reading(path, name or path.name, known)
    document = _document(reading)
    found = _scenario(reading, document) if isinstance(document, lines.Mapping) else None
    if document is not None and found is None and not reading.mistakes:
        reading.complain(1, "scenario.not_mapping")
    if reading.mistakes or found is None:
        raise Refusal("scenario.broken", file=reading.file, complaints=reading.mistakes)
    return found


def _document(reading: Reading) -> Any:
    try:
        found = lines.read(reading.file, reading.path.read_bytes())
    except Refusal as problem:
        line = problem.params.get("line")
        reading.mistakes.append(
            Complaint("error", reading.file, problem.code, line, params=problem.params)
        )
        return None
    if found is None:
        reading.complain(1, "scenario.not_mapping")
    return found


def _scenario(reading: Reading, document: lines.Mapping) -> Scenario | None:
    _only(reading, document, _WORDS)
    for word in ("scenario", "profile", "clock", "when"):
        if word not in document:
            reading.complain(1, "scenario.missing", key=word)
    people = {**usual(reading.known.norms.roles), **_people(reading, document)}
    reading.known = replace(reading.known, people=frozenset(people))
    steps = [*_steps(reading, document, "given"), *_steps(reading, document, "when")]
    checks = _checks(reading, document)
    title = _word(reading, document, "scenario", TEXT)
    profile = _word(reading, document, "profile", PROFILE)
    clock = _word(reading, document, "clock", _clock)
    proves = _word(reading, document, "proves", PROOFS) or ()
    if reading.mistakes:
        return None
    return Scenario(
        reading.file, title, profile, clock, people, tuple(steps), tuple(checks), tuple(proves)
    )


def _word(reading: Reading, document: lines.Mapping, word: str, clean: Clean) -> Any:
    return reading.cleaned(document, word, clean) if word in document else None


def _clock(found: Any, known: Known) -> Any:
    meant = moments.instant(found)
    calendar = known.norms.calendar
    if meant is None or not calendar.first_year <= meant.year <= calendar.last_year:
        raise Mismatch("scenario.not_clock", [f"{calendar.first_year}–{calendar.last_year}"])
    return meant


def _only(reading: Reading, home: lines.Mapping, words: Any) -> None:
    for word in home:
        if word not in words:
            expected = sorted(words) if not isinstance(words, tuple) else words
            reading.complain(
                home.lines[word], "scenario.unknown_word", key=word, expected=list(expected)
            )


# people -------------------------------------------------------------------------------


def _people(reading: Reading, document: lines.Mapping) -> dict[str, Part]:
    written = document.get("people")
    if written is None:
        return {}
    if not isinstance(written, lines.Mapping):
        reading.complain(document.lines["people"], "scenario.not_people")
        return {}
    return dict(_parts(reading, written))


def _parts(reading: Reading, written: lines.Mapping) -> Iterator[tuple[str, Part]]:
    for alias, row in written.items():
        if not isinstance(row, lines.Mapping) or not {"role", "unit"} >= set(row):
            reading.complain(written.lines[alias], "scenario.not_people")
            continue
        role = _word(reading, row, "role", ROLE)
        unit = _word(reading, row, "unit", UNIT)
        if role is None:
            reading.complain(row.line, "scenario.missing", key="role")
        elif not (unit is None and "unit" in row):
            yield alias, Part(role, unit or usual([role])[role].unit)


# steps --------------------------------------------------------------------------------


def _steps(reading: Reading, document: lines.Mapping, word: str) -> Iterator[Step]:
    written = document.get(word)
    if written is None:
        return
    if not isinstance(written, lines.Items):
        reading.complain(document.lines[word], "scenario.not_list", key=word)
        return
    yield from _each_step(reading, written)


def _each_step(reading: Reading, written: lines.Items) -> Iterator[Step]:
    for row, line in zip(written, written.lines, strict=True):
        if not isinstance(row, lines.Mapping):
            reading.complain(line, "scenario.not_step", expected=list(STEPS))
        elif "steps" in row:
            yield from _shared(reading, row)
        else:
            yield from _step(reading, row)


def _step(reading: Reading, row: lines.Mapping) -> Iterator[Step]:
    kind = _kind(row, STEPS)
    if kind is None and set(row) == {"then"}:
        yield Step("then", None, reading.file, row.line, {}, tuple(_checks(reading, row)))
        return
    if kind is None:
        reading.complain(row.line, "scenario.not_step", expected=list(STEPS))
        return
    subject, details = _shaped(reading, row, kind, STEPS[kind], ("then",))
    checks = tuple(_checks(reading, row))
    yield Step(kind, subject, reading.file, row.line, details, checks)


def _shared(reading: Reading, row: lines.Mapping) -> Iterator[Step]:
    """Steps of another file in its own words, its mistakes under its own name."""
    name, _ = _shaped(reading, row, "steps", STEPS["steps"], ())
    if name is None:
        return
    path = reading.path.parent / ("" if reading.depth else "steps") / f"{name}.yaml"
    if not path.is_file() or reading.depth == _DEEPEST:
        reading.complain(row.line, "scenario.no_steps", found=name)
        return
    inner = Reading(path, path.name, reading.known, reading.mistakes, reading.depth + 1)
    written = _document(inner)
    if isinstance(written, lines.Items):
        yield from _each_step(inner, written)
    elif written is not None:
        inner.complain(1, "scenario.not_list", key=name)


# checks -------------------------------------------------------------------------------


def _checks(reading: Reading, home: lines.Mapping) -> Iterator[Check]:
    written = home.get("then")
    if written is None:
        return
    if not isinstance(written, lines.Items):
        reading.complain(home.lines["then"], "scenario.not_list", key="then")
        return
    for row, line in zip(written, written.lines, strict=True):
        kind = _kind(row, CHECKS) if isinstance(row, lines.Mapping) else None
        if kind is None:
            reading.complain(line, "scenario.not_check", expected=list(CHECKS))
        else:
            yield _check(reading, row, kind)


def _check(reading: Reading, row: lines.Mapping, kind: str) -> Check:
    shape = CHECKS[kind]
    every = Shape(shape.subject, shape.needs, {**shape.may, **ANY_CHECK})
    subject, details = _shaped(reading, row, kind, every, ())
    of, request = details.pop("of", None), details.pop("request", None)
    proves = details.pop("proves", None) or ()
    return Check(kind, subject, reading.file, row.line, details, of, request, proves)


def _kind(row: lines.Mapping, shapes: Mapping[str, Shape]) -> str | None:
    """The first word that names a kind."""
    return next((word for word in row if word in shapes), None)


def _shaped(
    reading: Reading, row: lines.Mapping, kind: str, shape: Shape, besides: tuple[str, ...]
) -> tuple[Any, dict[str, Any]]:
    """Subject and words of a step or check, each cleaned."""
    words = {**shape.needs, **shape.may}
    _only(reading, row, {kind, *words, *besides})
    for word in shape.needs:
        if word not in row:
            reading.complain(row.line, "scenario.missing", key=word)
    subject = reading.cleaned(row, kind, shape.subject)
    given = {w: reading.cleaned(row, w, clean) for w, clean in words.items() if w in row}
    return subject, given


def _shown(found: Any) -> str:
    text = str(found)
    return text if len(text) <= 60 else text[:57] + "…"

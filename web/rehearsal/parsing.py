"""The parts of scenarios and stories: steps, checks, and how their mistakes are collected."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from engine.errors import Refusal
from engine.ports import Complaint
from web.rehearsal import lines
from web.rehearsal.scenario import Check, Step
from web.rehearsal.words import ANY_CHECK, CHECKS, STEPS, Clean, Known, Mismatch, Shape

T = TypeVar("T")
_DEEPEST = 5
"""Shared steps within shared steps; more is a circle."""
_REFUSALS = {"expect_refused", "expect_errors"}
"""A step proves something by itself only where it must be refused."""


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


def read_file(
    path: Path, known: Known, name: str, build: Callable[[Reading, lines.Mapping], T | None]
) -> T:
    """What `build` makes of the file's words.

    Raises Refusal `scenario.broken` with `complaints`, one for every mistake.
    """
    reading = Reading(path, name, known)
    document = parsed(reading)
    found = build(reading, document) if isinstance(document, lines.Mapping) else None
    if document is not None and found is None and not reading.mistakes:
        reading.complain(1, "scenario.not_mapping")
    if reading.mistakes or found is None:
        raise Refusal("scenario.broken", file=name, complaints=reading.mistakes)
    return found


def parsed(reading: Reading) -> Any:
    """The file's content with its lines; None, and a complaint, where there is none."""
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


def value_of(reading: Reading, home: lines.Mapping, word: str, clean: Clean) -> Any:
    """What a word that may be missing means; None where it is missing or wrong."""
    return reading.cleaned(home, word, clean) if word in home else None


def only_words(reading: Reading, home: lines.Mapping, words: Collection[str]) -> None:
    """Complain of every word that is none of these."""
    for word in home:
        if word not in words:
            expected = sorted(words) if not isinstance(words, tuple) else words
            reading.complain(
                home.lines[word], "scenario.unknown_word", key=word, expected=list(expected)
            )


def need_words(reading: Reading, home: lines.Mapping, *words: str) -> None:
    """Complain of every word that is missing."""
    for word in words:
        if word not in home:
            reading.complain(home.line, "scenario.missing", key=word)


# steps --------------------------------------------------------------------------------


def steps_under(reading: Reading, document: lines.Mapping, word: str) -> Iterator[Step]:
    """The steps listed under a word, shared ones written out."""
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
        yield Step("then", None, reading.file, row.line, {}, tuple(checks_under(reading, row)))
        return
    if kind is None:
        reading.complain(row.line, "scenario.not_step", expected=list(STEPS))
        return
    subject, details = _shaped(reading, row, kind, STEPS[kind], ("then",))
    checks = tuple(checks_under(reading, row))
    proves = details.pop("proves", None) or ()
    if proves and not _REFUSALS & set(details):
        reading.complain(row.lines["proves"], "scenario.proves_step", expected=sorted(_REFUSALS))
    yield Step(kind, subject, reading.file, row.line, details, checks, proves)


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
    written = parsed(inner)
    if isinstance(written, lines.Items):
        yield from _each_step(inner, written)
    elif written is not None:
        inner.complain(1, "scenario.not_list", key=name)


# checks -------------------------------------------------------------------------------


def checks_under(reading: Reading, home: lines.Mapping) -> Iterator[Check]:
    """The checks listed under `then`."""
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
    only_words(reading, row, {kind, *words, *besides})
    need_words(reading, row, *shape.needs)
    subject = reading.cleaned(row, kind, shape.subject)
    given = {w: reading.cleaned(row, w, clean) for w, clean in words.items() if w in row}
    return subject, given


def _shown(found: Any) -> str:
    text = str(found)
    return text if len(text) <= 60 else text[:57] + "…"

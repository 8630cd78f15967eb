"""From a file to a `Scenario`; every mistake is named with its line before anything runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from web.rehearsal import lines, moments
from web.rehearsal.cast import Part, usual
from web.rehearsal.parsing import (
    Reading,
    checks_under,
    need_words,
    only_words,
    read_file,
    steps_under,
    value_of,
)
from web.rehearsal.scenario import Scenario
from web.rehearsal.words import PROFILE, PROOFS, ROLE, TEXT, UNIT, Known, Mismatch

_WORDS = ("scenario", "profile", "clock", "proves", "people", "given", "when", "then")


def read(path: Path, known: Known, name: str | None = None) -> Scenario:
    """The scenario in a file; `name` is what to call the file in sentences.

    Raises Refusal `scenario.broken` with `complaints`, one for every mistake.
    """
    return read_file(path, known, name or path.name, _scenario)


def _scenario(reading: Reading, document: lines.Mapping) -> Scenario | None:
    only_words(reading, document, _WORDS)
    need_words(reading, document, "scenario", "profile", "clock", "when")
    people = {**usual(reading.known.norms.roles), **_people(reading, document)}
    reading.known = replace(reading.known, people=frozenset(people))
    steps = [*steps_under(reading, document, "given"), *steps_under(reading, document, "when")]
    checks = list(checks_under(reading, document))
    title = value_of(reading, document, "scenario", TEXT)
    profile = value_of(reading, document, "profile", PROFILE)
    clock = value_of(reading, document, "clock", _clock)
    proves = value_of(reading, document, "proves", PROOFS) or ()
    if reading.mistakes:
        return None
    return Scenario(
        reading.file, title, profile, clock, people, tuple(steps), tuple(checks), tuple(proves)
    )


def _clock(found: Any, known: Known) -> Any:
    meant = moments.instant(found)
    calendar = known.norms.calendar
    if meant is None or not calendar.first_year <= meant.year <= calendar.last_year:
        raise Mismatch("scenario.not_clock", [f"{calendar.first_year}–{calendar.last_year}"])
    return meant


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
        role = value_of(reading, row, "role", ROLE)
        unit = value_of(reading, row, "unit", UNIT)
        if role is None:
            need_words(reading, row, "role")
        elif not (unit is None and "unit" in row):
            yield alias, Part(role, unit or usual([role])[role].unit)

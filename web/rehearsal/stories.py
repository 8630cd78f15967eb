"""A story of the demonstration: steps like a scenario's, begun so long ago that now is telling."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from web.rehearsal import lines
from web.rehearsal.moments import Advance
from web.rehearsal.parsing import (
    Reading,
    need_words,
    only_words,
    read_file,
    steps_under,
    value_of,
)
from web.rehearsal.scenario import Step
from web.rehearsal.troupe import PAIRS
from web.rehearsal.words import TEXT, Known, among, duration, fill

FOLDER = "demo"
"""Of a procedure: its stories, `*.yaml`; `demo/steps` holds what several share."""
_WORDS = ("demo", "ago", "agencies", "values", "when")


@dataclass(frozen=True, slots=True)
class Story:
    """One file: how an instance of the demonstration came to where it is."""

    file: str
    title: str
    ago: Advance
    """How long before now it began."""
    agencies: str
    """Which pair plays it."""
    values: Mapping[str, Any]
    """Answers to these questions wherever a form asks them: this debtor, this case number."""
    steps: tuple[Step, ...]


def read_story(path: Path, known: Known) -> Story:
    """The story in a file. Raises Refusal `scenario.broken` with `complaints`."""
    everybody = frozenset({*known.norms.roles, "night_officer"})
    # Two procedures may tell of the same: both have an `overdue.yaml`.
    file = f"{path.parents[1].name}/{path.name}"
    return read_file(path, replace(known, people=everybody), file, _story)


def _story(reading: Reading, document: lines.Mapping) -> Story | None:
    only_words(reading, document, _WORDS)
    need_words(reading, document, "demo", "ago", "when")
    steps = tuple(steps_under(reading, document, "when"))
    title = value_of(reading, document, "demo", TEXT)
    ago = value_of(reading, document, "ago", duration)
    agencies = value_of(reading, document, "agencies", _PAIR) or "nanzhao"
    values = value_of(reading, document, "values", fill) or {}
    for step in steps:
        if step.checks:
            reading.complain(step.line, "story.no_checks")
    if reading.mistakes:
        return None
    return Story(reading.file, title, ago, agencies, values, steps)


_PAIR = among("story.not_agencies", *PAIRS)

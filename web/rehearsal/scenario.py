"""A scenario as it was read: checked against the diagrams and the norms, ready to be played."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from web.rehearsal.cast import Part


@dataclass(frozen=True, slots=True)
class Check:
    """Something that must be so. `kind`: task, deadline, message, …; `subject`: which one."""

    kind: str
    subject: Any
    file: str
    line: int
    expected: Mapping[str, Any] = field(default_factory=dict)
    """What the fact must be like, by the words of docs/scenarios.md."""
    of: str | None = None
    request: str | None = None
    proves: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One act, or none, and what must be so after it."""

    kind: str
    """start, complete, …, advance; `then` where nothing is done."""
    subject: Any
    file: str
    line: int
    details: Mapping[str, Any] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    proves: tuple[str, ...] = ()
    """What is proven by the step being refused."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One file. `steps`: given and when, shared steps written out."""

    file: str
    title: str
    profile: str
    clock: datetime
    people: Mapping[str, Part]
    steps: tuple[Step, ...]
    checks: tuple[Check, ...]
    own_proofs: tuple[str, ...] = ()

    @property
    def proofs(self) -> list[tuple[str, str, int]]:
        """Every (row of the catalogue, file, line) that this scenario proves; line 1: all of it."""
        own = [(proof, self.file, 1) for proof in self.own_proofs]
        return own + [(p, c.file, c.line) for c in self._proving() for p in c.proves]

    def _proving(self) -> Iterator[Step | Check]:
        for step in self.steps:
            yield step
            yield from step.checks
        yield from self.checks

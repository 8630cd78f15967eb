"""What one evaluation leaves behind: reasons of nulls, rules that matched, the trace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.feel.decisions.model import Place, Rule
from engine.feel.expression import Reason as FeelReason
from engine.feel.lexer import Lines
from engine.feel.limits import Run

MAX_REASONS = 200


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a value is null, or why a table has no result: a code with its parameters.

    Where an expression is null (`dmn.null`), `cause` is FEEL's own reason within its text.
    """

    code: str
    params: Mapping[str, Any]
    cause: FeelReason | None = None


@dataclass(frozen=True, slots=True)
class MatchedRule:
    """A rule whose input entries were all satisfied."""

    table: Place
    number: int
    id: str | None
    description: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """One traced evaluation: of a decision (inputs by name) or a table (inputs by column)."""

    place: Place
    inputs: Mapping[str, Any]
    value: Any
    rules: tuple[int, ...] = ()


class Trail:
    """Shared by every part of one evaluation, FEEL's budget of steps and calls among it."""

    __slots__ = ("matched", "reasons", "run", "steps")

    def __init__(self, now: datetime | None, *, traced: bool) -> None:
        self.run = Run(now, None, [])
        self.reasons: list[Reason] = []
        self.matched: list[MatchedRule] = []
        self.steps: list[Step] | None = [] if traced else None

    def null(self, code: str, place: Place, **params: Any) -> None:
        if len(self.reasons) < MAX_REASONS:
            self.reasons.append(Reason(code, {**place.params(), **params}))

    def adopt(self, place: Place, text: str) -> None:
        """Give FEEL's latest reasons the place of the text in which they arose."""
        found = self.run.reasons or []
        lines = Lines(text)
        for code, at, params in found[: MAX_REASONS - len(self.reasons)]:
            cause = FeelReason(code, params, *lines.place(at))
            self.reasons.append(Reason("dmn.null", {**place.params(), "text": text}, cause))
        found.clear()

    def match(self, table: Place, rule: Rule) -> None:
        place = rule.place
        self.matched.append(MatchedRule(table, rule.number, place.id, rule.description))

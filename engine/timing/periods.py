"""`compute`: the absolute due instant of a period, once, when the period starts (D4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from engine.errors import NotFound, Refusal
from engine.timing.calendar import WorkingCalendar
from engine.timing.citations import Citation
from engine.timing.derivation import Step, derive
from engine.timing.derivation_text import render
from engine.timing.rules import RULES, Count, Rule, Switches
from engine.timing.zone import local

_EARLIEST_YEAR, _LATEST_YEAR = 2013, 2099
"""The citation table begins with the 民诉法 of 2013, the festival table ends with 2099."""
_NO_LEAVE = timedelta(0)
_DEFAULTS = Switches()


@dataclass(frozen=True, slots=True)
class Period:
    """A computed period. `due` is the exclusive end in UTC (24:00 = 00:00 of the next day) or None
    where the rule has no number; `last_day` is None where the end is an instant, not a day.
    `advisory` is the 参考值 of a measured period: shown, never overdue. `until` is the end date
    that an instrument states, where that decides and not the count.
    """

    rule: str
    n: int | None
    start: datetime
    due: datetime | None
    last_day: date | None
    provisional: bool
    calendar: WorkingCalendar
    switches: Switches = _DEFAULTS
    leave: timedelta = _NO_LEAVE
    basis: tuple[Citation, ...] = ()
    advisory: datetime | None = None
    timer: str | None = None
    until: date | None = None

    @property
    def article(self) -> str:
        """What is printed after 依据."""
        return "；".join(citation.zh for citation in self.basis)

    @property
    def derivation(self) -> tuple[Step, ...]:
        """Which days were counted, which skipped and why; worked out when asked for."""
        return derive(self)

    def explain(self, lang: str = "zh", fact: str | None = None) -> str:
        """The derivation as one line of Chinese (`zh`) or English (`en`).

        `fact` is the word for the start, for instance 收到 or 控制.
        """
        return render(self, lang, fact)

    def as_data(self, lang: str = "zh", fact: str | None = None) -> dict[str, Any]:
        """Plain data, instants in China time with their offset: for JSON, a row, an event."""
        return {
            "timer": self.timer,
            "rule": self.rule,
            "n": self.n,
            "start": local(self.start).isoformat(),
            "due": local(self.due).isoformat() if self.due else None,
            "last_day": self.last_day.isoformat() if self.last_day else None,
            "provisional": self.provisional,
            "advisory": local(self.advisory).isoformat() if self.advisory else None,
            "article": self.article,
            "calendar": self.calendar.version,
            "derivation": [step.as_data() for step in self.derivation],
            "text": self.explain(lang, fact),
        }


def compute(
    rule: str,
    n: int | None,
    start: datetime,
    *,
    calendar: WorkingCalendar,
    switches: Switches = _DEFAULTS,
    leave: timedelta = _NO_LEAVE,
    basis: tuple[Citation, ...] = (),
) -> Period:
    """Count `n` units of `rule` from the aware instant `start`.

    Raises NotFound `period.rule_unknown`; Refusal `period.start_naive`, `period.start_range`,
    `period.amount`, `period.amount_missing`, `period.leave`, `calendar.year_unknown`.
    """
    found = _rule(rule)
    instant = _checked_start(start)
    amount = _checked_amount(found, n)
    if leave and (found.id != "PR-DET" or leave < _NO_LEAVE):
        raise Refusal("period.leave", rule=found.id, found=str(leave))
    count = Count(amount or 0, local(start), calendar, switches, leave)
    due, last_day, provisional = found.end(count)
    return Period(
        found.id, amount, instant, due, last_day, provisional, calendar, switches, leave, basis
    )


def _rule(rule: str) -> Rule:
    found = RULES.get(rule)
    if found is None:
        raise NotFound("period.rule_unknown", found=rule, expected=", ".join(RULES))
    return found


def _checked_start(start: datetime) -> datetime:
    if start.tzinfo is None:
        raise Refusal("period.start_naive", found=start.isoformat())
    if not _EARLIEST_YEAR <= start.year <= _LATEST_YEAR:
        expected = f"{_EARLIEST_YEAR}–{_LATEST_YEAR}"
        raise Refusal("period.start_range", found=start.isoformat(), expected=expected)
    return start.astimezone(UTC)


def _checked_amount(rule: Rule, n: int | None) -> int | None:
    if not rule.most:
        return None
    if n is None:
        raise Refusal("period.amount_missing", rule=rule.id, expected=f"1–{rule.most}")
    if isinstance(n, bool) or not isinstance(n, int) or not 1 <= n <= rule.most:
        raise Refusal("period.amount", rule=rule.id, found=n, expected=f"1–{rule.most}")
    return n

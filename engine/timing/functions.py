"""The two questions that diagrams ask of the norms, as plain callables to be registered in FEEL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from engine.errors import Refusal
from engine.timing.norms import Norms
from engine.timing.periods import Period

Chosen = Decimal | int | date | None
DueFunction = Callable[..., datetime | None]
WorkingDaysFunction = Callable[[Decimal | int | None, datetime | None], datetime | None]


def due_function(norms: Norms, profile: str) -> DueFunction:
    """`due(timer, start, chosen)`: the due instant (aware, UTC).

    None where the profile has no such limit, the period has no number, or `start` is not known yet.
    `chosen` is optional: the days that a notice states (T-QRY-3WD), the amount that a decision
    fixes (T-DET-15D), or the end date that an instrument states (T-SEAL-2Y). Raises as `Norms.due`.
    """

    def due(timer: str, start: datetime | None, chosen: Chosen = None) -> datetime | None:
        period = _period(norms, profile, timer, start, chosen) if start is not None else None
        return period.due if period else None

    return due


def working_days_function(norms: Norms, profile: str) -> WorkingDaysFunction:
    """`working_days(n, start)`: the end of the n-th working day after `start`; None for a null."""
    switches = norms.profile(profile).switches

    def working_days(n: Decimal | int | None, start: datetime | None) -> datetime | None:
        if n is None or start is None:
            return None
        return norms.compute("PR-WD", _whole(n), start, switches=switches).due

    return working_days


def _period(
    norms: Norms, profile: str, timer: str, start: datetime, chosen: Chosen
) -> Period | None:
    if isinstance(chosen, date):
        return norms.due(timer, profile, start, until=chosen)
    n = None if chosen is None else _whole(chosen)
    row = norms.periods.get(timer)
    if row and row.written_rule:
        return norms.due(timer, profile, start, written_days=n)
    return norms.due(timer, profile, start, n=n)


def _whole(number: Decimal | int) -> int:
    """FEEL counts in decimals; a period takes whole numbers only."""
    if number != int(number):
        raise Refusal("period.amount", found=str(number), expected="1, 2, 3 …")
    return int(number)

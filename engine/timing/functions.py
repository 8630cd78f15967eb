"""The two questions that diagrams ask of the norms, as plain callables to be registered in FEEL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from engine.timing.norms import Norms

DueFunction = Callable[..., datetime | None]
WorkingDaysFunction = Callable[[int | None, datetime | None], datetime | None]


def due_function(norms: Norms, profile: str) -> DueFunction:
    """`due(timer, start, n)`: the due instant (aware, UTC) or None where the profile has no such
    limit, the period has no number, or the start is not known yet; `n` is optional.
    """

    def due(timer: str, start: datetime | None, n: int | None = None) -> datetime | None:
        period = norms.due(timer, profile, start, n=n) if start is not None else None
        return period.due if period else None

    return due


def working_days_function(norms: Norms, profile: str) -> WorkingDaysFunction:
    """`working_days(n, start)`: the end of the n-th working day after `start`."""
    switches = norms.profile(profile).switches

    def working_days(n: int | None, start: datetime | None) -> datetime | None:
        if n is None or start is None:
            return None
        return norms.compute("PR-WD", n, start, switches=switches).due

    return working_days

"""When a limit ends, in the words of the lists: overdue, today, tomorrow, soon."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import InstrumentedAttribute

from engine.timing.zone import end_of_day, local

_DAY = timedelta(days=1)
_SOON = timedelta(days=3)

Instants = InstrumentedAttribute[Any]
"""A column that holds the exclusive end of a limit."""


def ends(column: Instants, word: str, now: datetime) -> ColumnElement[bool]:
    """overdue: has passed; today; tomorrow; soon: within three days after today."""
    tonight = end_of_day(local(now).date())
    if word == "overdue":
        return column <= now
    if word == "today":
        return and_(column > now, column <= tonight)
    if word == "tomorrow":
        return and_(column > tonight, column <= tonight + _DAY)
    return and_(column > tonight, column <= tonight + _SOON)

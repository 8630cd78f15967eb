"""Instants and stretches of time as analysts write them; what bears no zone is China's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.feel import from_python, prepare, to_python
from engine.timing.calendar import WorkingCalendar
from engine.timing.periods import compute
from engine.timing.zone import SHANGHAI, end_of_day, local

_WORKING_DAYS = re.compile(r"(\d{1,3})\s*(working days?|个?工作日)")
_DURATION = re.compile(r"P(?=.)[0-9YMWDTHS.]+")


def instant(written: Any) -> datetime | None:
    """`2026-03-02T09:00`, `2026-03-02` (its 0:00), `2026-03-02T24:00` (its end); None: none."""
    if isinstance(written, datetime):
        return written if written.tzinfo else written.replace(tzinfo=SHANGHAI)
    text = str(written).strip().replace(" ", "T", 1)
    try:
        if text.endswith("T24:00"):
            return end_of_day(datetime.fromisoformat(text[:10]).date())
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)


@dataclass(frozen=True, slots=True)
class Advance:
    """How far the clock moves: to an instant, by an ISO 8601 duration, or by working days."""

    written: str
    to: datetime | None = None
    duration: str = ""
    working_days: int = 0

    def target(self, now: datetime, calendar: WorkingCalendar) -> datetime:
        """The instant to which the clock moves from `now`."""
        if self.to is not None:
            return self.to
        if self.duration:
            found: datetime = _moved(local(now), "+", self.duration)
            return found
        last = compute("PR-WD", self.working_days, now, calendar=calendar).last_day
        assert last is not None
        return datetime.combine(last, local(now).timetz()).replace(tzinfo=SHANGHAI)


def before(now: datetime, duration: Advance) -> datetime:
    """The instant that lies a duration (`duration.duration`) before `now`."""
    found: datetime = _moved(local(now), "-", duration.duration)
    return found


def advance(written: Any) -> Advance | None:
    """`PT1H50M`, `2026-03-03T09:00`, `3 working days`, `3个工作日`; None: none of them."""
    text = str(written).strip()
    days = _WORKING_DAYS.fullmatch(text)
    if days:
        return Advance(text, working_days=int(days[1])) if int(days[1]) else None
    if _DURATION.fullmatch(text):
        return Advance(text, duration=text) if _is_duration(text) else None
    to = instant(text)
    return None if to is None else Advance(text, to=to)


def _is_duration(text: str) -> bool:
    return isinstance(_moved(datetime(2026, 1, 1, tzinfo=SHANGHAI), "+", text), datetime)


def _moved(start: datetime, sign: str, duration: str) -> Any:
    """FEEL's own addition: months end where FEEL says that they end."""
    context = {"start": from_python(start)}
    found = prepare(f'start {sign} duration("{duration}")').evaluate(context, now=start)
    return to_python(found)

"""Instants and deadlines as an officer reads them: China standard time, colour and words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _

from engine.timing.zone import due_text, local

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)

# Shares of a period used up at which the three tiers of warning (三级预警) begin. The first two are
# the reminders of procedures A6 C-2; the last asks for an act at once.
_TIERS = ((0.95, 1), (0.80, 2), (0.50, 3))


@dataclass(frozen=True)
class Chip:
    """A deadline in one glance. `level` is the CSS class: overdue, tier1 … tier3, on-time."""

    level: str
    words: str
    due: str = ""


def shown(instant: datetime | None) -> str:
    """2026-11-20 10:32, or an empty string."""
    return f"{local(instant):%Y-%m-%d %H:%M}" if instant else ""


def clock_time(instant: datetime) -> str:
    """10:32:05."""
    return f"{local(instant):%H:%M:%S}"


def shown_short(instant: datetime, now: datetime) -> str:
    """Today only the time; this year without the year."""
    there, here = local(instant), local(now)
    if there.date() == here.date():
        return f"{there:%H:%M}"
    return f"{there:%m-%d %H:%M}" if there.year == here.year else f"{there:%Y-%m-%d}"


def shown_due(instant: datetime | None) -> str:
    """A due instant; midnight is 24时 of the day that ends."""
    return due_text(instant) if instant else ""


def span(length: timedelta) -> str:
    """Two units at most: 3天4小时, 1小时12分, 45分."""
    length = abs(length)
    days, rest = divmod(length, _DAY)
    hours, rest = divmod(rest, _HOUR)
    minutes = rest // _MINUTE
    if days:
        return _("%(d)s天%(h)s小时", d=days, h=hours) if hours else _("%(d)s天", d=days)
    if hours:
        return _("%(h)s小时%(m)s分", h=hours, m=minutes) if minutes else _("%(h)s小时", h=hours)
    return _("%(m)s分", m=minutes) if minutes else _("不足1分")


def tier(started_at: datetime, due_at: datetime, now: datetime) -> int | None:
    """The warning tier 1 (most urgent) to 3 of a running period, None while it is calm."""
    length = due_at - started_at
    used = (now - started_at) / length if length > timedelta(0) else 1.0
    return next((level for share, level in _TIERS if used >= share), None)


def chip(due_at: datetime | None, started_at: datetime, now: datetime) -> Chip | None:
    """The chip of an open duty; None where no limit runs. `due_at` is the exclusive end."""
    if due_at is None:
        return None
    if now >= due_at:
        return Chip("overdue", _("逾期 %(time)s", time=span(now - due_at)), shown_due(due_at))
    left = _("剩余 %(time)s", time=span(due_at - now))
    level = tier(started_at, due_at, now)
    if level is None:
        return Chip("on-time", left, shown_due(due_at))
    name = (_("一级预警"), _("二级预警"), _("三级预警"))[level - 1]
    return Chip(f"tier{level}", f"{name} · {left}", shown_due(due_at))

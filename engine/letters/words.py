"""How values are written in a Chinese document: days, instants, numbers, lists."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.timing.citations import chinese_number
from engine.timing.zone import local

_DIGITS = "〇一二三四五六七八九"


def in_words(day: date) -> str:
    """2026-11-20 → 二〇二六年十一月二十日, as courts date their documents."""
    year = "".join(_DIGITS[int(digit)] for digit in f"{day.year:04d}")
    return f"{year}年{chinese_number(day.month)}月{chinese_number(day.day)}日"


def written(value: Any) -> str:
    """A value as text; empty for what is not known. Raises nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        shown = local(value)
        return f"{day_written(shown.date())}{shown.hour}时{shown.minute:02d}分"
    if isinstance(value, date):
        return day_written(value)
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, list):
        return "、".join(filter(None, map(written, value)))
    if isinstance(value, dict):
        return " ".join(filter(None, map(written, value.values())))
    return str(value).strip()


def day_written(day: date) -> str:
    """2026年11月20日."""
    return f"{day.year}年{day.month}月{day.day}日"


def _number(value: Decimal) -> str:
    whole = value.to_integral_value()
    return f"{whole:f}" if value == whole else f"{value.normalize():f}"

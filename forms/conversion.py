"""Between what is typed, what is meant, and what is stored: one conversion for pages and REST.

A value is str, bool, int, Decimal, date, time, an aware datetime, or a list of str.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from engine.timing.zone import SHANGHAI, local
from forms.schema.model import Question
from forms.validators.checked import Problem, compact

TEXT_LIMIT = 20_000
DIGITS = 18
_NEWLINES = re.compile(r"\r\n?")
# Control characters have no place in text; they break letters and PDF.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_NUMBER = re.compile(r"[-+]?(?:[0-9]{1,18}(?:\.[0-9]{0,18})?|\.[0-9]{1,18})")
_TRUE, _FALSE = ("true", "on", "1", "y", "是", True), ("false", "off", "0", "否", False)


class Unconvertible(ValueError):
    """What was typed cannot be such a value."""

    def __init__(self, code: str, **params: Any) -> None:
        self.problem = Problem(code, params)
        super().__init__(self.problem)


def converted(question: Question, entered: Sequence[Any]) -> Any:
    """The value of what came in for `question`, None when nothing did; raises Unconvertible."""
    given = [value for value in entered if not _is_nothing(value)]
    match question.kind:
        case "checklist" | "file":
            return [_code(value) for value in given]
        case "checkbox":
            return bool(given) and _flag(given[-1])
    if not given:
        return None
    if len(given) > 1:
        raise Unconvertible("field.several", found=len(given))
    return _ONE[question.kind](question, given[0])


def _is_nothing(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise Unconvertible("field.text", found=type(value).__name__)
    if len(value) > TEXT_LIMIT:
        raise Unconvertible("field.too_long", expected=TEXT_LIMIT, found=len(value))
    return value


def _text(question: Question, value: Any) -> str:
    return _CONTROLS.sub("", _NEWLINES.sub("\n", _string(value))).strip()


def _line(question: Question, value: Any) -> str:
    return " ".join(_text(question, value).split("\n"))


def _code(value: Any) -> str:
    return _string(value).strip()


def _choice(question: Question, value: Any) -> Any:
    if question.marks.boolean:
        return _flag(value)
    return _code(value)


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    text = value.strip().lower() if isinstance(value, str) else value
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise Unconvertible("field.flag")


def _integer(question: Question, value: Any) -> int:
    number = _decimal_of(value)
    if number != number.to_integral_value():
        raise Unconvertible("field.integer")
    return int(number)


def _decimal(question: Question, value: Any) -> Decimal:
    number = _decimal_of(value)
    rounded = number.quantize(Decimal(1).scaleb(-question.decimals))
    if rounded != number:
        raise Unconvertible("field.decimals", expected=question.decimals)
    return rounded


def _decimal_of(value: Any) -> Decimal:
    if isinstance(value, bool):
        raise Unconvertible("field.number")
    text = compact(value).replace(",", "") if isinstance(value, str) else str(value)
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise Unconvertible("field.number") from None
    typed = isinstance(value, int | float | Decimal)
    if not number.is_finite() or not (typed or _NUMBER.fullmatch(text)):
        raise Unconvertible("field.number")
    if number and number.adjusted() >= DIGITS:
        raise Unconvertible("field.digits", expected=DIGITS)
    return number


def _date(question: Question, value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    found = _DATE.fullmatch(compact(_string(value)))
    try:
        return date(*(int(part) for part in found.groups())) if found else _refuse("field.date")
    except ValueError:
        return _refuse("field.date")


def _datetime(question: Question, value: Any) -> datetime:
    if isinstance(value, datetime):
        return _aware(value)
    text = re.sub(r"\s+", " ", _string(value).strip()).replace("/", "-")
    try:
        return _aware(datetime.fromisoformat(text) if len(text) > 10 else _refuse("field.datetime"))
    except (ValueError, OverflowError):
        return _refuse("field.datetime")


def _aware(value: datetime) -> datetime:
    """What has no zone was read off a wall in China."""
    return value.replace(tzinfo=SHANGHAI) if value.tzinfo is None else value.astimezone(SHANGHAI)


def _time(question: Question, value: Any) -> time:
    if isinstance(value, time):
        return value
    try:
        return time.fromisoformat(compact(_string(value))).replace(tzinfo=None)
    except ValueError:
        return _refuse("field.time")


def _refuse(code: str) -> NoReturn:
    raise Unconvertible(code)


_ONE = {
    "text": _line,
    "textarea": _text,
    "integer": _integer,
    "decimal": _decimal,
    "date": _date,
    "datetime": _datetime,
    "time": _time,
    "select": _choice,
    "radio": _choice,
}


def is_empty(value: Any) -> bool:
    """No answer; an unticked box is one, zero and 否 are answers."""
    return value is None or value == "" or value == []


def stored(value: Any) -> Any:
    """The JSON form: instants in China's time, decimals and dates as strings."""
    if isinstance(value, datetime):
        return local(value).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return {key: stored(item) for key, item in value.items()}
    if isinstance(value, list):
        return [stored(item) for item in value]
    return value


def typed(question: Question, value: Any) -> str:
    """The text that a page shows in the field, the same that typing it would give."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        wall = local(value)
        return wall.strftime("%Y-%m-%dT%H:%M:%S" if wall.second else "%Y-%m-%dT%H:%M")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else str(value)

"""`+ - * / **` and negation on every pair of kinds that has them (tables 56-62)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_DOWN, Decimal, DecimalException
from typing import Any

from engine.feel import limits
from engine.feel.numbers import CONTEXT, EXPONENT
from engine.feel.temporal import Date, DateTime, DaysTime, Time, YearsMonths
from engine.feel.temporal.durations import DAY, SECOND

Operation = Callable[[Any, Any], Any]
_NUMBERS: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": CONTEXT.add,
    "-": CONTEXT.subtract,
    "*": CONTEXT.multiply,
    "/": CONTEXT.divide,
    "**": CONTEXT.power,
}


def calculate(operator: str, a: Any, b: Any) -> Any:
    """The result, or None where the kinds have no such operation or no FEEL value results.

    Raises FeelLimitExceeded for a string that grows too long.
    """
    if a.__class__ is Decimal and b.__class__ is Decimal:
        return _numbers(operator, a, b)
    operation = _TABLE.get((operator, a.__class__, b.__class__))
    return None if operation is None else operation(a, b)


def _numbers(operator: str, a: Decimal, b: Decimal) -> Decimal | None:
    if operator == "**" and abs(b) > EXPONENT:
        return None
    if operator == "**" and not a and not b:
        return Decimal(1)
    try:
        return _NUMBERS[operator](a, b)
    except DecimalException:
        return None


def negate(a: Any) -> Any:
    """`-e`, which is `e * -1`: numbers and durations."""
    if a.__class__ is Decimal:
        return CONTEXT.minus(a)
    if a.__class__ is DaysTime:
        return DaysTime(-a.nanoseconds)
    if a.__class__ is YearsMonths:
        return YearsMonths(-a.months)
    return None


def _concatenate(a: str, b: str) -> str:
    limits.check_string(len(a) + len(b))
    return a + b


def _instant(value: Date | DateTime) -> DateTime:
    return DateTime(value, 0, 0) if isinstance(value, Date) else value


def _between(a: Date | DateTime, b: Date | DateTime) -> DaysTime | None:
    """Both sides with a zone or both without; a date counts as midnight UTC."""
    x, y = _instant(a), _instant(b)
    if (x.offset is None) != (y.offset is None):
        return None
    return DaysTime.of(x.exact(0) - y.exact(0))


def _between_times(a: Time, b: Time) -> DaysTime:
    return DaysTime(a.exact(b.offset) - b.exact(a.offset))


def _date_plus(date: Date, duration: DaysTime) -> Date | None:
    return date.plus_days(duration.nanoseconds // DAY)


def _date_minus(date: Date, duration: DaysTime) -> Date | None:
    return date.plus_days(-duration.nanoseconds // DAY)


def _scaled(amount: int, factor: Decimal, operator: str) -> int | None:
    """A whole amount times or by a number, without its fraction; None where it overflows."""
    try:
        value = _NUMBERS[operator](Decimal(amount), factor)
        if value.adjusted() > 33:
            return None
        return int(value.to_integral_value(ROUND_DOWN))
    except DecimalException:
        return None


def _scale_days(operator: str) -> Operation:
    def scale(duration: DaysTime, factor: Decimal) -> DaysTime | None:
        amount = _scaled(duration.nanoseconds, factor, operator)
        return None if amount is None else DaysTime.of(amount)

    return scale


def _scale_months(operator: str) -> Operation:
    def scale(duration: YearsMonths, factor: Decimal) -> YearsMonths | None:
        amount = _scaled(duration.months, factor, operator)
        return None if amount is None else YearsMonths.of(amount)

    return scale


def _ratio(a: int, b: int) -> Decimal | None:
    return CONTEXT.divide(Decimal(a), Decimal(b)) if b else None


def _table() -> dict[tuple[str, type, type], Operation]:
    table: dict[tuple[str, type, type], Operation] = {
        ("+", str, str): _concatenate,
        ("+", DaysTime, DaysTime): lambda a, b: DaysTime.of(a.nanoseconds + b.nanoseconds),
        ("-", DaysTime, DaysTime): lambda a, b: DaysTime.of(a.nanoseconds - b.nanoseconds),
        ("+", YearsMonths, YearsMonths): lambda a, b: YearsMonths.of(a.months + b.months),
        ("-", YearsMonths, YearsMonths): lambda a, b: YearsMonths.of(a.months - b.months),
        ("-", Time, Time): _between_times,
        ("-", Date, DaysTime): _date_minus,
        ("-", DateTime, DaysTime): lambda a, b: a.plus(-b.nanoseconds),
        ("-", Time, DaysTime): lambda a, b: a.plus(-b.nanoseconds),
        ("-", Date, YearsMonths): lambda a, b: a.plus_months(-b.months),
        ("-", DateTime, YearsMonths): lambda a, b: a.plus_months(-b.months),
        ("*", DaysTime, Decimal): _scale_days("*"),
        ("/", DaysTime, Decimal): _scale_days("/"),
        ("*", YearsMonths, Decimal): _scale_months("*"),
        ("/", YearsMonths, Decimal): _scale_months("/"),
        ("/", DaysTime, DaysTime): lambda a, b: _ratio(a.nanoseconds, b.nanoseconds),
        ("/", YearsMonths, YearsMonths): lambda a, b: _ratio(a.months, b.months),
    }
    for a in (Date, DateTime):
        for b in (Date, DateTime):
            table["-", a, b] = _between
    commutative: list[tuple[str, type, type, Operation]] = [
        ("+", Date, DaysTime, _date_plus),
        ("+", DateTime, DaysTime, lambda a, b: a.plus(b.nanoseconds)),
        ("+", Time, DaysTime, lambda a, b: a.plus(b.nanoseconds)),
        ("+", Date, YearsMonths, lambda a, b: a.plus_months(b.months)),
        ("+", DateTime, YearsMonths, lambda a, b: a.plus_months(b.months)),
        ("*", DaysTime, Decimal, _scale_days("*")),
        ("*", YearsMonths, Decimal, _scale_months("*")),
    ]
    for sign, left, right, operation in commutative:
        table[sign, left, right] = operation
        table[sign, right, left] = _swapped(operation)
    return table


def _swapped(operation: Operation) -> Operation:
    return lambda a, b: operation(b, a)


_TABLE = _table()


def months_between(start: DateTime, end: DateTime) -> YearsMonths:
    """Whole months from one date and time to another, negative backwards."""
    a, b = start.date, end.date
    months = (b.year - a.year) * 12 + b.month - a.month
    gap = (b.day - a.day) * DAY + end.nanoseconds - start.nanoseconds
    if start.offset is not None and end.offset is not None:
        gap -= (end.offset - start.offset) * SECOND
    if months > 0 and gap < 0:
        months -= 1
    elif months < 0 and gap > 0:
        months += 1
    return YearsMonths(months)

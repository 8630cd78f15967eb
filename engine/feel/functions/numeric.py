"""Numeric functions (table 76)."""

from __future__ import annotations

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)

from engine.feel.functions.registry import NoResult, built_in
from engine.feel.limits import Run
from engine.feel.numbers import CONTEXT, SCALES, WIDE, ZERO, rescaled
from engine.feel.temporal import DaysTime, YearsMonths


def _scaled(n: Decimal, scale: Decimal, rounding: str) -> Decimal:
    if not SCALES.start <= scale < SCALES.stop:
        raise NoResult("feel.null.scale", scale=str(scale))
    return rescaled(n, int(scale), rounding)


def _register(name: str, rounding: str, scale: str) -> None:
    @built_in(name, f"n: number, {scale}: number")
    def rounded(run: Run, n: Decimal, scale: Decimal = ZERO) -> Decimal:
        run.spend(abs(n.adjusted()) // 8)
        return _scaled(n, scale, rounding)


for _name, _rounding, _scale in (
    ("decimal", ROUND_HALF_EVEN, "scale"),
    ("floor", ROUND_FLOOR, "scale?"),
    ("ceiling", ROUND_CEILING, "scale?"),
    ("round up", ROUND_UP, "scale"),
    ("round down", ROUND_DOWN, "scale"),
    ("round half up", ROUND_HALF_UP, "scale"),
    ("round half down", ROUND_HALF_DOWN, "scale"),
):
    _register(_name, _rounding, _scale)


@built_in("abs", "n: number")
def absolute(run: Run, n: Decimal) -> Decimal:
    return abs(n)


@built_in("abs", "n: days and time duration")
def absolute_days(run: Run, n: DaysTime) -> DaysTime:
    return DaysTime(abs(n.nanoseconds))


@built_in("abs", "n: years and months duration")
def absolute_months(run: Run, n: YearsMonths) -> YearsMonths:
    return YearsMonths(abs(n.months))


@built_in("modulo", "dividend: number, divisor: number")
def modulo(run: Run, dividend: Decimal, divisor: Decimal) -> Decimal:
    """The remainder with the sign of the divisor."""
    if not divisor:
        raise NoResult("feel.null.zero")
    run.spend(abs(dividend.adjusted() - divisor.adjusted()) // 8)
    remainder = WIDE.remainder(dividend, divisor)
    if remainder and (remainder < 0) != (divisor < 0):
        remainder = WIDE.add(remainder, divisor)
    return CONTEXT.plus(remainder)


@built_in("sqrt", "number: number")
def square_root(run: Run, n: Decimal) -> Decimal:
    run.spend(10)
    return CONTEXT.sqrt(n)


@built_in("log", "number: number")
def logarithm(run: Run, n: Decimal) -> Decimal:
    if n <= 0:
        raise NoResult("feel.null.domain")
    run.spend(20)
    return CONTEXT.ln(n)


@built_in("exp", "number: number")
def exponential(run: Run, n: Decimal) -> Decimal:
    run.spend(20)
    return CONTEXT.exp(n)


@built_in("odd", "number: number")
def odd(run: Run, n: Decimal) -> bool:
    return _parity(run, n) == 1


@built_in("even", "number: number")
def even(run: Run, n: Decimal) -> bool:
    return _parity(run, n) == 0


def _parity(run: Run, n: Decimal) -> int:
    run.spend(abs(n.adjusted()) // 8)
    remainder = WIDE.remainder(abs(n), Decimal(2))
    if remainder != remainder.to_integral_value():
        raise NoResult("feel.null.domain")
    return int(remainder)

"""FEEL numbers: IEEE 754-2008 decimal128, ties to even (10.3.2.3.1). No NaN, no infinity."""

from __future__ import annotations

from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)

CONTEXT = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[InvalidOperation, DivisionByZero, Overflow],
)
# For intermediate results that must not round, such as a remainder or a change of scale.
WIDE = Context(
    prec=12_400,
    rounding=ROUND_HALF_EVEN,
    Emin=-20_000,
    Emax=20_000,
    traps=[InvalidOperation, DivisionByZero, Overflow],
)
ZERO, ONE = Decimal(0), Decimal(1)
EXPONENT = Decimal(999_999_999)  # bound of the right side of ** (table 60)
SCALES = range(-6111, 6177)


def number(text: str) -> Decimal:
    """A numeric literal, rounded to 34 digits. Raises decimal.InvalidOperation or Overflow."""
    return CONTEXT.create_decimal(text)


def whole(value: Decimal) -> int | None:
    """`value` as an integer, None when it has a fraction or is absurdly large."""
    if abs(value) > 10**40 or value != value.to_integral_value():
        return None
    return int(value)


def rescaled(value: Decimal, scale: int, rounding: str) -> Decimal:
    """`value` with `scale` digits after the point; as it is where 34 digits cannot hold that."""
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= scale:
        try:
            return value.quantize(Decimal((0, (1,), -scale)), rounding, CONTEXT)
        except InvalidOperation:
            return value
    return CONTEXT.plus(value.quantize(Decimal((0, (1,), -scale)), rounding, WIDE))


def plain(value: Decimal) -> str:
    """The digits of a number without an exponent."""
    if not value:
        value = abs(value)
    return format(value, "f")

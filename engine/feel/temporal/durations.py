"""Both durations of FEEL: days and time in nanoseconds, years and months in months."""

from __future__ import annotations

from decimal import Decimal
from functools import total_ordering

SECOND = 10**9
MINUTE, HOUR, DAY = 60 * SECOND, 3600 * SECOND, 86_400 * SECOND
# Longer than from the first year to the last; anything beyond is null.
NANOSECONDS = 2 * 1_000_000_000 * 366 * DAY
MONTHS = 2 * 1_000_000_000 * 12


@total_ordering
class DaysTime:
    """Days and time duration, exact to the nanosecond."""

    __slots__ = ("nanoseconds",)

    def __init__(self, nanoseconds: int) -> None:
        self.nanoseconds = nanoseconds

    @classmethod
    def of(cls, nanoseconds: int) -> DaysTime | None:
        return cls(nanoseconds) if abs(nanoseconds) <= NANOSECONDS else None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DaysTime) and self.nanoseconds == other.nanoseconds

    def __lt__(self, other: DaysTime) -> bool:
        return self.nanoseconds < other.nanoseconds

    def __hash__(self) -> int:
        return hash((DaysTime, self.nanoseconds))

    def parts(self) -> tuple[Decimal, Decimal, Decimal, Decimal]:
        """Days, hours, minutes and seconds, all with the sign of the whole."""
        sign = -1 if self.nanoseconds < 0 else 1
        days, rest = divmod(abs(self.nanoseconds), DAY)
        hours, rest = divmod(rest, HOUR)
        minutes, rest = divmod(rest, MINUTE)
        amounts = Decimal(days), Decimal(hours), Decimal(minutes), seconds(rest)
        return tuple(sign * amount for amount in amounts)  # type: ignore[return-value]

    def property(self, name: str) -> Decimal | None:
        names = ("days", "hours", "minutes", "seconds")
        return self.parts()[names.index(name)] if name in names else None

    def __str__(self) -> str:
        days, hours, minutes, secs = (abs(part) for part in self.parts())
        parts = ((hours, "H"), (minutes, "M"), (secs, "S"))
        time = "".join(f"{amount:f}{unit}" for amount, unit in parts if amount)
        text = "P" + (f"{days}D" if days else "") + (f"T{time}" if time else "")
        sign = "-" if self.nanoseconds < 0 else ""
        return sign + text if len(text) > 1 else "PT0S"

    def __repr__(self) -> str:
        return f"DaysTime({self})"


@total_ordering
class YearsMonths:
    """Years and months duration."""

    __slots__ = ("months",)

    def __init__(self, months: int) -> None:
        self.months = months

    @classmethod
    def of(cls, months: int) -> YearsMonths | None:
        return cls(months) if abs(months) <= MONTHS else None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, YearsMonths) and self.months == other.months

    def __lt__(self, other: YearsMonths) -> bool:
        return self.months < other.months

    def __hash__(self) -> int:
        return hash((YearsMonths, self.months))

    def parts(self) -> tuple[int, int]:
        """Years and months, both with the sign of the whole."""
        sign = -1 if self.months < 0 else 1
        years, months = divmod(abs(self.months), 12)
        return sign * years, sign * months

    def property(self, name: str) -> Decimal | None:
        names = ("years", "months")
        return Decimal(self.parts()[names.index(name)]) if name in names else None

    def __str__(self) -> str:
        years, months = (abs(part) for part in self.parts())
        text = "P" + (f"{years}Y" if years else "") + (f"{months}M" if months else "")
        sign = "-" if self.months < 0 else ""
        return sign + text if len(text) > 1 else "P0M"

    def __repr__(self) -> str:
        return f"YearsMonths({self})"


def seconds(nanoseconds: int) -> Decimal:
    """Nanoseconds as seconds without needless zeros: 1500000000 is 1.5."""
    value = Decimal(nanoseconds).scaleb(-9)
    return value.quantize(Decimal(1)) if not nanoseconds % SECOND else value.normalize()

"""Times of day and dates with a time, local, with an offset or with an IANA zone."""

from __future__ import annotations

import datetime
from decimal import Decimal

from engine.feel.temporal.dates import Date
from engine.feel.temporal.durations import DAY, HOUR, MINUTE, SECOND, DaysTime, seconds
from engine.feel.temporal.zones import offset_after, offset_at, standard_offset

Property = Decimal | DaysTime | str | None


class Zoned:
    """What times and dates with a time share: nanoseconds of the day and how far from UTC."""

    __slots__ = ("nanoseconds", "offset", "zone")

    nanoseconds: int
    offset: int | None  # seconds east of UTC; None for a local time
    zone: str | None  # the IANA name the offset came from

    @property
    def hour(self) -> int:
        return self.nanoseconds // HOUR

    @property
    def minute(self) -> int:
        return self.nanoseconds % HOUR // MINUTE

    @property
    def second(self) -> Decimal:
        return seconds(self.nanoseconds % MINUTE)

    def property(self, name: str) -> Property:
        match name:
            case "hour" | "minute" | "second":
                return Decimal(getattr(self, name))
            case "time offset":
                return None if self.offset is None else DaysTime(self.offset * SECOND)
            case "timezone":
                return self.zone
        return None

    def clock(self) -> str:
        """hh:mm:ss with fraction and zone."""
        whole, fraction = divmod(self.nanoseconds, SECOND)
        text = f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"
        if fraction:
            text += f".{fraction:09d}".rstrip("0")
        return text + self.suffix()

    def suffix(self) -> str:
        if self.zone is not None:
            return "@" + self.zone
        if self.offset is None:
            return ""
        if self.offset == 0:
            return "Z"
        minutes, rest = divmod(abs(self.offset), 60)
        text = f"{'-' if self.offset < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}"
        return text + (f":{rest:02d}" if rest else "")


class Time(Zoned):
    """A time of day. Compared to the whole second, as `value_t` of the specification is."""

    __slots__ = ()

    def __init__(
        self, nanoseconds: int, offset: int | None = None, zone: str | None = None
    ) -> None:
        self.nanoseconds = nanoseconds % DAY
        self.zone = zone
        self.offset = standard_offset(zone) if zone is not None else offset

    def value(self, fallback: int | None) -> int:
        """Seconds since midnight UTC, for a local time with the offset of its counterpart."""
        offset = self.offset if self.offset is not None else fallback or 0
        return self.nanoseconds // SECOND - offset

    def exact(self, fallback: int | None) -> int:
        offset = self.offset if self.offset is not None else fallback or 0
        return self.nanoseconds - offset * SECOND

    def plus(self, nanoseconds: int) -> Time:
        return Time(self.nanoseconds + nanoseconds, self.offset, self.zone)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Time)
            and (self.offset is None) == (other.offset is None)
            and self.value(0) == other.value(0)
        )

    def __hash__(self) -> int:
        return hash((Time, self.offset is None, self.value(0)))

    def __str__(self) -> str:
        return self.clock()

    def __repr__(self) -> str:
        return f"Time({self})"


class DateTime(Zoned):
    """A date with a time of day; local when `offset` is None."""

    __slots__ = ("date",)

    def __init__(
        self, date: Date, nanoseconds: int, offset: int | None = None, zone: str | None = None
    ) -> None:
        self.date = date
        self.nanoseconds = nanoseconds
        self.zone = zone
        self.offset = offset_at(zone, date, nanoseconds) if zone is not None else offset

    @property
    def time(self) -> Time:
        time = Time(self.nanoseconds, self.offset)
        time.zone = self.zone
        return time

    def value(self, fallback: int | None) -> int:
        """Seconds since the epoch, for a local time with the offset of its counterpart."""
        return self.exact(fallback) // SECOND

    def exact(self, fallback: int | None) -> int:
        offset = self.offset if self.offset is not None else fallback or 0
        return self.date.number * DAY + self.nanoseconds - offset * SECOND

    def plus(self, nanoseconds: int) -> DateTime | None:
        if self.zone is None:
            days, rest = divmod(self.nanoseconds + nanoseconds, DAY)
            date = self.date.plus_days(days)
            return DateTime(date, rest, self.offset) if date else None
        # In a zone the elapsed time counts, not the reading of the wall clock.
        return at_instant(self.exact(0) + nanoseconds, self.zone)

    def plus_months(self, months: int) -> DateTime | None:
        date = self.date.plus_months(months)
        return DateTime(date, self.nanoseconds, self.offset, self.zone) if date else None

    def property(self, name: str) -> Property:
        found = self.date.property(name)
        return found if found is not None else super().property(name)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, DateTime)
            and (self.offset is None) == (other.offset is None)
            and self.value(0) == other.value(0)
        )

    def __hash__(self) -> int:
        return hash((DateTime, self.offset is None, self.value(0)))

    def __str__(self) -> str:
        return f"{self.date}T{self.clock()}"

    def __repr__(self) -> str:
        return f"DateTime({self})"


def at_instant(instant: int, zone: str) -> DateTime | None:
    """The reading in `zone` at an instant (nanoseconds since the epoch of day numbers)."""
    days, rest = divmod(instant, DAY)
    utc = Date.numbered(days)
    if utc is None:
        return None
    offset = offset_after(zone, utc, rest)
    days, rest = divmod(instant + offset * SECOND, DAY)
    date = Date.numbered(days)
    if date is None:
        return None
    found = DateTime(date, rest, offset)
    found.zone = zone
    return found


def from_datetime(value: datetime.datetime) -> DateTime:
    """An aware or naive datetime as FEEL value; the zone becomes its offset."""
    offset = value.utcoffset()
    nanoseconds = (
        value.hour * HOUR + value.minute * MINUTE + value.second * SECOND
        + value.microsecond * 1000
    )  # fmt: skip
    return DateTime(
        Date(value.year, value.month, value.day),
        nanoseconds,
        None if offset is None else int(offset.total_seconds()),
    )

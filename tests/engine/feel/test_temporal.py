"""Dates, times, durations: their texts, their arithmetic, their zones."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Refusal
from engine.feel import Date, DateTime, DaysTime, Time, from_python, to_python
from tests.engine.feel.language import feel, lines, meaning

TABLE = lines("""
    @"2026-01-31" + @"P1M" ⇒ @"2026-02-28"
    @"2024-02-29" - @"P1Y" ⇒ @"2023-02-28"
    @"P1D" + @"2026-11-20" ⇒ @"2026-11-21"
    @"2026-11-20" + @"PT25H" ⇒ @"2026-11-21"
    @"2026-11-20T23:00:00+08:00" + @"PT2H" ⇒ @"2026-11-21T01:00:00+08:00"
    @"2026-03-29T01:30:00@Europe/Paris" + @"PT1H" ⇒ @"2026-03-29T03:30:00@Europe/Paris"
    @"23:30:00" + @"PT1H" ⇒ @"00:30:00"
    @"2026-11-21T00:00:00+08:00" - @"2026-11-20T00:00:00Z" ⇒ @"PT16H"
    @"2026-11-21T00:00:00" - @"2026-11-20T00:00:00Z" ⇒ null
    @"2026-11-20" - @"2026-11-19T23:00:00Z" ⇒ @"PT1H"
    @"12:00:00" - @"11:00:00" ⇒ @"PT1H"
    @"P1D" * 1.5 ⇒ @"P1DT12H"
    2 * @"P1M" ⇒ @"P2M"
    @"P1Y" / 5 ⇒ @"P2M"
    @"P1D" / @"PT8H" ⇒ 3
    @"P1D" / 0 ⇒ null
    @"P1Y" / @"P0M" ⇒ null
    @"P1D" + @"P1M" ⇒ null
    -@"P1D" ⇒ @"-P1D"
    @"2026-11-20" + 1 ⇒ null
    @"999999999-12-31" + @"P1D" ⇒ null
    @"-999999999-01-01" - @"P1D" ⇒ null
    @"P99999999Y" * 999999 ⇒ null
    @"2026-11-20T08:00:00+08:00" = @"2026-11-20T00:00:00Z" ⇒ true
    @"2026-11-20T00:00:00" < @"2026-11-20T00:00:01Z" ⇒ true
    @"10:00:00@Asia/Shanghai" = @"02:00:00Z" ⇒ true
    @"2018-10-08T00:00:00+02:00" = @"2018-10-08T00:00:00@Europe/Paris" ⇒ true
    @"P1D" = @"PT24H" ⇒ true
    @"P1Y" = @"P365D" ⇒ null
    @"2026-11-20".weekday ⇒ 5
    @"2026-11-20T10:30:01.5Z".second ⇒ 1.5
    @"2026-11-20T10:30:00+08:00".time offset ⇒ @"PT8H"
    @"2026-11-20T10:30:00@Asia/Shanghai".timezone ⇒ "Asia/Shanghai"
    @"10:30:00".time offset ⇒ null
    @"P1DT2H3M4.5S".seconds ⇒ 4.5
    @"-P1DT2H".hours ⇒ -2
    @"P1Y2M".days ⇒ null
    @"PT1000M" ⇒ @"PT16H40M"
    @"P26M" ⇒ @"P2Y2M"
    @"2026-02-29" ⇒ null
    @"2026-13-01" ⇒ null
    @"02026-01-01" ⇒ null
    @"10:00:00+15:00" ⇒ null
    @"10:00:00@Nowhere/Town" ⇒ null
    @"10:00:00@../../etc/passwd" ⇒ null
    @"P" ⇒ null
    @"PT" ⇒ null
    @"P1S" ⇒ null
    string(@"PT0S") ⇒ "PT0S"
    string(@"P0Y") ⇒ "P0M"
    string(@"-0044-03-15") ⇒ "-0044-03-15"
    string(@"10:00:00+00:00") ⇒ "10:00:00Z"
""")


@pytest.mark.parametrize(("expression", "expected"), TABLE, ids=[row[0] for row in TABLE])
def test_temporal_values(expression: str, expected: str) -> None:
    assert meaning(expression) == meaning(expected)


@given(st.dates())
def test_the_calendar_agrees_with_the_standard_library(day: datetime.date) -> None:
    date = Date(day.year, day.month, day.day)
    assert str(date) == day.isoformat()
    assert date.weekday == day.isoweekday()
    assert date.week == day.isocalendar().week
    assert date.day_of_year == day.timetuple().tm_yday


@given(st.integers(-365_000_000_000, 365_000_000_000))
def test_every_day_number_is_one_day(number: int) -> None:
    date = Date.numbered(number)
    assert date is not None
    assert date.number == number


@given(st.dates(), st.integers(-1_000_000, 1_000_000))
def test_days_are_added_as_the_standard_library_adds_them(day: datetime.date, days: int) -> None:
    result = feel('d + n * @"P1D"', d=day, n=days)
    try:
        assert to_python(result) == day + datetime.timedelta(days=days)
    except (OverflowError, Refusal):
        assert result.year > 9999 or result.year < 1


ZONES = st.sampled_from(["Asia/Shanghai", "Europe/Paris", "Etc/UTC", "Australia/Melbourne"])


@given(
    st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 1, 1)),
    st.integers(0, 23),
    ZONES,
    st.integers(-10_000_000, 10_000_000),
)
def test_elapsed_time_is_exact_in_every_zone(
    day: datetime.date, hour: int, zone: str, seconds: int
) -> None:
    text = f"{day}T{hour:02d}:30:00@{zone}"
    there = feel("date and time(t) + d", t=text, d=datetime.timedelta(seconds=seconds))
    assert feel("a - date and time(t)", a=there, t=text) == DaysTime(seconds * 10**9)


@given(
    st.one_of(
        st.dates(),
        st.datetimes(timezones=st.just(datetime.UTC)),
        st.timedeltas(),
        st.times(),
        st.datetimes(timezones=st.just(datetime.timezone(datetime.timedelta(hours=8)))),
    )
)
def test_python_s_own_temporal_values_return_unchanged(value: object) -> None:
    assert to_python(from_python(value)) == value


def test_a_local_date_and_time_is_meant_in_shanghai() -> None:
    instant = to_python(feel('@"2026-11-20T09:15:00"'))
    assert instant == datetime.datetime(2026, 11, 20, 1, 15, tzinfo=datetime.UTC)


def test_years_that_python_does_not_have_are_refused() -> None:
    with pytest.raises(Refusal):
        to_python(Date(12026, 1, 1))


def test_equal_values_hash_alike() -> None:
    assert len({Date(2026, 1, 1), Date(2026, 1, 1)}) == 1
    assert len({Time(0, 0), Time(8 * 3600 * 10**9, 8 * 3600)}) == 1
    assert len({DateTime(Date(2026, 1, 1), 0, 0), DateTime(Date(2026, 1, 1), 0, 0)}) == 1


def test_without_an_instant_the_clock_functions_are_null() -> None:
    from engine.feel import prepare

    evaluation = prepare("now()").explain({})
    assert evaluation.value is None
    assert [reason.code for reason in evaluation.reasons] == ["feel.null.clock"]

"""Which days work, for the announced years, the coming ones, and the week between them."""

from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest

from engine.errors import Refusal
from engine.timing.calendar import CalendarYear, DayKind, WorkingCalendar, YearStatus

ANNOUNCED = range(2018, 2027)


def days_of(year):
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("year", ANNOUNCED)
def test_every_day_agrees_with_two_independent_calendars(calendar: WorkingCalendar, year):
    other = holidays.China(years=range(year - 1, year + 2))
    for day in days_of(year):
        ours = calendar.is_working_day(day)
        assert ours == chinese_calendar.is_workday(day), day
        assert ours == other.is_working_day(day), day


@pytest.mark.parametrize("year", range(2028, 2100))
def test_years_without_a_notice_have_the_statutory_days_and_their_substitutes(calendar, year):
    other = holidays.China(years=year, observed=True)
    statutory = set(calendar.statutory.of(year))
    assert statutory <= {day for day in days_of(year) if day in other}
    weekends = sum(day.weekday() >= 5 for day in statutory)
    assert len(calendar.statutory.days_off(year)) == len(statutory) + weekends
    assert all(not calendar.is_working_day(day) for day in calendar.statutory.days_off(year))


def test_the_provisional_file_of_2027_is_what_the_statute_alone_gives(calendar):
    assert dict(calendar.years[2027].off_days) == calendar.statutory.days_off(2027)
    assert not calendar.years[2027].makeup_workdays


@pytest.mark.parametrize(
    ("day", "kind", "name"),
    [
        (date(2026, 2, 14), DayKind.MAKEUP, "春节"),
        (date(2026, 2, 17), DayKind.HOLIDAY, "春节"),
        (date(2026, 2, 28), DayKind.MAKEUP, "春节"),
        (date(2026, 11, 21), DayKind.WEEKEND, None),
        (date(2026, 11, 20), DayKind.WORKING, None),
    ],
)
def test_a_day_says_why_it_works_or_not(calendar, day, kind, name):
    assert calendar.kind(day) is kind
    assert calendar.holiday_name(day) == name
    assert calendar.is_working_day(day) is kind.works


@pytest.mark.parametrize(
    ("day", "provisional"),
    [
        (date(2026, 12, 24), False),
        (date(2026, 12, 25), True),
        (date(2026, 12, 31), True),
        (date(2027, 6, 9), True),
        (date(2025, 12, 31), False),
        (date(2017, 12, 31), True),
    ],
)
def test_the_last_week_of_december_waits_for_the_next_notice(calendar, day, provisional):
    assert calendar.is_provisional(day) is provisional


def test_importing_the_next_year_settles_december_and_makes_a_new_version(calendar):
    announced = CalendarYear(
        2027,
        YearStatus.OFFICIAL,
        ("国办发明电",),
        calendar.statutory.days_off(2027) | {date(2026, 12, 31): "元旦"},
        {date(2026, 12, 26): "元旦"},
    )
    new = calendar.with_years([announced])
    assert calendar.is_working_day(date(2026, 12, 31))
    assert not new.is_working_day(date(2026, 12, 31))
    assert new.is_working_day(date(2026, 12, 26))
    assert not new.is_provisional(date(2026, 12, 31))
    assert new.is_provisional(date(2027, 12, 31))
    assert (new.version, new.sha256) != (calendar.version, calendar.sha256)
    assert calendar.with_years([]).version == calendar.version


def test_the_later_notice_wins_where_two_speak_of_the_same_day(calendar):
    day = date(2026, 12, 26)
    earlier = CalendarYear(2026, YearStatus.OFFICIAL, ("甲",), {day: "元旦"}, {})
    later = CalendarYear(2027, YearStatus.OFFICIAL, ("乙",), {}, {day: "元旦"})
    assert calendar.with_years([earlier, later]).is_working_day(day)
    earlier = CalendarYear(2026, YearStatus.OFFICIAL, ("甲",), {}, {day: "元旦"})
    later = CalendarYear(2027, YearStatus.OFFICIAL, ("乙",), {day: "元旦"}, {})
    assert not calendar.with_years([earlier, later]).is_working_day(day)


def test_working_days_are_found_forwards_and_backwards(calendar):
    assert calendar.next_working_day(date(2026, 2, 14)) == date(2026, 2, 24)
    assert calendar.working_day_from(date(2026, 2, 14)) == date(2026, 2, 14)
    assert calendar.last_working_day_of_month(date(2026, 2, 3)) == date(2026, 2, 28)
    assert calendar.last_working_day_of_month(date(2026, 10, 31)) == date(2026, 10, 30)
    assert calendar.last_working_day_of_quarter(date(2026, 7, 1)) == date(2026, 9, 30)
    assert calendar.last_working_day_of_quarter(date(2026, 12, 2)) == date(2026, 12, 31)


@pytest.mark.parametrize("day", [date(2017, 6, 1), date(2100, 1, 4), date(2100, 1, 2)])
def test_a_day_outside_the_festival_table_is_refused(calendar, day):
    with pytest.raises(Refusal) as refused:
        calendar.is_working_day(day)
    assert refused.value.code == "calendar.year_unknown"
    assert refused.value.params["expected"] == "2018–2099"

"""Every rule of the law's table: the hand-made vectors, and what must hold for all starts."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import LiandongError, NotFound, Refusal
from engine.timing.periods import compute
from engine.timing.rules import RULES, Switches
from engine.timing.zone import SHANGHAI, end_of_day, local

from .moments import china, wall
from .moments import starts as moments

VECTORS = yaml.safe_load((Path(__file__).parent / "period_vectors.yaml").read_text("utf-8"))[
    "vectors"
]

DAYS = ("PR-WD", "PR-CD", "PR-CDX")
MONTHS = ("PR-M", "PR-MC", "PR-MCX", "PR-MX")
ROLLING = ("PR-CD", "PR-M", "PR-MC")
NEVER_ROLLING = ("PR-CDX", "PR-MCX", "PR-MX", "PR-YX")
CYCLES = ("PR-REC-M", "PR-REC-Q")

starts = moments("2060-01-01").map(lambda instant: instant.astimezone(UTC))
numbered = st.sampled_from([rule for rule, found in RULES.items() if found.most])


def amounts(rule):
    return st.integers(1, {"hour": 2000, "month": 60, "year": 10}.get(RULES[rule].unit, 90))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_the_vector_is_met(calendar, vector):
    found = compute(
        vector["rule"],
        vector["n"],
        datetime.fromisoformat(vector["start"]),
        calendar=calendar,
        leave=timedelta(hours=vector.get("leave_hours", 0)),
    )
    assert found.due == datetime.fromisoformat(vector["due"]), vector["why"]
    assert found.provisional is vector["provisional"], vector["why"]
    assert str(found.last_day) == str(vector.get("last_day")), vector["why"]


@given(
    rule=numbered,
    start=starts,
    later=st.timedeltas(timedelta(0), timedelta(days=40)),
    data=st.data(),
)
def test_a_later_start_never_ends_earlier(calendar, rule, start, later, data):
    n = data.draw(amounts(rule))
    first = compute(rule, n, start, calendar=calendar).due
    second = compute(rule, n, start + later, calendar=calendar).due
    assert first <= second


@given(rule=numbered, start=starts, data=st.data())
def test_a_longer_period_never_ends_earlier(calendar, rule, start, data):
    n = data.draw(amounts(rule))
    shorter = compute(rule, n, start, calendar=calendar).due
    longer = compute(rule, n + 1, start, calendar=calendar).due
    assert shorter <= longer


@given(rule=numbered, start=starts, data=st.data())
def test_no_period_ends_before_it_starts(calendar, rule, start, data):
    found = compute(rule, data.draw(amounts(rule)), start, calendar=calendar)
    assert found.due > start
    assert found.due.tzinfo is UTC


@given(rule=st.sampled_from(ROLLING), start=starts, n=st.integers(1, 36))
def test_a_roll_ends_on_the_first_working_day_and_never_goes_back(calendar, rule, start, n):
    fixed = {"PR-CD": "PR-CDX", "PR-M": "PR-MX", "PR-MC": "PR-MCX"}[rule]
    nominal = compute(fixed, n, start, calendar=calendar).last_day
    rolled = compute(rule, n, start, calendar=calendar).last_day
    assert rolled == calendar.working_day_from(nominal)


@given(rule=st.sampled_from([*DAYS, *MONTHS, "PR-YX", *CYCLES]), start=starts, n=st.integers(1, 9))
def test_a_period_of_days_ends_at_24_of_its_last_day(calendar, rule, start, n):
    found = compute(rule, n, start, calendar=calendar)
    assert found.due == end_of_day(found.last_day)
    assert local(found.due).time() == time()


@given(start=starts, n=st.integers(1, 60))
def test_exactly_n_working_days_lie_between_the_start_and_the_end(calendar, start, n):
    last = compute("PR-WD", n, start, calendar=calendar).last_day
    first = local(start).date()
    days = [first + timedelta(days=d) for d in range(1, (last - first).days + 1)]
    assert sum(calendar.is_working_day(day) for day in days) == n
    assert calendar.is_working_day(last)


@given(rule=st.sampled_from(["PR-MX", "PR-MCX"]), start=starts, n=st.integers(1, 60))
def test_a_month_ends_on_the_corresponding_day_or_the_months_last(calendar, rule, start, n):
    begun, last = local(start).date(), compute(rule, n, start, calendar=calendar).last_day
    assert (last.year * 12 + last.month) - (begun.year * 12 + begun.month) == n
    length = monthrange(last.year, last.month)[1]
    whole_month = begun.day == monthrange(begun.year, begun.month)[1]
    if rule == "PR-MCX" and whole_month:
        assert last.day == length
    else:
        assert last.day == min(begun.day, length)


@given(start=starts, n=st.integers(1, 500))
def test_hours_run_through_nights_and_holidays(calendar, start, n):
    assert compute("PR-H", n, start, calendar=calendar).due == start + timedelta(hours=n)


@given(start=starts, n=st.integers(1, 48))
def test_hours_from_the_next_hour_start_on_the_stroke_after_the_fact(calendar, start, n):
    begins = compute("PR-HN", n, start, calendar=calendar).due - timedelta(hours=n)
    assert timedelta(0) < begins - start <= timedelta(hours=1)
    assert (begins.minute, begins.second, begins.microsecond) == (0, 0, 0)


@given(start=starts, n=st.integers(1, 15), leave=st.integers(0, 72))
def test_detention_ends_at_the_hour_of_admission_plus_leave(calendar, start, n, leave):
    found = compute("PR-DET", n, start, calendar=calendar, leave=timedelta(hours=leave))
    assert found.due == start + timedelta(hours=24 * n + leave)
    assert found.last_day is None


@given(rule=st.sampled_from([*NEVER_ROLLING, "PR-H", "PR-HN", "PR-DET"]), start=starts)
def test_what_no_holiday_can_move_is_never_provisional(calendar, rule, start):
    assert compute(rule, 2, start, calendar=calendar).provisional is False


@given(rule=st.sampled_from(["PR-WD", "PR-CD", "PR-M"]), start=starts, n=st.integers(1, 30))
def test_only_days_of_announced_years_give_a_settled_end(calendar, rule, start, n):
    found = compute(rule, n, start, calendar=calendar)
    if not found.provisional:
        assert not calendar.is_provisional(found.last_day)


@given(start=starts, n=st.integers(1, 30), offset=st.integers(-12, 14))
def test_the_zone_of_the_start_does_not_matter(calendar, start, n, offset):
    elsewhere = start.astimezone(timezone(timedelta(hours=offset)))
    assert compute("PR-WD", n, elsewhere, calendar=calendar).due == (
        compute("PR-WD", n, start, calendar=calendar).due
    )


def test_the_day_of_the_start_is_not_counted_not_even_a_minute_after_midnight(calendar):
    early = compute("PR-WD", 3, china("2026-11-20T00:01"), calendar=calendar)
    late = compute("PR-WD", 3, china("2026-11-20T23:59"), calendar=calendar)
    assert early.last_day == late.last_day == date(2026, 11, 25)


def test_a_deployer_may_end_the_day_at_the_close_of_business(calendar):
    switches = Switches(business_close=time(17, 30))
    found = compute("PR-WD", 3, china("2026-11-20T14:20"), calendar=calendar, switches=switches)
    assert found.due == china("2026-11-25T17:30")
    assert found.explain().endswith("11-25 17:30 届满")
    seal = compute("PR-YX", 2, china("2026-11-20T14:20"), calendar=calendar, switches=switches)
    assert seal.due == end_of_day(date(2028, 11, 20))


@pytest.mark.parametrize(
    ("rule", "start", "last"),
    [
        ("PR-M", "2024-01-31T10:00", date(2024, 2, 29)),
        ("PR-MC", "2024-02-29T10:00", date(2024, 4, 1)),
        ("PR-MCX", "2024-02-29T10:00", date(2024, 3, 31)),
        ("PR-MX", "2024-02-29T10:00", date(2024, 3, 29)),
        ("PR-REC-Q", "2026-08-12T10:00", date(2026, 9, 30)),
        ("PR-REC-M", "2026-01-15T10:00", date(2026, 1, 30)),
    ],
)
def test_months_and_cycles_by_example(calendar, rule, start, last):
    n = None if rule.startswith("PR-REC") else 1
    assert compute(rule, n, china(start), calendar=calendar).last_day == last


def test_words_without_a_number_have_no_due_instant(calendar):
    found = compute("PR-IMM", None, china("2026-11-20T14:20"), calendar=calendar)
    assert (found.due, found.last_day, found.provisional) == (None, None, False)


@pytest.mark.parametrize(
    ("rule", "n", "start", "leave", "code"),
    [
        ("PR-XX", 1, china("2026-11-20T14:20"), 0, "period.rule_unknown"),
        ("PR-WD", 0, china("2026-11-20T14:20"), 0, "period.amount"),
        ("PR-WD", -3, china("2026-11-20T14:20"), 0, "period.amount"),
        ("PR-WD", True, china("2026-11-20T14:20"), 0, "period.amount"),
        ("PR-YX", 51, china("2026-11-20T14:20"), 0, "period.amount"),
        ("PR-WD", None, china("2026-11-20T14:20"), 0, "period.amount_missing"),
        ("PR-WD", 3, wall("2026-11-20T14:20"), 0, "period.start_naive"),
        ("PR-WD", 3, china("1999-11-20T14:20"), 0, "period.start_range"),
        ("PR-WD", 3, china("2015-11-20T14:20"), 0, "calendar.year_unknown"),
        ("PR-CD", 3000, china("2099-11-20T14:20"), 0, "calendar.year_unknown"),
        ("PR-H", 3, china("2026-11-20T14:20"), 2, "period.leave"),
        ("PR-DET", 3, china("2026-11-20T14:20"), -2, "period.leave"),
    ],
)
def test_what_cannot_be_counted_is_refused(calendar, rule, n, start, leave, code):
    with pytest.raises((Refusal, NotFound)) as caught:
        compute(rule, n, start, calendar=calendar, leave=timedelta(hours=leave))
    assert caught.value.code == code


@given(
    rule=st.sampled_from(list(RULES)),
    n=st.one_of(st.none(), st.integers()),
    start=st.datetimes(timezones=st.sampled_from([UTC, SHANGHAI])),
)
def test_nothing_but_a_domain_error_comes_out(calendar, rule, n, start):
    try:
        compute(rule, n, start, calendar=calendar).explain()
    except LiandongError as error:
        assert error.code.startswith(("period.", "calendar."))

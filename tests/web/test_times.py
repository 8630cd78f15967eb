"""Deadlines in colour and words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from web.times import chip, shown_due, shown_short, span, tier

START = datetime(2026, 11, 20, 17, 52, tzinfo=UTC)
TWO_HOURS = timedelta(hours=2)
DUE = START + TWO_HOURS


@pytest.mark.parametrize(
    ("minutes", "level", "words"),
    [
        (0, "on-time", "剩余 2小时"),
        (48, "on-time", "剩余 1小时12分"),
        (60, "tier3", "三级预警 · 剩余 1小时"),
        (96, "tier2", "二级预警 · 剩余 24分"),
        (114, "tier1", "一级预警 · 剩余 6分"),
        (119.5, "tier1", "一级预警 · 剩余 不足1分"),
        (120, "overdue", "逾期 不足1分"),
        (120 + 26 * 60, "overdue", "逾期 1天2小时"),
    ],
)
def test_a_two_hour_limit_warns_in_three_tiers_and_then_is_overdue(
    app: Flask, minutes: float, level: str, words: str
) -> None:
    with app.test_request_context():
        found = chip(DUE, START, START + timedelta(minutes=minutes))
    assert (found.level, found.words) == (level, words)


def test_without_a_limit_there_is_no_chip(app: Flask) -> None:
    assert chip(None, START, START) is None


@given(st.integers(1, 10**7), st.integers(0, 10**7), st.integers(0, 10**7))
def test_a_warning_never_becomes_milder_as_time_passes(length: int, first: int, later: int) -> None:
    due = START + timedelta(seconds=length)
    moments = [START + timedelta(seconds=s) for s in sorted((first, later))]
    early, late = (tier(START, due, moment) or 4 for moment in moments)
    assert late <= early


def test_local_midnight_is_24_of_the_day_that_ends() -> None:
    assert shown_due(datetime(2026, 11, 20, 16, 0, tzinfo=UTC)) == "2026-11-20 24时"


def test_an_instant_of_today_shows_only_its_time(app: Flask) -> None:
    # 02:40 and 01:52 in China are one day, although the dates in UTC differ from the local one.
    assert shown_short(START, START + timedelta(minutes=48)) == "01:52"
    assert shown_short(START - timedelta(hours=3), START) == "11-20 22:52"


def test_a_span_has_two_units_at_most(app: Flask) -> None:
    with app.test_request_context():
        assert span(timedelta(days=3, hours=4, minutes=59)) == "3天4小时"

"""The wall clock is read in one place; every other clock stands still until it is moved."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from engine.errors import Refusal
from engine.timing.clock import SettableClock, SystemClock
from engine.timing.zone import due_text

from .moments import wall

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_the_system_clock_tells_aware_utc_instants_that_never_run_back():
    first, second = SystemClock().now(), SystemClock().now()
    assert first.tzinfo is UTC
    assert first <= second


def test_a_settable_clock_stands_still_until_it_is_advanced():
    clock = SettableClock(NOON)
    assert clock.now() == clock.now() == NOON
    assert clock.advance(timedelta(hours=2)) == clock.now() == NOON + timedelta(hours=2)


def test_a_settable_clock_can_be_set_back_but_not_advanced_backwards():
    clock = SettableClock(NOON)
    clock.set(NOON - timedelta(days=1))
    assert clock.now() == NOON - timedelta(days=1)
    with pytest.raises(Refusal, match=r"clock\.backwards"):
        clock.advance(timedelta(seconds=-1))


def test_a_settable_clock_answers_in_utc_whatever_zone_it_was_set_in():
    clock = SettableClock(datetime(2026, 11, 20, 20, tzinfo=timezone(timedelta(hours=8))))
    assert clock.now() == NOON
    assert clock.now().tzinfo is UTC


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(Refusal, match=r"clock\.naive"):
        SettableClock(wall("2026-11-20T12:00"))


@pytest.mark.parametrize(
    ("due", "lang", "written"),
    [
        ("2021-06-22T00:00:00+08:00", "zh", "2021-06-21 24时"),
        ("2021-06-21T16:00:00+00:00", "en", "2021-06-21 24:00"),
        ("2026-11-20T16:20:00+08:00", "zh", "2026-11-20 16:20"),
        ("2026-11-20T16:20:05+08:00", "zh", "2026-11-20 16:20:05"),
    ],
)
def test_a_due_instant_at_midnight_is_written_as_the_end_of_the_day(due, lang, written):
    assert due_text(datetime.fromisoformat(due), lang) == written

"""Somebody sets the clock back or forward: no timer comes early, twice or never."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from engine import jobs as engine_jobs
from engine.tick import Tick
from tests.engine.house import House
from tests.faults.patience import wait_for
from tests.faults.timer_rows import AT, INSTANCES, effects, fired_early, once_each, start_all

BACK, FORWARD = timedelta(seconds=20), timedelta(seconds=120)
SECOND = timedelta(seconds=1)
Figure = Callable[[str], None]


@pytest.fixture
def ticking(house: House) -> Iterator[House]:
    """A house whose tick runs, as beside the pages."""
    tick = Tick(house.engine)
    tick.start()
    yield house
    tick.stop()


def test_a_clock_set_back_fires_nothing_again_and_nothing_early(
    ticking: House, figure: Figure
) -> None:
    """Given timers that have fired, when the clock goes back before their instant and comes again,
    then they do not; the tick goes on looking all the while."""
    house = ticking
    house.clock.set(AT - SECOND)
    start_all(house)
    house.clock.set(AT)
    wait_for(lambda: effects(house) == once_each(), "every timer to fire once")
    house.clock.set(AT - BACK)
    later = house.start("timers")
    assert engine_jobs.drain(house.engine) == 0
    house.clock.set(AT)
    wait_for(lambda: effects(house).total() == 10 * (INSTANCES + 1), "the timers of the new one")
    assert later
    assert effects(house) == once_each(number=INSTANCES + 1)
    assert fired_early(house) == []
    figure(f"clock −{BACK.seconds} s: {10 * (INSTANCES + 1)} timers once each, 0 early")


def test_a_clock_set_forward_brings_what_has_become_due_once(
    ticking: House, figure: Figure
) -> None:
    house = ticking
    house.clock.set(AT - FORWARD + SECOND)
    start_all(house)
    assert engine_jobs.drain(house.engine) == 0
    house.clock.advance(FORWARD)
    seconds = wait_for(lambda: effects(house) == once_each(), "every timer to fire once")
    assert fired_early(house) == []
    figure(
        f"clock +{FORWARD.seconds} s: {10 * INSTANCES} timers once each, {seconds:.1f} s after it"
    )

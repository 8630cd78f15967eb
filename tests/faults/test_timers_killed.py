"""Workers die in the middle of five thousand timers, the server crashes, a worker stands still:
nothing is lost, nothing doubled.
"""

import random
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.store.database import Database
from engine.store.models import Base
from tests.engine.house import House
from tests.faults.extent import FULL, of
from tests.faults.timer_rows import (
    AT,
    MANY,
    effects,
    fired_early,
    lost_and_double,
    once_each,
    overdue,
    start_all,
)
from tests.faults.workers import Deaths, kill_in_turns, two_workers
from tests.postgres import DURABLE, Cluster, Unavailable

KILLS = of(32, at_least=4)
CRASHES = of(3)
STANDSTILL = 8.0 if FULL else 0.3
"""Seconds that a worker is stopped in a transaction."""
SEED = 20261120

Figure = Callable[[str], None]


def expect_each_once(house: House, figure: Figure, deaths: Deaths, also: str = "") -> None:
    lost, double = lost_and_double(house, MANY)
    figure(
        f"{10 * MANY} timers, 2 workers, {deaths.kills} SIGKILLs ({deaths.inside} inside a "
        f"transaction){also}, seed {SEED}: {lost} lost, {double} double, "
        f"{len(fired_early(house))} early"
    )
    assert effects(house) == once_each(number=MANY)
    assert (overdue(house), fired_early(house)) == ([], [])


def test_two_workers_fire_every_timer_once(house: House, database: Database) -> None:
    start_all(house)
    house.clock.set(AT)
    with two_workers(database) as running:
        assert [worker.finish() for worker in running] == [0, 0]
    assert effects(house) == once_each()
    assert (overdue(house), fired_early(house)) == ([], [])


def test_workers_killed_at_any_moment_lose_and_double_nothing(
    house: House, database: Database, figure: Figure
) -> None:
    """Given two workers, when one after the other dies by chance, then the next ones go on."""
    start_all(house, MANY)
    house.clock.set(AT)
    with two_workers(database) as running:
        deaths = kill_in_turns(database, running, KILLS, random.Random(SEED))
        assert [worker.finish() for worker in running] == [0, 0]
    assert deaths.inside or not FULL, "no worker was killed in a transaction"
    expect_each_once(house, figure, deaths)


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A server of this test's own that keeps what it has acknowledged."""
    # Not below pytest's folder, which every other run of the tests closes to the server's user.
    folder = Path(tempfile.mkdtemp(prefix="liandong-cluster-")) / "own"
    folder.parent.chmod(0o711)
    folder.mkdir()
    try:
        own = Cluster.start(folder, DURABLE)
    except Unavailable as reason:
        pytest.skip(f"PostgreSQL: {reason}")
    yield own
    own.stop()


def test_a_server_that_crashes_and_workers_that_die_lose_and_double_nothing(
    cluster: Cluster, figure: Figure
) -> None:
    """Given dying workers, when the server itself crashes and a worker stands still, then every
    timer has fired once when all are back."""
    database = Database(cluster.url(cluster.create_database()))
    Base.metadata.create_all(database.writer)
    house = House(database)
    start_all(house, MANY)
    house.clock.set(AT)
    chance, deaths = random.Random(SEED), Deaths()
    with two_workers(database) as running:
        for _ in range(CRASHES):
            some = kill_in_turns(database, running, KILLS // CRASHES, chance)
            deaths = Deaths(deaths.kills + some.kills, deaths.inside + some.inside)
            running[0].stand_still(STANDSTILL)
            cluster.crash()
        assert [worker.finish() for worker in running] == [0, 0]
    database.close()
    also = f", {CRASHES} crashes of the server, {CRASHES} SIGSTOPs of {STANDSTILL:g} s"
    expect_each_once(house, figure, deaths, also)

"""A thousand timers of every kind fire once, and never before their instant."""

from datetime import timedelta

from engine import jobs as engine_jobs
from engine.store.database import Database
from tests.engine.house import House, engine_on
from tests.faults.timer_rows import (
    AT,
    INSTANCES,
    effects,
    fired_early,
    jobs,
    once_each,
    overdue,
    start_all,
)
from web.bench.timers import AGAIN, AT_ONCE

SECOND = timedelta(seconds=1)
TURN = timedelta(minutes=10)


def test_no_timer_fires_before_its_instant(house: House) -> None:
    start_all(house)
    house.clock.set(AT - SECOND)
    assert engine_jobs.drain(house.engine) == 0
    assert effects(house) == {}


def test_all_timers_of_an_instant_fire_once_beside_open_tasks(house: House) -> None:
    """Given tasks that stay open, when the instant comes, then every timer fires, and only once."""
    start_all(house)
    house.clock.set(AT)
    engine_jobs.drain(house.engine)
    assert engine_jobs.drain(house.engine) == 0
    assert effects(house) == once_each()
    assert house.open() == sorted(["watched", "kept"] * INSTANCES)
    assert (overdue(house), fired_early(house)) == ([], [])


def test_what_a_timer_ended_never_comes(house: House) -> None:
    """Given a gateway whose first timer won, when the other's day comes, then nothing happens."""
    start_all(house)
    house.clock.set(AT)
    engine_jobs.drain(house.engine)
    house.clock.set(AT + timedelta(days=2))
    engine_jobs.drain(house.engine)
    assert "race_lost" not in effects(house)
    assert {job.state for job in jobs(house) if job.element_id == "race_lost"} == {"cancelled"}


def test_a_cycle_comes_again_at_its_own_instants(house: House) -> None:
    """Given a cycle of three turns looked at late, then each turn keeps its own due instant."""
    start_all(house)
    house.clock.set(AT + 5 * TURN)
    engine_jobs.drain(house.engine)
    assert effects(house) == once_each(cycle=1 + AGAIN)
    turns = [job.due_at for job in jobs(house) if job.element_id == "task_cycle"]
    assert turns == sorted([AT, AT + TURN, AT + 2 * TURN] * INSTANCES)


def test_after_a_restart_timers_fire_with_their_original_due(
    house: House, database: Database
) -> None:
    """Given a server that was down when they came due, when it is back, then nothing is lost."""
    start_all(house)
    database.close()
    house.engine = engine_on(Database(database.url.render_as_string(False)), house.clock)
    house.clock.set(AT + SECOND)
    engine_jobs.drain(house.engine)
    assert effects(house) == once_each()
    done = [job for job in jobs(house) if job.state == "done"]
    assert len(done) == INSTANCES * AT_ONCE
    assert {job.due_at for job in done} == {AT}
    house.engine.database.close()

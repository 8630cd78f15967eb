"""Timers of several instances share a transaction, and none suffers from another."""

from sqlalchemy import select

from engine import jobs
from engine.store.models import Incident, Job
from engine.store.statements import count_statements
from tests.engine.drawing import element, flows, process, script, timer
from tests.engine.house import House

MANY = 30


def waiting(key: str, text: str) -> bytes:
    """A timer, and what is computed behind it."""
    catch = element("intermediateCatchEvent", "t", timer("timeDuration", "PT1H"))
    return process(
        key, element("startEvent", "s"), catch, script("k", text, "k"),
        element("exclusiveGateway", "x", default="x-e"), element("endEvent", "e"),
        element("endEvent", "never"), flows("s -> t -> k -> x -> e", "x -> never [k > 1]"),
    )  # fmt: skip


def test_due_timers_of_many_instances_need_few_commits(house: House) -> None:
    house.deploy("p", waiting("p", "1"))
    started = [house.start("p") for _ in range(MANY)]
    house.clock.advance(house.timers()[0].due_at - house.clock.now())
    with count_statements(house.engine.database) as seen:
        assert jobs.run_due(house.engine) == MANY
    assert seen.commits <= 1 + MANY // jobs.MOST_TOGETHER
    assert {house.instance(one).state for one in started} == {"completed"}
    assert [house.instance(one).audit_count for one in started] == [2] * MANY


def test_whoever_fails_among_them_fails_alone(house: House) -> None:
    """Given one that cannot go on among many that can, then they are done, and it has its own
    attempts and its incident."""
    house.deploy("p", waiting("p", "1"))
    house.deploy("q", waiting("q", '"one"'))
    sound = [house.start("p") for _ in range(5)]
    broken = house.start("q")
    sound += [house.start("p") for _ in range(5)]
    house.advance(hours=1)
    assert {house.instance(one).state for one in sound} == {"completed"}
    (job,) = house.rows(select(Job).where(Job.instance_id == broken))
    assert (job.state, job.retries) == ("waiting", 2)
    house.advance(hours=1)
    house.advance(hours=1)
    assert house.rows(select(Incident.instance_id)) == [broken]

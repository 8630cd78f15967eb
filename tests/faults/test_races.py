"""Cancels and new due dates race with the workers that fire: nothing comes after it was cancelled,
nothing before its instant.
"""

import random
import threading
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from engine import deployments
from engine.errors import LiandongError
from engine.instances import cancel_instance
from engine.job_control import set_job_due
from engine.store.database import Database
from engine.store.models import AuditRow, Job, ProcessDefinition, ProcessInstance
from tests.engine.drawing import element, flows, process, timer
from tests.engine.house import House
from tests.engine.running.crowd import at_once
from tests.faults.extent import of
from tests.faults.timer_rows import AT, fired_early, overdue
from tests.faults.workers import kill_in_turns, two_workers

TIMERS = of(3_000)
KILLS = of(23, at_least=2)
CANCELLED, MOVED = TIMERS // 4, TIMERS // 2
LATER = AT + timedelta(hours=1)
SEED = 20261120
REASON = "撤回协作请求"
SOURCE = process(
    "p", element("startEvent", "s"),
    element("intermediateCatchEvent", "t", timer("timeDate", AT.isoformat())),
    element("endEvent", "e"), flows("s -> t -> e"),
)  # fmt: skip
Figure = Callable[[str], None]


def _done(verb: Callable[..., object], *arguments: object) -> bool:
    """False where a worker was faster."""
    try:
        verb(*arguments)
    except LiandongError:
        return False
    return True


def test_nothing_fires_after_it_was_cancelled_or_before_its_new_instant(
    house: House, database: Database, figure: Figure
) -> None:
    """Given due timers and two workers that die, when others cancel and put off meanwhile, then
    each timer has either fired or was cancelled or waits for its new instant."""
    house.deploy("p", SOURCE)
    started = [house.start("p") for _ in range(TIMERS)]
    chance = random.Random(SEED)
    chance.shuffle(started)
    ids = dict(_jobs_of(house))
    house.clock.set(AT)
    engine, done = house.engine, {"cancelled": 0, "moved": 0}

    def cancel() -> None:
        for instance in started[:CANCELLED]:
            done["cancelled"] += _done(cancel_instance, engine, "system", instance, REASON)

    def put_off() -> None:
        for instance in started[CANCELLED : CANCELLED + MOVED]:
            done["moved"] += _done(set_job_due, engine, "system", ids[instance], LATER)

    others = [threading.Thread(target=cancel), threading.Thread(target=put_off)]
    with two_workers(database) as running:
        assert running[0].read(1), "the race begins when a worker does"
        for thread in others:
            thread.start()
        deaths = kill_in_turns(database, running, KILLS, chance, most=30)
        for thread in others:
            thread.join()
        assert [worker.finish() for worker in running] == [0, 0]
    fired = house.rows(select(Job.id).where(Job.state == "done"))
    waiting = house.rows(select(Job.id).where(Job.state == "waiting", Job.due_at == LATER))
    after = fired_though_cancelled(house)
    figure(
        f"{TIMERS} due timers, {done['cancelled']} of {CANCELLED} cancelled, {done['moved']} of "
        f"{MOVED} put off, "
        f"{deaths.kills} SIGKILLs: {len(fired)} fired, {len(after)} after a cancel, "
        f"{len(fired_early(house))} early, {len(overdue(house))} left behind"
    )
    assert (after, fired_early(house), overdue(house)) == ([], [], [])
    assert len(waiting) == done["moved"]
    assert len(fired) == TIMERS - done["cancelled"] - done["moved"]


def _jobs_of(house: House) -> list[tuple[str, str]]:
    with house.engine.database.read() as session:
        return [(job.instance_id, job.id) for job in session.scalars(select(Job))]


def fired_though_cancelled(house: House) -> list[str]:
    """Instances whose chain tells of a timer behind the cancelling."""
    acts = select(AuditRow).where(AuditRow.action.in_(("timer.fired", "instance.cancelled")))
    ended: set[str] = set()
    found = []
    for row in house.rows(acts.order_by(AuditRow.chain, AuditRow.position)):
        if row.action == "instance.cancelled":
            ended.add(row.chain)
        elif row.chain in ended:
            found.append(row.chain)
    cancelled = house.rows(select(ProcessInstance.id).where(ProcessInstance.state == "cancelled"))
    done = select(Job.instance_id).where(Job.state == "done", Job.instance_id.in_(cancelled))
    return [*found, *house.rows(done)]


def test_two_deployers_at_once_make_one_version_each(house: House) -> None:
    """Given different files of one name, published at once: versions 1 to n, each once; the same
    files: one version for all."""
    crowd = 8

    def changed(number: int) -> object:
        source = SOURCE.replace(b'name="t"', f'name="t{number}"'.encode())
        return deployments.deploy(house.engine, "system", "p", {"p.bpmn": source})

    answers = at_once(crowd, changed)
    versions = house.rows(select(ProcessDefinition.version).order_by(ProcessDefinition.version))
    refused = [answer for answer in answers if isinstance(answer, str)]
    assert versions == list(range(1, crowd - len(refused) + 1))
    assert set(refused) <= {"verb.lost_race"}
    same = at_once(crowd, lambda _: house.deploy("q", SOURCE.replace(b'id="p"', b'id="q"')))
    made = [answer for answer in same if not isinstance(answer, str) and not answer.unchanged]
    assert len(made) == 1

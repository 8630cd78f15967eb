"""Instances with timers of every kind, and what their rows say became of them."""

from collections import Counter
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from engine.store.models import Activity, Job
from tests.engine.house import MORNING, House
from tests.faults.extent import of
from web.bench.timers import FIRING, every_kind

AT = MORNING + timedelta(hours=1)
"""When all the timers come."""
KEY = "timers"
INSTANCES = of(100, at_least=8)
"""Ten timers each."""
MANY = of(500)
"""Where workers die: five thousand timers."""


def start_all(house: House, number: int = INSTANCES) -> list[str]:
    """Instances whose timers all come at AT."""
    house.deploy(KEY, every_kind(KEY, AT.isoformat()))
    return [house.start(KEY) for _ in range(number)]


def effects(house: House) -> Counter[str]:
    """How often each timer's path was taken, in all instances together."""
    taken = house.rows(select(Activity.element_id).where(Activity.element_id.like("after_%")))
    return Counter(name.removeprefix("after_") for name in taken)


def once_each(cycle: int = 1, number: int = INSTANCES) -> dict[str, int]:
    """What `effects` says when every timer has fired once and the cycle so often."""
    return dict.fromkeys(FIRING, number) | {"task_cycle": cycle * number}


def jobs(house: House, *conditions: Any) -> list[Job]:
    query = select(Job).where(Job.kind == "timer", *conditions)
    return house.rows(query.order_by(Job.due_at, Job.id))


def lost_and_double(house: House, number: int) -> tuple[int, int]:
    """Timers that never fired, and firings too many."""
    found, expected = effects(house), once_each(number=number)
    lost = sum(max(0, wanted - found[name]) for name, wanted in expected.items())
    return lost, found.total() - sum(expected.values()) + lost


def overdue(house: House) -> list[Job]:
    """Waiting although their instant has come."""
    return jobs(house, Job.state == "waiting", Job.due_at <= house.clock.now())


def fired_early(house: House) -> list[Job]:
    return jobs(house, Job.state == "done", Job.fired_at < Job.due_at)

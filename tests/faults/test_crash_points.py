"""A process that dies before or after any statement or commit of a verb: all of it, or nothing.

The verb runs in a fork that ends at once at the given point, as a power cut would end it. Then the
same request comes again, with its key: whatever became of the first, there is one effect.
"""

import os
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event as events
from sqlalchemy import func, literal, select, union_all

from engine.store import database as store
from engine.store.database import Database
from engine.store.models import Base
from tests.engine.house import House, engine_on
from tests.faults.acts import ACTS, deploy_all
from tests.faults.extent import FULL

DEAD = 9
FEW = 2
"""Points of each verb in `make test`; `make faults` tries all of them."""


def traces(house: House) -> Counter[tuple[str, str]]:
    """How many rows there are in each table, by their state where they have one."""
    tables = [table for table in Base.metadata.sorted_tables if table.name != "audit_chain"]
    queries = []
    for table in tables:
        state = table.c.state if "state" in table.c else literal("")
        queries.append(select(literal(table.name), state, func.count()).group_by(state))
        queries[-1] = queries[-1].select_from(table)
    with house.engine.database.read() as session:
        return Counter(
            {
                (name, state): number
                for name, state, number in session.execute(union_all(*queries))
                if number
            }
        )


def change(after: Counter[Any], before: Counter[Any]) -> dict[Any, int]:
    """What has been added (+) and is gone (-)."""
    return {key: after[key] - before[key] for key in after | before if after[key] != before[key]}


class Points:
    """Counts the moments at which a process can die, and dies at the chosen one."""

    def __init__(self, database: Database, fatal: int | None = None) -> None:
        self.passed, self._fatal = 0, fatal
        for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
            events.listen(database.writer, name, self._pass)
        commit = store._commit

        def told(session: Any) -> None:
            commit(session)
            self._pass()

        store._commit = told

    def _pass(self, *_: Any) -> None:
        self.passed += 1
        if self.passed == self._fatal:
            os._exit(DEAD)


def in_a_fork(house: House, work: Callable[[House, Points], None], fatal: int | None = None) -> int:
    """Exit code of a process of its own that does the work on the same database."""
    house.engine.database.close()
    url = house.engine.database.url.render_as_string(hide_password=False)
    if child := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        database = Database(url)
        other = House.__new__(House)
        other.clock, other.engine = house.clock, engine_on(database, house.clock)
        work(other, Points(database, fatal))
    except BaseException:
        os._exit(1)
    os._exit(0)


def points_of(house: House, name: str) -> int:
    """How many moments the verb has; measured in a fork, told by its pipe."""
    prepare, do = ACTS[name]
    given = prepare(house)
    reading, writing = os.pipe()

    def count(other: House, points: Points) -> None:
        do(other, given, f"count-{name}")
        os.write(writing, str(points.passed).encode())

    assert in_a_fork(house, count) == 0, f"{name} cannot be done at all"
    os.close(writing)
    with os.fdopen(reading) as told:
        return int(told.read())


@pytest.mark.parametrize("name", ACTS)
def test_a_process_that_dies_at_any_point_leaves_all_or_nothing(
    name: str, house: House, figure: Callable[[str], None]
) -> None:
    deploy_all(house)
    prepare, do = ACTS[name]
    # The first of its kind makes rows that all later ones share: counters, chains of the day.
    do(house, prepare(house), f"first-{name}")
    number = points_of(house, name)
    given = prepare(house)
    before = traces(house)
    do(house, given, f"whole-{name}")
    whole = change(traces(house), before)
    tried = range(1, number + 1)
    if not FULL:
        chance = random.Random(name)
        tried = sorted({number, *chance.sample(tried, min(FEW, number))})
    kept = 0
    for point in tried:
        given = prepare(house)
        before, key = traces(house), f"{name}-{point}"
        died = in_a_fork(house, lambda other, _, at=given, by=key: do(other, at, by), point)
        assert died == DEAD, f"point {point} of {number}"
        left = change(traces(house), before)
        assert left in ({}, whole), f"half of it at point {point} of {number}"
        kept += left == whole
        do(house, given, key)
        assert change(traces(house), before) == whole, f"twice or never at point {point}"
    assert kept >= 1, "the last point is behind the commit"
    figure(f"died at {len(tried)} of {number} points: 0 lost, 0 double, 0 half")

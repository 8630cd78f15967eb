"""The supervisors' lists over a hundred thousand instances, on SQLite and PostgreSQL."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import insert, text

from engine.actors import Actor, PostHeld
from engine.engine import Engine
from engine.queries.deadline_board import deadline_board
from engine.queries.instance_filters import Wanted
from engine.queries.instance_list import Cursor, overseen_instances, tally
from engine.store.database import Database
from engine.store.models import Deadline, ProcessInstance, UserTask
from engine.store.types import new_id
from tests.factories import COURT, NIGHT, ROOT, World, engine_on
from tests.postgres import Unavailable, end_shared_cluster, shared_cluster

INSTANCES = 100_000
ALIVE = 6_000
PROCEDURES = 12
STEP = timedelta(minutes=5)
HEAD = Actor(
    "president", COURT, "court", None, (PostHeld(COURT, "court-enforcement", "court_president"),)
)
LISTS = {
    "open": Wanted(),
    "all": Wanted(state="all"),
    "ended by hand": Wanted(state="terminated"),
    "one procedure": Wanted(state="all", procedure="p11"),
    "one unit": Wanted(state="all", unit="court-enforcement"),
    "overdue": Wanted(due="overdue"),
    "one case number": Wanted(state="all", text="执77777号"),
    "half of all numbers": Wanted(state="all", text="7"),
    "due first": Wanted(sort="due"),
    "all, due first": Wanted(state="all", sort="due"),
}


def fill(engine: Engine) -> None:
    """Most have ended; the open ones carry a limit, an open task and an engine state."""
    with engine.database.write() as session:
        world = World(engine, session)
        world.agencies()
        night = ROOT / "tests" / "web" / "data" / "night.bpmn"
        ids = [world.definition(night, f"p{n}", f"流程{n}").id for n in range(PROCEDURES)]
        chance = random.Random(1)
        for start in range(0, INSTANCES, 5_000):
            rows = [_row(chance, ids, number) for number in range(start, start + 5_000)]
            session.execute(insert(ProcessInstance), rows)
            session.execute(insert(Deadline), [_limit(chance, row) for row in rows])
            session.execute(insert(UserTask), [_task(row) for row in rows])
    with engine.database.writer.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()


def _row(chance: random.Random, definitions: list[str], number: int) -> dict[str, Any]:
    kind = min(int(chance.expovariate(0.5)), PROCEDURES - 1)
    alive = chance.random() < ALIVE / INSTANCES
    ended = chance.choices(["completed", "cancelled", "terminated"], [95, 4, 1])[0]
    began = NIGHT - STEP * (INSTANCES - number)
    return {
        "id": new_id(), "definition_id": definitions[kind], "process_key": f"p{kind}",
        "business_key": f"豫1321-PER-2026-{number:06}", "case_no": f"（2026）豫1321执{number}号",
        "agency_id": COURT, "unit_id": "court-enforcement" if number % 500 == 0 else None,
        "profile": "nanzhao_2021", "norms_version": "x", "state": "active" if alive else ended,
        "incident_count": 0, "open_deadlines": int(alive), "started_by": "president",
        "started_at": began, "ended_at": None if alive else began + timedelta(days=1),
        "version": 1, "variables": {f"v{n}": "x" * 30 for n in range(20)}, "parties": {},
        "audit_head": "", "audit_count": 0, "blob": b"z" * 4000 if alive else None,
    }  # fmt: skip


def _limit(chance: random.Random, row: dict[str, Any]) -> dict[str, Any]:
    alive = row["ended_at"] is None
    due = NIGHT + timedelta(hours=chance.uniform(-50, 300)) if alive else row["ended_at"]
    return {
        "id": new_id(), "instance_id": row["id"], "agency_id": COURT,
        "business_key": row["business_key"], "period_id": "T-PER-2H", "element_id": "Timer_2h",
        "duty_element_id": "Task_Respond", "scope_id": new_id(), "kind": "statutory",
        "started_at": row["started_at"], "due_at": due, "provisional": False,
        "state": "running" if alive else "met", "profile": "nanzhao_2021", "norms_version": "x",
        "calendar_version": "x", "derivation": [], "clause": "",
    }  # fmt: skip


def _task(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": new_id(), "instance_id": row["id"], "definition_id": row["definition_id"],
        "element_id": "Task_Respond", "name": "法院响应", "business_key": row["business_key"],
        "agency_id": COURT, "role": "court_handler", "priority": 50,
        "state": "open" if row["ended_at"] is None else "completed",
        "created_at": row["started_at"],
    }  # fmt: skip


def measure(engine: Engine) -> Iterator[str]:
    """One line per list, in milliseconds: the best of five."""
    deep = Cursor(NIGHT - STEP * (INSTANCES // 2), "0")
    yield line("tiles", lambda: tally(engine, HEAD))
    yield line("board", lambda: deadline_board(engine, HEAD))
    yield line("all, the 1000th page", lambda: overseen_instances(engine, HEAD, LISTS["all"], deep))
    for name, wanted in LISTS.items():
        yield line(name, lambda wanted=wanted: overseen_instances(engine, HEAD, wanted))


def line(name: str, question: Callable[[], object]) -> str:
    times = []
    for _each in range(5):
        began = perf_counter()
        question()
        times.append(perf_counter() - began)
    return f"{min(times) * 1000:8.1f} ms  {name}"


@contextmanager
def database(url: str) -> Iterator[Engine]:
    engine = engine_on(Database(url))
    yield engine
    engine.database.close()


def run(url: str) -> None:
    with database(url) as engine:
        fill(engine)
        print(f"{engine.database.dialect}, {INSTANCES} instances")
        print("\n".join(measure(engine)))


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="liandong-bench-"))
    try:
        run(f"sqlite:///{folder}/liandong.db")
        cluster = shared_cluster(folder)
        run(cluster.url(cluster.create_database()))
    except Unavailable as reason:
        print(f"PostgreSQL: {reason}")
    finally:
        end_shared_cluster(folder)


if __name__ == "__main__":
    main()

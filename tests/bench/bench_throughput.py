"""How much a second, how late, and does it grow: `python -m tests.bench.bench_throughput [--large]`

Completions over HTTP with 1, 2 and 4 clients (one POST, no page); timers singly and in shared
transactions; lateness on a real clock. Each beside 10³ and 10⁵ waiting timers and running
instances (`make bench-large`: 10⁶), which are rows made by a generator, without states. Every
figure stands beside its limit in the same run: bare SpiffWorkflow, bare statements, bare commits.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from time import monotonic, perf_counter, sleep
from typing import Any

from sqlalchemy import insert, select, update

from app import Installation, Settings
from engine import jobs
from engine.bpmn.yardstick import BareProcess
from engine.engine import Engine
from engine.instances import start_process
from engine.store.models import Base, Counter, Job, ProcessDefinition
from engine.store.types import new_id
from engine.tick import Tick
from tests.bench.served import AGENCY, KEY, Caller, environment, install, server
from tests.engine.drawing import element, flows, process, timer
from tests.postgres import DURABLE, Cluster, Unavailable
from web.bench.diagrams import Sample, three_tasks
from web.bench.floor import Floor
from web.bench.ground import Ground, ground
from web.bench.lives import live_bare

CLIENTS = (1, 2, 4)
LIVES = 240
TIMERS = 300
SPACED = 100
"""Timers whose lateness is measured, one after the other."""
APART = timedelta(milliseconds=37)
CROWD = 5_000
"""Rows of one INSERT."""
COMMITS = 300
WAITING = element("intermediateCatchEvent", "t", timer("timeDate", "${at}"))
TIMED = process(
    "bench_timed", element("startEvent", "s"), WAITING, element("endEvent", "e"),
    flows("s -> t -> e"),
)  # fmt: skip


def fill(engine: Engine, number: int) -> None:
    """So many running instances, each with a timer a year ahead; nobody will ever load them."""
    with engine.database.write() as session:
        definition = session.scalars(select(ProcessDefinition.id).limit(1)).one()
    later = engine.clock.now() + timedelta(days=365)
    for begun in range(0, number, CROWD):
        ids = [new_id() for _ in range(min(CROWD, number - begun))]
        with engine.database.write() as session:
            connection = session.connection()
            rows = [_instance(id, definition, engine) for id in ids]
            connection.execute(insert(Base.metadata.tables["process_instance"]), rows)
            timers = [_timer(id, later, engine) for id in ids]
            connection.execute(insert(Base.metadata.tables["job"]), timers)


def _instance(id: str, definition: str, engine: Engine) -> dict[str, Any]:
    return {
        "id": id, "definition_id": definition, "process_key": "crowd", "business_key": id[:20],
        "agency_id": AGENCY, "profile": "nanzhao_2021", "norms_version": "1", "state": "active",
        "started_by": "system", "started_at": engine.clock.now(), "version": 1, "incident_count": 0,
        "open_deadlines": 0, "variables": {}, "parties": {}, "audit_head": "", "audit_count": 0,
    }  # fmt: skip


def _timer(id: str, due: Any, engine: Engine) -> dict[str, Any]:
    return {
        "id": new_id(), "kind": "timer", "instance_id": id, "task_id": new_id(), "element_id": "t",
        "due_at": due, "state": "waiting", "retries": 3, "detail": {},
        "created_at": engine.clock.now(),
    }  # fmt: skip


# completions --------------------------------------------------------------------------


def completions(
    settings: dict[str, str], token: str, processes: int
) -> Iterator[tuple[int, float]]:
    """(clients, completions a second)."""
    with server(settings, processes) as (port, _):
        for clients in CLIENTS:
            callers = [Caller(port, token) for _ in range(clients)]
            # The program's bucket of requests must not be what is measured.
            ids = _started(callers, port, token)
            yield clients, _rate(callers, [f"/task/{id}/complete" for id in ids])


def _started(callers: list[Caller], port: int, token: str) -> list[str]:
    start = f"/process-definition/key/{KEY}/start"
    _rate(callers, [start] * LIVES)
    listed: Any = Caller(port, token).ask("GET", f"/task?processDefinitionKey={KEY}&maxResults=999")
    return [task["id"] for task in listed]


def _rate(callers: list[Caller], paths: list[str]) -> float:
    def work(position: int) -> None:
        for path in paths[position :: len(callers)]:
            callers[position].ask("POST", path, "{}")

    begun = monotonic()
    with ThreadPoolExecutor(len(callers)) as pool:
        list(pool.map(work, range(len(callers))))
    return len(paths) / (monotonic() - begun)


# timers -------------------------------------------------------------------------------


def start_timed(place: Ground, dues: list[Any]) -> None:
    """One instance for each instant."""
    for due in dues:
        start_process(place.engine, place.officer, "bench_timed", {"at": due.isoformat()})


def timers(place: Ground, together: int) -> float:
    """Overdue timers fired a second, so many in a transaction."""
    now = place.engine.clock.now()
    start_timed(place, [now] * TIMERS)
    kept, jobs.MOST_TOGETHER = jobs.MOST_TOGETHER, together
    begun = perf_counter()
    jobs.drain(place.engine)
    jobs.MOST_TOGETHER = kept
    return TIMERS / (perf_counter() - begun)


def lateness(place: Ground) -> tuple[float, float]:
    """p50 and p99 in milliseconds, of timers that come one after the other while nothing else is
    to be done."""
    first = place.engine.clock.now() + timedelta(seconds=3)
    dues = [first + APART * number for number in range(SPACED)]
    start_timed(place, dues)
    tick = Tick(place.engine)
    tick.start()
    fired: list[Any] = []
    query = select(Job.due_at, Job.fired_at).where(Job.due_at >= first, Job.state == "done")
    while len(fired) < SPACED:
        sleep(0.2)
        with place.engine.database.read() as session:
            fired = list(session.execute(query.where(Job.due_at <= dues[-1])))
    tick.stop()
    late = sorted((at - due).total_seconds() * 1000 for due, at in fired)
    return late[len(late) // 2], late[int(len(late) * 0.99) - 1]


# limits -------------------------------------------------------------------------------


def bare_commits(place: Ground) -> float:
    """Commits a second of one changed row, one after the other."""
    with place.engine.database.write() as session:
        session.merge(Counter(key="bench", value=0))
    begun = perf_counter()
    for number in range(COMMITS):
        with place.engine.database.write() as session:
            session.execute(update(Counter).where(Counter.key == "bench").values(value=number))
    return COMMITS / (perf_counter() - begun)


def bare_statements(place: Ground) -> float:
    """Transactions a second of fifteen plain statements."""
    floor = Floor(place)
    return _per_second(floor.cost)


def bare_spiff() -> float:
    """Completions a second of SpiffWorkflow alone: read, run, write; no database."""
    sample: Sample = three_tasks()
    bare = BareProcess(sample.diagram, sample.key)
    lives = [live_bare(sample, bare).completions for _ in range(30)]
    spent = [ms for life in lives for ms in life]
    return 1000 * len(spent) / sum(spent)


def _per_second(work: Callable[[], object], times: int = 100) -> float:
    begun = perf_counter()
    for _ in range(times):
        work()
    return times / (perf_counter() - begun)


# ------------------------------------------------------------------------------------


def run(name: str, url: Callable[[], str | None], sizes: tuple[int, ...]) -> None:
    """Print every figure of one kind of database."""
    spiff = bare_spiff()
    print(f"{name}: bare SpiffWorkflow {spiff:.0f} completions/s (no database)")
    for size in sizes:
        _inside(name, url(), size)
        _over_http(name, url(), size, spiff)


def _inside(name: str, url: str | None, size: int) -> None:
    with ground(Installation(Settings.of(os.environ)), url) as place:
        place.deploy(Sample("bench_timed", TIMED))
        fill(place.engine, size)
        start_timed(place, [place.engine.clock.now()])
        jobs.drain(place.engine)
        commits, statements = bare_commits(place), bare_statements(place)
        singly, together = timers(place, 1), timers(place, jobs.MOST_TOGETHER)
        p50, p99 = lateness(place)
    print(
        f"{name} with {size:>7} waiting: timers {singly:.0f}/s singly, {together:.0f}/s batched; "
        f"late p50 {p50:.0f} ms, p99 {p99:.0f} ms; {commits:.0f} bare commits/s, "
        f"{statements:.0f} × 15 bare statements/s (timers {singly / statements:.2f} and "
        f"{together / statements:.2f} of them)"
    )


def _over_http(name: str, url: str | None, size: int, spiff: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = environment(folder, url)
        installation, token = install(settings)
        fill(installation.engine(), size)
        installation.database.close()
        for processes in (1,) if url is None else (1, 2):
            for clients, rate in completions(settings, token, processes):
                print(
                    f"{name} with {size:>7} running, {processes} process, {clients} clients: "
                    f"{rate:.0f} completions/s over HTTP ({rate / spiff:.2f} of bare SpiffWorkflow)"
                )


def main(large: bool) -> None:
    sizes = (1_000_000,) if large else (1_000, 100_000)
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    run("sqlite", lambda: None, sizes)
    folder = Path(tempfile.mkdtemp(prefix="liandong-bench-"))
    folder.chmod(0o711)
    (folder / "cluster").mkdir()
    try:
        cluster = Cluster.start(folder / "cluster", DURABLE)
    except Unavailable as reason:
        print(f"PostgreSQL: {reason}")
        return
    try:
        run("postgresql", lambda: cluster.url(cluster.create_database()), sizes)
    finally:
        cluster.stop()
    print(f"load {os.getloadavg()[0]:.1f} at the end")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--large", action="store_true", help="beside a million rows")
    main(arguments.parse_args().large)

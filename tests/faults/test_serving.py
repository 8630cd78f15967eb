"""The server as a process of its own: its database goes and comes back, ten thousand knock at once,
a hundred send one form, many send slowly. A yes is always true, and a no is a sentence.
"""

import asyncio
import json
import resource
import socket
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.store.database import Database
from engine.store.models import Activity, ProcessInstance
from tests.bench.served import KEY, Caller, environment, install, memory, server
from tests.faults.extent import FULL, of
from tests.faults.patience import wait_for
from tests.postgres import DURABLE, Cluster, Unavailable

CROWD = of(10_000)
SUBMITS = 100
STALLING = 64
"""Clients that begin a request and do not go on; four for every thread of the server."""
OUTAGE = 30.0 if FULL else 1.0
"""Seconds without a database."""
BACK_WITHIN = 5.0
MOST_MEMORY = 1024
START = f"/process-definition/key/{KEY}/start"
Figure = Callable[[str], None]


@dataclass
class Served:
    """A running server, and the database behind it."""

    port: int
    pid: int
    token: str
    database: Database
    cluster: Cluster | None = None

    def caller(self) -> Caller:
        return Caller(self.port, self.token)

    def instances(self) -> set[str]:
        self.database.close()
        with self.database.read() as session:
            return set(session.scalars(select(ProcessInstance.id)))


def _apart(work: Coroutine[Any, Any, Any]) -> Any:
    """In a thread of its own: a browser test before may have left its event loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """One server on each kind of database; what others did to it before does not matter."""
    url = None
    if request.param == "postgresql":
        cluster: Cluster = request.getfixturevalue("postgres")
        url = cluster.url(cluster.create_database())
    settings = environment(tmp_path_factory.mktemp("data"), url)
    installation, token = install(settings)
    installation.database.close()
    with server(settings) as (port, pid):
        yield Served(port, pid, token, installation.database)


@pytest.fixture
def on_a_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """On a PostgreSQL of its own, which may go away."""
    # Not below pytest's folder, which every other run of the tests closes to the server's user.
    folder = Path(tempfile.mkdtemp(prefix="liandong-cluster-")) / "own"
    folder.parent.chmod(0o711)
    folder.mkdir()
    try:
        cluster = Cluster.start(folder, DURABLE)
    except Unavailable as reason:
        pytest.skip(f"PostgreSQL: {reason}")
    data = tmp_path_factory.mktemp("data")
    settings = environment(data, cluster.url(cluster.create_database()))
    installation, token = install(settings)
    installation.database.close()
    with server(settings) as (port, pid):
        yield Served(port, pid, token, installation.database, cluster)
    cluster.stop()


@dataclass
class Knocking:
    """Starts one instance after the other, and keeps what it was told."""

    served: Served
    told: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    stopped: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        caller = self.served.caller()
        while not self.stopped.is_set():
            status, content = caller.status("POST", START, "{}")
            self.statuses[status] += 1
            if status == 200:
                self.told.append(json.loads(content)["id"])
            else:
                self.stopped.wait(0.05)


@contextmanager
def knocking_on(served: Served, number: int) -> Iterator[list[Knocking]]:
    """So many that start instances all the while; they have stopped when the block has ended."""
    knocking = [Knocking(served) for _ in range(number)]
    threads = [threading.Thread(target=one.run) for one in knocking]
    for thread in threads:
        thread.start()
    try:
        yield knocking
    finally:
        for one in knocking:
            one.stopped.set()
        for thread in threads:
            thread.join()


def test_a_database_that_goes_and_comes_back_costs_no_false_yes(
    on_a_cluster: Served, figure: Figure
) -> None:
    """Given requests that keep coming, when the database is gone, then each hears 503; when it is
    back, so are the answers, and every yes of the whole time is true."""
    served, cluster = on_a_cluster, on_a_cluster.cluster
    assert cluster is not None
    with knocking_on(served, 4) as knocking:
        wait_for(lambda: all(one.told for one in knocking), "the first answers")
        cluster.stop("immediate")
        gone = monotonic()
        wait_for(lambda: all(one.statuses[503] for one in knocking), "a 503 for everybody")
        before = [len(one.told) for one in knocking]
        wait_for(lambda: monotonic() - gone > OUTAGE, "the end of the outage", OUTAGE + 5)
        known = [len(one.told) for one in knocking]
        assert known == before, "a yes without a database"
        cluster.resume()
        seconds = wait_for(lambda: all(_more(knocking, known)), "answers for everybody", 30)
    told = {id for one in knocking for id in one.told}
    statuses = sum((one.statuses for one in knocking), Counter[int]())
    false = told - served.instances()
    figure(
        f"database gone for {OUTAGE:g} s: answers {dict(statuses)}, {len(false)} false yes, "
        f"back {seconds:.1f} s after it"
    )
    assert false == set()
    assert set(statuses) <= {200, 503}
    assert seconds < BACK_WITHIN


def _more(knocking: list[Knocking], known: list[int]) -> list[bool]:
    return [len(one.told) > at for one, at in zip(knocking, known, strict=True)]


def test_a_crowd_is_served_or_told_to_come_back_and_no_yes_is_lost(
    served: Served, figure: Figure
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    crowd = min(CROWD, hard - 200)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, crowd + 200)), hard))
    begun, before = monotonic(), served.instances()
    answers = _apart(_all_at_once(served, crowd))
    seconds, used = monotonic() - begun, memory(served.pid)
    statuses = Counter(status for status, _ in answers)
    told = {id for status, id in answers if status == 200}
    there = served.instances() - before
    figure(
        f"{crowd} requests at once: {dict(statuses)} in {seconds:.0f} s, {len(told - there)} false "
        f"yes, {len(there - told)} done without an answer, {used} MB"
    )
    assert told <= there
    assert set(statuses) <= {200, 429, 503}
    assert len(there) == len(told) > 0
    assert used < MOST_MEMORY


async def _all_at_once(served: Served, crowd: int) -> list[tuple[int, str]]:
    gate = asyncio.Event()
    waiting = [asyncio.create_task(_one(served, gate)) for _ in range(crowd)]
    gate.set()
    return await asyncio.gather(*waiting)


async def _one(served: Served, gate: asyncio.Event) -> tuple[int, str]:
    """One request on one connection; (0, "") where it broke."""
    await gate.wait()
    head = (
        f"POST /engine-rest{START} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        f"Authorization: Bearer {served.token}\r\nContent-Type: application/json\r\n"
        "Content-Length: 2\r\n\r\n{}"
    )
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
        writer.write(head.encode())
        answer = await reader.read()
        writer.close()
    except OSError:
        return 0, ""
    status = int(answer.split(b" ", 2)[1]) if answer else 0
    return status, json.loads(answer.rpartition(b"\r\n\r\n")[2])["id"] if status == 200 else ""


def test_a_hundred_submits_of_one_task_have_one_effect(served: Served, figure: Figure) -> None:
    caller = served.caller()
    instance = caller.ask("POST", START, "{}")["id"]  # type: ignore[index]
    (task,) = caller.ask("GET", f"/task?processInstanceId={instance}")  # type: ignore[misc]
    together = threading.Barrier(SUBMITS)
    statuses: Counter[int] = Counter()

    def submit() -> None:
        own = served.caller()
        together.wait()
        statuses[own.status("POST", f"/task/{task['id']}/complete", "{}")[0]] += 1

    threads = [threading.Thread(target=submit) for _ in range(SUBMITS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done = select(func.count()).where(
        Activity.instance_id == instance, Activity.element_id == "end"
    )
    with served.database.read() as session:
        effects = session.scalar(done)
    figure(f"{SUBMITS} submits of one task: {dict(statuses)}, {effects} effect")
    assert (statuses[204], effects) == (1, 1)
    assert all(status == 204 or 400 <= status < 600 for status in statuses)
    assert 0 not in statuses


def test_clients_that_send_slowly_keep_nobody_waiting(served: Served, figure: Figure) -> None:
    """Given more half requests than the server has threads, then a whole one is answered."""
    begun = f"POST /engine-rest{START} HTTP/1.1\r\nHost: localhost\r\nContent-Le"
    stalling = [socket.create_connection(("127.0.0.1", served.port)) for _ in range(STALLING)]
    try:
        for one in stalling:
            one.sendall(begun.encode())
        asked = monotonic()
        assert served.caller().status("GET", "/version")[0] == 200
        seconds = monotonic() - asked
        rest = f"ngth: 2\r\nAuthorization: Bearer {served.token}\r\nContent-Type: application/json"
        stalling[0].sendall(f"{rest}\r\n\r\n{{}}".encode())
        assert stalling[0].recv(12) == b"HTTP/1.1 200"
    finally:
        for one in stalling:
            one.close()
    figure(f"{STALLING} clients in the middle of a head: another is answered in {seconds:.3f} s")

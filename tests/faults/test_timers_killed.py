"""Two workers on one database, one after another killed in the middle: nothing lost or doubled."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path

from engine.store.database import Database
from tests.engine.house import House
from tests.faults.timer_rows import (
    AT,
    INSTANCES,
    effects,
    fired_early,
    once_each,
    overdue,
    start_all,
)

ROOT = Path(__file__).parents[2]
KILLS = 30 if INSTANCES > 50 else 3


def worker(database: Database) -> subprocess.Popen[bytes]:
    url = database.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.faults.worker", url, AT.isoformat()]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)


@contextmanager
def workers(database: Database) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Two of them; whoever is left at the end is ended."""
    running = [worker(database), worker(database)]
    try:
        yield running
    finally:
        for process in running:
            process.kill()
            finish(process)


def finish(process: subprocess.Popen[bytes]) -> int:
    """Let it do what is left; its exit code."""
    assert process.stdout is not None
    if not process.stdout.closed:
        process.stdout.read()
        process.stdout.close()
    return process.wait()


def ended_at_commit(process: subprocess.Popen[bytes], number: int) -> bool:
    """Kill -9 at its so manieth commit; False when it had ended by itself before that."""
    assert process.stdout is not None
    signs = process.stdout.read(number)
    process.kill()
    finish(process)
    return len(signs) == number


def test_two_workers_fire_every_timer_once(house: House, database: Database) -> None:
    start_all(house)
    house.clock.set(AT)
    with workers(database) as running:
        assert [finish(process) for process in running] == [0, 0]
    assert effects(house) == once_each()
    assert (overdue(house), fired_early(house)) == ([], [])


def test_workers_killed_at_a_commit_lose_and_double_nothing(
    house: House, database: Database
) -> None:
    """Given two workers, when one after the other dies at a commit, then the next ones go on."""
    start_all(house)
    house.clock.set(AT)
    hits = 0
    with workers(database) as running:
        for turn, commits in zip(range(KILLS), cycle([1, 2, 1, 3]), strict=False):
            hits += ended_at_commit(running[turn % 2], commits)
            running[turn % 2] = worker(database)
        assert [finish(process) for process in running] == [0, 0]
    assert hits, "no worker was killed while it worked"
    assert effects(house) == once_each()
    assert (overdue(house), fired_early(house)) == ([], [])

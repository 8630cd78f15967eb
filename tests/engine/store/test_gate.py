"""The gate before SQLite: one writer at a time, first come first served, across processes."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.errors import Conflict
from engine.store.database import Database
from engine.store.models import Base, Counter
from engine.store.sqlite import Gate

HOLD = """
import sys
from pathlib import Path
from engine.store.sqlite import Gate
with Gate(Path(sys.argv[1])).passing(5):
    print("inside", flush=True)
    sys.stdin.read()
"""

COUNT_UP = """
import sys
from threading import Thread
from engine.store.database import Database
from engine.store.models import Counter
database = Database(sys.argv[1])
def count_up():
    for _ in range(10):
        with database.write() as session:
            session.get(Counter, "a").value += 1
threads = [Thread(target=count_up) for _ in range(3)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""


def start(code: str, argument: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, argument],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_writers_pass_in_the_order_of_their_coming(tmp_path: Path) -> None:
    gate, passed, waiting = Gate(tmp_path / "gate"), [], []

    def pass_through(number: int) -> None:
        with gate.passing(5):
            passed.append(number)

    with gate.passing(5):
        for number in range(8):
            waiting.append(threading.Thread(target=pass_through, args=(number,)))
            waiting[-1].start()
            while len(gate._queue) < number + 2:
                pass
    for thread in waiting:
        thread.join()
    assert passed == list(range(8))


def test_threads_and_processes_lose_no_update(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'liandong.db'}"
    database = Database(url)
    Base.metadata.create_all(database.writer)
    with database.write() as session:
        session.add(Counter(key="a", value=0))
    writers = [start(COUNT_UP, url) for _ in range(3)]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    with database.read() as session:
        assert session.scalar(text("SELECT value FROM counter")) == 90
    database.close()


def test_a_writer_in_another_process_is_waited_for_until_the_limit(tmp_path: Path) -> None:
    gate, holder = Gate(tmp_path / "gate"), start(HOLD, str(tmp_path / "gate"))
    assert holder.stdout is not None and holder.stdout.readline() == "inside\n"
    with pytest.raises(Conflict, match=r"verb\.busy"), gate.passing(0.05):
        pass
    holder.communicate()
    # Whoever gave up does not stand in the way of the next.
    with gate.passing(5):
        pass


def test_a_killed_process_leaves_the_gate_open(tmp_path: Path) -> None:
    gate, holder = Gate(tmp_path / "gate"), start(HOLD, str(tmp_path / "gate"))
    assert holder.stdout is not None and holder.stdout.readline() == "inside\n"
    holder.kill()
    with gate.passing(5):
        pass
    holder.communicate()


def test_an_exception_inside_opens_the_gate(tmp_path: Path) -> None:
    gate = Gate(tmp_path / "gate")
    with pytest.raises(ZeroDivisionError), gate.passing(5):
        _ = 1 / 0
    with gate.passing(0):
        pass

"""The power fails at any moment on SQLite: what was acknowledged is there, and the file is whole.

What SQLite asked of the disk is played back up to the cut. What was flushed is there; what was not
is there, or is not, or is torn in the middle of a sector, each by chance: all that a disk may do.
"""

import pickle
import random
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.store.database import Database
from engine.store.models import Base
from tests.engine.drawing import element, flows, process, user
from tests.engine.house import House
from tests.faults import disk_log
from tests.faults.extent import of

ROOT = Path(__file__).parents[2]
CUTS = of(400)
INSTANCES = of(120, at_least=25)
SECTOR = 512
SEED = 20261120
SOURCE = process(
    disk_log.KEY, element("startEvent", "s"), user("a"), element("endEvent", "e"),
    flows("s -> a -> e"),
)  # fmt: skip
Operation = tuple[Any, ...]


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A database at rest in which the procedure is deployed."""
    path = tmp_path / "base" / "liandong.db"
    database = Database(f"sqlite:///{path}")
    Base.metadata.create_all(database.writer)
    House(database).deploy(disk_log.KEY, SOURCE)
    database.close()
    return path


def run(base: Path, synchronous: str) -> list[Operation]:
    """What the disk was asked while instances were started."""
    try:
        disk_log.sqlite_library()
    except OSError as reason:
        pytest.skip(f"SQLite cannot be listened to: {reason}")
    at_work, log = base.parent / "work.db", base.parent / "log"
    at_work.write_bytes(base.read_bytes())
    command = [sys.executable, "-m", "tests.faults.disk_log"]
    subprocess.run(
        [*command, str(at_work), str(log), synchronous, str(INSTANCES)], cwd=ROOT, check=True
    )
    found: list[Operation] = pickle.loads(log.read_bytes())
    return found


def disk_after(
    start: bytes, operations: list[Operation], chance: random.Random
) -> dict[str, bytes]:
    """The files as the disk may hold them when the power fails behind the last operation."""
    files = {"work.db": bytearray(start), "work.db-wal": bytearray()}
    pending: dict[str, list[Operation]] = {name: [] for name in files}
    for name, kind, *rest in operations:
        if name not in files:
            continue
        if kind == "sync":
            for operation in pending[name]:
                _apply(files[name], *operation)
            pending[name] = []
        else:
            pending[name].append((kind, *rest))
    for name, unsynced in pending.items():
        for operation in unsynced:
            _perhaps(files[name], operation, chance)
    return {name: bytes(content) for name, content in files.items()}


def _apply(content: bytearray, kind: str, at: int, data: bytes = b"") -> None:
    if kind == "truncate":
        del content[at:]
    else:
        content.extend(bytes(max(0, at - len(content))))
        content[at : at + len(data)] = data


def _perhaps(content: bytearray, operation: Operation, chance: random.Random) -> None:
    kind, at, *data = operation
    fate = chance.choice(("lost", "kept", "torn"))
    if kind == "truncate":
        if fate != "lost":
            _apply(content, kind, at)
    elif fate != "lost":
        whole = data[0]
        sectors = len(whole) if fate == "kept" else chance.randint(0, len(whole) // SECTOR) * SECTOR
        _apply(content, kind, at, whole[:sectors])


def survivors(folder: Path, files: dict[str, bytes]) -> set[str] | None:
    """Instances that are there after the recovery; None where the file is broken."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    (folder / "work.db-shm").unlink(missing_ok=True)
    connection = sqlite3.connect(folder / "work.db")
    try:
        if connection.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            return None
        return {row[0] for row in connection.execute("SELECT id FROM process_instance")}
    except sqlite3.DatabaseError:
        return None
    finally:
        connection.close()


def cut_often(base: Path, operations: list[Operation]) -> tuple[int, int]:
    """(cuts that broke the file, cuts that lost something acknowledged)."""
    chance, start = random.Random(SEED), base.read_bytes()
    folder = base.parent / "after"
    folder.mkdir()
    broken = losing = 0
    for _ in range(CUTS):
        before = operations[: chance.randint(1, len(operations))]
        told = {rest[0] for _, kind, *rest in before if kind == "acknowledged"}
        found = survivors(folder, disk_after(start, before, chance))
        broken += found is None
        losing += found is not None and not told <= found
    return broken, losing


def test_no_acknowledged_commit_is_lost_when_the_power_fails(
    base: Path, figure: Callable[[str], None]
) -> None:
    operations = run(base, "FULL")
    assert sum(kind == "acknowledged" for _, kind, *_ in operations) == INSTANCES
    assert any(name == "work.db" for name, *_ in operations), "no cut could hit a checkpoint"
    broken, losing = cut_often(base, operations)
    figure(
        f"{CUTS} power cuts in {len(operations)} operations, {INSTANCES} acknowledged commits, "
        f"seed {SEED}: {broken} broke the file, {losing} lost an acknowledged commit"
    )
    assert (broken, losing) == (0, 0)


def test_the_playing_back_would_find_a_loss(base: Path, figure: Callable[[str], None]) -> None:
    """With synchronous=NORMAL, which many recommend, acknowledged commits do get lost."""
    broken, losing = cut_often(base, run(base, "NORMAL"))
    figure(f"the same with synchronous=NORMAL: {broken} broken, {losing} of {CUTS} cuts lost some")
    assert losing > 0

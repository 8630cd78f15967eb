"""SQLite as the embedded default: durable commits, and one fair gate that every write passes.

SQLite's own busy handler starves writers (measured: one of eight got a single transaction in
five seconds), and its deferred transactions lose updates or fail. So writers queue at a gate:
first come, first served inside the process, then the kernel's queue of a locked file between
processes. The file lock falls with the process that holds it, however it dies.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event

from engine.errors import Conflict

BUSY_TIMEOUT_MS = 5000
"""For what passes the gate by: a backup, an administrator's shell."""


class Gate:
    """Lets one writer in at a time, in the order of their coming."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._queue: deque[threading.Lock] = deque()
        self._guard = threading.Lock()

    @contextmanager
    def passing(self, limit: float) -> Iterator[None]:
        """Hold the gate; `Conflict("verb.busy")` when it does not open within `limit` seconds."""
        deadline = time.monotonic() + limit
        turn = self._line_up()
        try:
            if not turn.acquire(timeout=limit):
                raise Conflict("verb.busy")
            held = _lock_file(self._path, deadline - time.monotonic())
            try:
                yield
            finally:
                os.close(held)
        finally:
            self._step_aside(turn)

    def _line_up(self) -> threading.Lock:
        """A place in the queue: a lock that opens when everybody before has gone."""
        turn = threading.Lock()
        turn.acquire()
        with self._guard:
            self._queue.append(turn)
            if len(self._queue) == 1:
                turn.release()
        return turn

    def _step_aside(self, turn: threading.Lock) -> None:
        with self._guard:
            was_first = self._queue[0] is turn
            self._queue.remove(turn)
            if was_first and self._queue:
                self._queue[0].release()


def _lock_file(path: Path, limit: float) -> int:
    """A descriptor that holds the file lock until it is closed."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        if not _Waiting(descriptor).wait(limit):
            raise Conflict("verb.busy") from None
    return descriptor


class _Waiting:
    """A thread in the kernel's queue: flock is fair there but knows no time limit."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._granted = threading.Event()
        self._guard = threading.Lock()
        self._given_up = False
        threading.Thread(target=self._queue_up, daemon=True).start()

    def wait(self, limit: float) -> bool:
        """Whether the lock is ours; after False the thread gives it back as soon as it comes."""
        self._granted.wait(limit)
        with self._guard:
            self._given_up = not self._granted.is_set()
            return not self._given_up

    def _queue_up(self) -> None:
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        with self._guard:
            if self._given_up:
                os.close(self._descriptor)
            else:
                self._granted.set()


@contextmanager
def unguarded(connection: Connection) -> Iterator[None]:
    """References between rows are not looked at until the end; begin the transaction inside.

    A pragma that SQLite ignores within a transaction, hence the driver's own connection.
    """
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def dangling_references(connection: Connection) -> list[str]:
    """Tables whose rows refer to nothing: what foreign keys would have forbidden."""
    return sorted({row[0] for row in connection.exec_driver_sql("PRAGMA foreign_key_check")})


def prepare_writer(engine: Engine) -> None:
    """Immediate transactions, durable: FULL, for NORMAL lost commits in 368 of 400 power cuts."""
    _on_connect(engine, "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
    _begin_with(engine, "BEGIN IMMEDIATE")


def prepare_reader(engine: Engine) -> None:
    """Snapshot reads that cannot write, not even by mistake."""
    _on_connect(engine, "query_only=ON")
    _begin_with(engine, "BEGIN")


def _on_connect(engine: Engine, *pragmas: str) -> None:
    def connected(connection: Any, _record: Any) -> None:
        # The driver's own idea of transactions loses updates; ours begin where we say.
        connection.isolation_level = None
        for pragma in (f"busy_timeout={BUSY_TIMEOUT_MS}", *pragmas):
            connection.execute(f"PRAGMA {pragma}")

    event.listen(engine, "connect", connected)


def _begin_with(engine: Engine, statement: str) -> None:
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(statement))

"""The database, embedded SQLite or PostgreSQL: write transactions, read snapshots, its clock."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, func, make_url, select
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

from engine.errors import Refusal, Unavailable
from engine.store import sqlite
from engine.store.failures import LostConnection, translated

LOCK_LIMIT_SECONDS = 5.0
"""A writer that waits longer for another is told `verb.busy`."""

# Enough for the threads of one server process; whoever finds none free is told after a while.
_POOL: dict[str, Any] = {"pool_size": 16, "max_overflow": 16, "pool_timeout": LOCK_LIMIT_SECONDS}
_POSTGRESQL_OPTIONS = {
    "lock_timeout": "5s",
    # A worker stopped in the middle must not hold an instance for ever.
    "idle_in_transaction_session_timeout": "30s",
    "timezone": "UTC",
}


class Database:
    """One database. Threads share it; every `write` and `read` is a transaction of its own."""

    def __init__(self, url: str) -> None:
        """`url`: sqlite:////absolute/file.db or postgresql+psycopg://…; raises `Refusal`."""
        try:
            self.url = make_url(url)
        except ArgumentError as problem:
            raise Refusal("database.url", expected="sqlite:///… or postgresql://…") from problem
        self.dialect = self.url.get_backend_name()
        self.pools: tuple[Engine, ...] = ()
        self._inside = threading.local()
        if self.dialect == "sqlite":
            self._open_sqlite()
        elif self.dialect == "postgresql":
            self._open_postgresql()
        else:
            raise Refusal("database.unknown", found=self.dialect)

    def _open_sqlite(self) -> None:
        name = self.url.database
        if not name or name == ":memory:" or name.startswith("file:"):
            raise Refusal("database.not_a_file", found=name or ":memory:")
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._gate = sqlite.Gate(path.with_name(path.name + "-gate"))
        self.writer = create_engine(self.url)
        self.reader = create_engine(self.url, **_POOL)
        self.pools = (self.writer, self.reader)
        sqlite.prepare_writer(self.writer)
        sqlite.prepare_reader(self.reader)

    def _open_postgresql(self) -> None:
        options = " ".join(f"-c {name}={value}" for name, value in _POSTGRESQL_OPTIONS.items())
        self.url = self.url.set(drivername="postgresql+psycopg")
        self.writer = create_engine(
            self.url,
            **_POOL,
            connect_args={"options": options, "connect_timeout": 5},
        )
        self.pools = (self.writer,)
        # One snapshot for all statements of a page, as SQLite's readers have it.
        self.reader = self.writer.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A write transaction: commits at the end, rolls back on any exception.

        Raises `LostRace` and `LostConnection` (safe to run again), `Conflict("verb.busy")`,
        `Unavailable`; `Unavailable("database.outcome_unknown")` when the connection broke during
        the commit itself.
        """
        with self._alone(), translated(), self._queueing(), self._session() as session:
            yield session
            session.flush()
            _commit(session)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A read-only snapshot; a write in it fails. Raises `Unavailable`."""
        with translated(reading=True), Session(self.reader, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def restructure(self) -> Iterator[Connection]:
        """A write transaction that may change the schema.

        SQLite alters a table by writing it anew: the rows that refer to it would forbid that, so
        they are looked at when all is done instead. Raises what `write` does.
        """
        with (
            self._alone(),
            translated(),
            self._queueing(),
            self.writer.connect() as connection,
            self._unguarded(connection),
            connection.begin(),
        ):
            yield connection
            self._require_whole(connection)

    def _unguarded(self, connection: Connection) -> AbstractContextManager[None]:
        return sqlite.unguarded(connection) if self.dialect == "sqlite" else nullcontext()

    def _require_whole(self, connection: Connection) -> None:
        tables = sqlite.dangling_references(connection) if self.dialect == "sqlite" else []
        if tables:
            raise Refusal("database.dangling_references", tables=", ".join(tables))

    def _session(self) -> Session:
        return Session(self.writer, expire_on_commit=False)

    def close(self) -> None:
        """Give all pooled connections back: before a fork, at the end."""
        for pool in self.pools:
            pool.dispose()

    def _queueing(self) -> AbstractContextManager[None]:
        if self.dialect == "sqlite":
            return self._gate.passing(LOCK_LIMIT_SECONDS)
        return nullcontext()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One write per thread: a second one inside the first would wait for itself."""
        if getattr(self._inside, "writing", False):
            raise RuntimeError("a write transaction is open; call the verb's `within(unit, …)`")
        self._inside.writing = True
        try:
            yield
        finally:
            self._inside.writing = False


def _commit(session: Session) -> None:
    try:
        with translated():
            session.commit()
    except LostConnection as problem:
        raise Unavailable("database.outcome_unknown") from problem


class DatabaseClock:
    """PostgreSQL's clock: the one all web processes and workers share.

    A process with a wrong clock of its own would fire timers early or stamp acts falsely.
    """

    def __init__(self, database: Database) -> None:
        if database.dialect != "postgresql":
            raise Refusal("clock.no_database_clock", found=database.dialect)
        self._database = database

    def now(self) -> datetime:
        """The present instant; raises `Unavailable` when the database does not answer."""
        with self._database.read() as session:
            return self.now_within(session)

    def now_within(self, session: Session) -> datetime:
        """The same inside a running transaction, without a further connection."""
        instant: datetime = session.scalars(select(func.clock_timestamp())).one()
        return instant.astimezone(UTC)

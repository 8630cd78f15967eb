"""What the database complains of, in the engine's own words.

A lost race may be run again, a busy database asks the caller to come back, an unreachable one
stops everything: three different answers, so they are told apart here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.orm.exc import StaleDataError

from engine.errors import Conflict, LiandongError, Unavailable

# SQLite result codes (sqlite.org/rescode.html); extended codes carry the primary in the low byte.
_SQLITE_BUSY = {5, 6}
_SQLITE_FULL = {13}
_SQLITE_READ_ONLY = {8}
_SQLITE_UNREACHABLE = {10, 14, 26}
_SQLITE_UNIQUE = {1555, 2067, 2579}
# PostgreSQL SQLSTATE (appendix A of its manual).
_PG_LOST_RACE = {"40001", "40P01", "23505"}
_PG_BUSY = {"55P03"}
_PG_FULL = {"53100"}
_PG_READ_ONLY = {"25006"}
_PG_UNREACHABLE = {"25P03", "53300"}
READ_ONLY = "database.read_only"


class LostRace(Conflict):
    """Somebody else was faster; nothing was written, the whole verb may run again."""


class LostConnection(Unavailable):
    """The connection broke before the commit; nothing was written, the verb may run again."""


@contextmanager
def translated(*, reading: bool = False) -> Iterator[None]:
    """Turn what the driver raises inside into `LostRace`, `Conflict` or `Unavailable`.

    `reading`: whoever writes there all the same has made a mistake, which stays what it is.
    """
    try:
        yield
    except StaleDataError as problem:
        raise LostRace("verb.lost_race") from problem
    except PoolExhausted as problem:
        raise Unavailable("database.exhausted") from problem
    except DBAPIError as problem:
        failure = _failure(problem)
        if failure is None or (reading and failure.code == READ_ONLY):
            raise
        raise failure from problem


def _failure(problem: DBAPIError) -> LiandongError | None:
    """The domain error for a driver error; None for what only a mistake of ours can cause."""
    state = getattr(problem.orig, "sqlstate", None)
    if isinstance(state, str):
        return _postgresql(state, problem)
    code = getattr(problem.orig, "sqlite_errorcode", None)
    if isinstance(code, int):
        return _sqlite(code)
    return _broken(problem)


def _postgresql(state: str, problem: DBAPIError) -> LiandongError | None:
    if state in _PG_LOST_RACE:
        return LostRace("verb.lost_race")
    if state in _PG_BUSY:
        return Conflict("verb.busy")
    if state in _PG_FULL:
        return Unavailable("database.full")
    if state in _PG_READ_ONLY:
        return Unavailable(READ_ONLY)
    if state in _PG_UNREACHABLE or state.startswith(("08", "57P")):
        return LostConnection("database.unreachable")
    return _broken(problem)


def _sqlite(code: int) -> LiandongError | None:
    primary = code & 0xFF
    if code in _SQLITE_UNIQUE:
        return LostRace("verb.lost_race")
    if primary in _SQLITE_BUSY:
        return Conflict("verb.busy")
    if primary in _SQLITE_FULL:
        return Unavailable("database.full")
    if primary in _SQLITE_READ_ONLY:
        return Unavailable(READ_ONLY)
    if primary in _SQLITE_UNREACHABLE:
        return Unavailable("database.unreachable")
    return None


def _broken(problem: DBAPIError) -> LiandongError | None:
    if problem.connection_invalidated:
        return LostConnection("database.unreachable")
    # psycopg names no SQLSTATE when it cannot even connect.
    if isinstance(problem, (OperationalError, InterfaceError)):
        return Unavailable("database.unreachable")
    return None

"""Transactions: all or nothing, snapshots for readers, a word of the domain for every failure."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from engine.errors import Conflict, Refusal, Unavailable
from engine.store import database as module
from engine.store.database import Database, DatabaseClock
from engine.store.failures import LostRace
from engine.store.models import Counter
from engine.store.statements import count_statements


def put(database: Database, key: str, value: int = 1) -> None:
    with database.write() as session:
        session.add(Counter(key=key, value=value))


def keys(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(Counter.key).order_by(Counter.key)))


def test_a_write_that_ends_well_is_there_for_everybody(database: Database) -> None:
    put(database, "a")
    assert keys(database) == ["a"]


def test_a_write_that_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.write() as session:
        session.add(Counter(key="a"))
        session.flush()
        _ = 1 / 0
    assert keys(database) == []


def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError), database.read() as session:
        session.add(Counter(key="a"))
        session.flush()
    assert keys(database) == []


def test_a_reader_sees_one_moment_while_others_write(database: Database) -> None:
    with database.read() as session:
        before = session.scalars(select(Counter.key)).all()
        put(database, "a")
        after = session.scalars(select(Counter.key)).all()
    assert before == after == []


def test_a_write_inside_a_write_of_the_same_thread_is_a_mistake_that_is_named(
    database: Database,
) -> None:
    with pytest.raises(RuntimeError, match="within"), database.write(), database.write():
        pass
    put(database, "a")


def test_the_same_row_twice_is_a_lost_race(database: Database) -> None:
    put(database, "a")
    with pytest.raises(LostRace):
        put(database, "a")


def test_whoever_waits_too_long_for_another_writer_is_told_that_it_is_busy(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOCK_LIMIT_SECONDS", 0.05)
    put(database, "a")
    told: list[str] = []

    def second_writer() -> None:
        try:
            with database.write() as session:
                if database.dialect == "postgresql":
                    session.execute(text("SET LOCAL lock_timeout = '50ms'"))
                session.get(Counter, "a", with_for_update=True)
        except Conflict as refusal:
            told.append(refusal.code)

    with database.write() as session:
        session.get(Counter, "a", with_for_update=True)
        other = threading.Thread(target=second_writer)
        other.start()
        other.join()
    assert told == ["verb.busy"]
    put(database, "b")


def test_statements_are_counted_without_begin_and_commit(database: Database) -> None:
    with count_statements(database) as seen:
        put(database, "a")
    assert (seen.count, seen.begins, seen.commits, seen.rollbacks) == (1, 1, 1, 0)


def test_a_server_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    nowhere = Database(f"postgresql://somebody@/liandong?host={tmp_path}")
    with pytest.raises(Unavailable, match=r"database\.unreachable"), nowhere.write() as session:
        session.execute(text("SELECT 1"))


def test_a_file_that_cannot_be_opened_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "liandong.db").mkdir()
    nowhere = Database(f"sqlite:///{tmp_path / 'liandong.db'}")
    with pytest.raises(Unavailable, match=r"database\.unreachable"), nowhere.read() as session:
        session.execute(text("SELECT 1"))


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://x/y", "no url"])
def test_what_cannot_keep_a_commit_is_refused(url: str) -> None:
    with pytest.raises(Refusal, match=r"database\."):
        Database(url)


def test_sqlite_commits_are_durable(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'liandong.db'}")
    with database.write() as session:
        pragmas = [session.scalar(text(f"PRAGMA {name}")) for name in
                   ("journal_mode", "synchronous", "foreign_keys")]
    assert pragmas == ["wal", 2, 1]
    database.close()


def test_postgresql_tells_the_time_for_everybody(postgres_url: str) -> None:
    database = Database(postgres_url)
    clock = DatabaseClock(database)
    with database.write() as session:
        first, second = clock.now_within(session), clock.now_within(session)
    assert first < second <= clock.now()
    assert first.utcoffset() is not None
    database.close()


def test_sqlite_has_no_clock_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"clock\.no_database_clock"):
        DatabaseClock(Database(f"sqlite:///{tmp_path / 'liandong.db'}"))

"""Every revision goes up and down with rows in every table, on both databases, and keeps them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Boolean, Column, Connection, DateTime, Integer, LargeBinary, Table, func
from sqlalchemy import select as choose

from engine.store.database import Database
from engine.store.migrations import _config, downgrade, upgrade
from tests.states.rows import tables

REVISIONS = [script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()]
OLDEST_FIRST = REVISIONS[::-1]
MADE_UP = "x"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()


def fill(connection: Connection) -> None:
    """One row in every table that has none."""
    for table in tables(connection):
        if count(connection, table) == 0:
            connection.execute(table.insert().values({c.name: value(c) for c in table.columns}))


def value(column: Column[Any]) -> Any:
    """Something that fits; all ids are the same, so that every row finds what it refers to."""
    kind = column.type
    if isinstance(kind, Boolean | Integer):
        return 1
    if isinstance(kind, DateTime):
        return datetime(2026, 3, 2, tzinfo=UTC if kind.timezone else None)
    return MADE_UP.encode() if isinstance(kind, LargeBinary) else _text(column)


def _text(column: Column[Any]) -> str:
    # A text that the models read as JSON must be some.
    return "{}" if getattr(column.type, "length", None) is None else MADE_UP


def count(connection: Connection, table: Table) -> int:
    return connection.scalar(choose(func.count()).select_from(table)) or 0


def counts(database: Database) -> dict[str, int]:
    with database.writer.begin() as connection:
        return {table.name: count(connection, table) for table in tables(connection)}


def climb(database: Database) -> None:
    """Up to the newest revision, with a row in every table as soon as it is there."""
    for revision in OLDEST_FIRST:
        upgrade(database, revision)
        with database.writer.begin() as connection:
            fill(connection)


def test_rows_written_at_any_revision_are_there_at_the_newest(database: Database) -> None:
    climb(database)
    assert set(counts(database).values()) == {1}


def test_every_revision_goes_down_and_up_again_with_rows_in_it(database: Database) -> None:
    climb(database)
    for lower in REVISIONS[1:]:
        before = counts(database)
        downgrade(database, lower)
        kept = counts(database)
        assert kept.items() <= before.items(), f"a table that stays at {lower} lost its rows"
    upgrade(database)
    assert counts(database)["deployment"] == 1
    downgrade(database)
    assert counts(database) == {}

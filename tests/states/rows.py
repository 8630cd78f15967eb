"""All rows of a database as JSON, and back: by the tables that are there, not by our models.

A file must stay readable when the models have moved on, so nothing here knows them.
"""

import base64
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, MetaData, Table, text
from sqlalchemy.types import DateTime

from engine.store.database import Database

KEPT_OUT = frozenset({"alembic_version"})


def tables(connection: Connection) -> list[Table]:
    """What is in the database, parents first."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name not in KEPT_OUT]


def dump(database: Database) -> dict[str, list[dict[str, Any]]]:
    """Table → rows, in the order of their keys."""
    with database.writer.begin() as connection:
        return {
            table.name: [
                {name: _written(value) for name, value in row.items()}
                for row in connection.execute(
                    table.select().order_by(*table.primary_key.columns)
                ).mappings()
            ]
            for table in tables(connection)
        }


def load(database: Database, rows: dict[str, list[dict[str, Any]]]) -> None:
    """Insert what `dump` wrote, into a schema of the same revision."""
    with database.writer.begin() as connection:
        _trust_the_order(connection)
        for table in tables(connection):
            kept = [
                {name: _read(table, name, value) for name, value in row.items()}
                for row in rows.get(table.name, [])
            ]
            if kept:
                connection.execute(table.insert(), kept)


def _trust_the_order(connection: Connection) -> None:
    """Two agencies name one another: foreign keys are looked at when all rows are in."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA defer_foreign_keys=ON"))
    else:
        connection.execute(text("SET LOCAL session_replication_role = replica"))


def _written(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return {"bytes": base64.b64encode(bytes(value)).decode()}
    if isinstance(value, datetime):
        return value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC).isoformat()
    return value


def _read(table: Table, name: str, value: Any) -> Any:
    if isinstance(value, dict) and set(value) == {"bytes"}:
        return base64.b64decode(value["bytes"])
    if isinstance(value, str) and isinstance(table.c[name].type, DateTime):
        instant = datetime.fromisoformat(value)
        aware = table.c[name].type.timezone
        return instant if aware else instant.replace(tzinfo=None)
    return value

"""Insert a row unless it is there, or set it: the one place where the dialects differ."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Executable, Select, bindparam, select, union_all
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from engine.store.models import Base


def insert_if_absent(session: Session, model: type[Base], **values: Any) -> bool:
    """Insert, and say whether the row is new. Flushes nothing before it.

    A row that another transaction is inserting is waited for, so that of two at once exactly one
    is told True.
    """
    statement = _insert_if_absent(session.get_bind().dialect.name, model)
    return session.connection().execute(statement, values).rowcount == 1


@cache
def _insert_if_absent(dialect_name: str, model: type[Base]) -> Executable:
    dialect = postgresql if dialect_name == "postgresql" else sqlite
    statement = dialect.insert(model.__table__).on_conflict_do_nothing()
    # An INSERT's row count is not kept unless it is asked for.
    counted: Executable = statement.execution_options(preserve_rowcount=True)
    return counted


def insert_or_update(
    session: Session, model: type[Base], key: dict[str, Any], values: dict[str, Any]
) -> None:
    """Insert the row of that primary key, or set `values` in it."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(model).values(**key, **values)
    session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))


def insert_or_update_all(
    session: Session, model: type[Base], rows: list[dict[str, Any]], changing: tuple[str, ...]
) -> None:
    """Insert whole rows; of one whose primary key is there already only `changing` is set.

    One statement however many rows; flushes nothing before it.
    """
    if rows:
        statement = _insert_or_update(session.get_bind().dialect.name, model, changing)
        session.connection().execute(statement, rows)


@cache
def _insert_or_update(
    dialect_name: str, model: type[Base], changing: tuple[str, ...]
) -> Executable:
    dialect = postgresql if dialect_name == "postgresql" else sqlite
    statement = dialect.insert(model.__table__)
    kept: Executable = statement.on_conflict_do_update(
        index_elements=list(model.__table__.primary_key),
        set_={name: statement.excluded[name] for name in changing},
    )
    return kept


def insert_and_change(
    session: Session, new: Sequence[Base], changed: Select[Any], changing: tuple[str, ...]
) -> None:
    """Insert rows and, in the same statement, set `changing` in rows that are there.

    `changed` finds the latter and gives all their columns as they shall be. The new rows are not
    added to the session.
    """
    table = type(new[0]).__table__
    columns = {column.name: column for column in table.columns}
    written = [
        select(*(bindparam(None, v, columns[n].type, unique=True).label(n) for n, v in row.items()))
        for row in map(whole, new)
    ]
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).from_select(list(columns), union_all(*written, changed))
    kept = statement.on_conflict_do_update(
        index_elements=list(table.primary_key),
        set_={name: statement.excluded[name] for name in changing},
    )
    session.connection().execute(kept)


def whole(row: Base) -> dict[str, Any]:
    """Every column of a row that was never flushed, with the defaults it would be given."""
    return {
        column.name: _default(column) if value is None else value
        for column in row.__table__.columns
        for value in (getattr(row, column.name),)
    }


def _default(column: Any) -> Any:
    default = column.default
    if default is None:
        return None
    return default.arg(None) if default.is_callable else default.arg


def save_all(session: Session, rows: Sequence[Base], changing: tuple[str, ...]) -> None:
    """Write new rows and changed ones of one table in one statement, where a flush takes two.

    New rows are whole and not added to the session; of the others only `changing` has changed.
    """
    if not rows:
        return
    model = type(rows[0])
    names = model.__table__.columns.keys()
    values = [{name: getattr(row, name) for name in names} for row in rows]
    insert_or_update_all(session, model, values, changing)
    for row in rows:
        if row in session:
            for name in changing:
                set_committed_value(row, name, getattr(row, name))

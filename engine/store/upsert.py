"""Insert a row unless it is there: the one place where the two dialects are spelt apart."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CursorResult
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from engine.store.models import Base


def insert_if_absent(session: Session, model: type[Base], **values: Any) -> bool:
    """Insert, and say whether the row is new.

    A row that another transaction is inserting is waited for, so that of two at once exactly one
    is told True.
    """
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(model).values(**values).on_conflict_do_nothing()
    result = session.execute(statement)
    assert isinstance(result, CursorResult)
    return result.rowcount == 1

"""Counts what reaches the driver, for the tests and the bench that hold verbs to their budget."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event

from engine.store.database import Database


@dataclass
class Statements:
    """SQL seen since counting began; an executemany is one statement."""

    texts: list[str] = field(default_factory=list)
    begins: int = 0
    commits: int = 0
    rollbacks: int = 0

    @property
    def count(self) -> int:
        """Statements without BEGIN, COMMIT and ROLLBACK."""
        return len(self.texts)


@contextmanager
def count_statements(database: Database) -> Iterator[Statements]:
    """Count everything the database is asked meanwhile, by any thread."""
    seen = Statements()
    listeners = [
        (engine, name, listener)
        for engine in database.pools
        for name, listener in _listeners(seen).items()
    ]
    for engine, name, listener in listeners:
        event.listen(engine, name, listener)
    try:
        yield seen
    finally:
        for engine, name, listener in listeners:
            event.remove(engine, name, listener)


def _listeners(seen: Statements) -> dict[str, Any]:
    def statement(_connection: Any, _cursor: Any, text: str, *_rest: Any) -> None:
        if not text.startswith("BEGIN"):
            seen.texts.append(text)

    def begin(_connection: Any) -> None:
        seen.begins += 1

    def commit(_connection: Any) -> None:
        seen.commits += 1

    def rollback(_connection: Any) -> None:
        seen.rollbacks += 1

    return {
        "before_cursor_execute": statement,
        "begin": begin,
        "commit": commit,
        "rollback": rollback,
    }

"""Shorthands of the FEEL tests: an expression evaluated, and two expressions that mean the same."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from engine.feel import from_python, prepare

NOW = datetime.datetime(2026, 11, 20, 1, 15, tzinfo=datetime.UTC)


def feel(text: str, names: Iterable[str] = (), **context: Any) -> Any:
    """The value of an expression over Python values."""
    return prepare(text, names=frozenset(names)).evaluate(from_python(context), now=NOW)


def meaning(text: str, **context: Any) -> Any:
    """The value as something that can be compared and shown: its kind and its canonical text."""
    value = feel(text, **context)
    return (type(value).__name__, feel("string(v)", v=value))


def lines(table: str) -> list[tuple[str, str]]:
    """A table of `expression ⇒ expression`, one pair a line."""
    rows = (line.split("⇒") for line in table.strip().splitlines() if "⇒" in line)
    return [(left.strip(), right.strip()) for left, right in rows]

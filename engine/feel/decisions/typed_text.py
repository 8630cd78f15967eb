"""Values from JSON, which has no dates: text read as the type that is declared for it."""

from __future__ import annotations

from typing import Any

from engine.feel.temporal.text import literal
from engine.feel.types import Type

TEMPORAL = frozenset(
    (
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
    )
)


def from_text(value: Any, wanted: Type) -> Any:
    """`value` with its texts read where `wanted` has times; other texts stay as they are."""
    if isinstance(value, str):
        return (literal(value) or value) if wanted.name in TEMPORAL else value
    if isinstance(value, list):
        inner = wanted.items[0] if wanted.name == "list" and wanted.items else wanted
        return [from_text(item, inner) for item in value]
    if isinstance(value, dict) and wanted.name == "context":
        types = dict(zip(wanted.keys, wanted.items, strict=True))
        return {
            name: from_text(part, types[name]) if name in types else part
            for name, part in value.items()
        }
    return value

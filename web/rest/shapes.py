"""Objects that are answered: each field with its JSON Schema and where its value comes from.

One table makes both the answer and its description.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from web.rest.members import Schema
from web.rest.typed import instant_text

Source = str | Callable[[Any], Any]
"""A dotted path into the row, or a function of it."""


@dataclass(frozen=True)
class Field:
    """One property of an answer."""

    schema: Schema
    value: Callable[[Any], Any]


@dataclass(frozen=True)
class Shape:
    """An object of an answer by its name in the original's documentation."""

    name: str
    fields: Mapping[str, Field]

    def of(self, row: Any) -> dict[str, Any]:
        """The object made of one row."""
        return {name: field.value(row) for name, field in self.fields.items()}

    def list_of(self, rows: Iterable[Any]) -> list[dict[str, Any]]:
        return [self.of(row) for row in rows]

    def schema(self) -> Schema:
        """Every field is always there."""
        return {
            "type": "object",
            "properties": {name: field.schema for name, field in self.fields.items()},
            "required": list(self.fields),
        }

    def reference(self) -> Schema:
        return {"$ref": f"#/components/schemas/{self.name}"}


def _getter(source: Source) -> Callable[[Any], Any]:
    return attrgetter(source) if isinstance(source, str) else source


def text(source: Source) -> Field:
    return Field({"type": ["string", "null"]}, _getter(source))


def number(source: Source) -> Field:
    return Field({"type": ["integer", "null"]}, _getter(source))


def flag(source: Source) -> Field:
    return Field({"type": "boolean"}, _getter(source))


def instant(source: Source) -> Field:
    get = _getter(source)
    return Field({"type": ["string", "null"]}, lambda row: instant_text(get(row)))


def anything(source: Source) -> Field:
    return Field({}, _getter(source))


def always(value: Any) -> Field:
    """What no row of ours has, or every row: null, an empty list, a constant."""
    schema: Schema = {"type": "null"} if value is None else {"const": value}
    return Field(schema, lambda _: value)


def listed(shape: Shape, source: Source) -> Field:
    get = _getter(source)
    schema = {"type": "array", "items": shape.reference()}
    return Field(schema, lambda row: shape.list_of(get(row)))


def nothing(*names: str) -> dict[str, Field]:
    """Fields of the original that are always null here."""
    return {name: always(None) for name in names}


COUNT = Shape("CountResult", {"count": number(lambda count: count)})
LINK = Shape("AtomLink", {"method": text("method"), "href": text("href"), "rel": text("rel")})
NO_LINKS = always([])

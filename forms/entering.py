"""What comes in: nested JSON or the flat fields of a page. Both become the flat form.

Flat names join levels by hyphens: `applicants-0-name`. Names that begin with `_`, and the CSRF
token, are the page's own controls.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from engine.ports import FieldError
from engine.store.types import new_id
from forms.fields import QuestionField, RowsField, SectionField
from forms.levels import LevelForm
from forms.schema.model import Part, Question, Rows, Schema, Section, entries

ROW_ID = "row_id"
ROWS_AT_MOST = 500
_CONTROL = re.compile(r"_.*|csrf_token")
_ROW_NUMBER = re.compile(r"[0-9]{1,9}")
_ROW_ID = re.compile(r"[0-9a-f]{32}")
_NAME_SHOWN = 60


class Flattening:
    """Nested values to flat ones; what the form has no place for is an error."""

    def __init__(self) -> None:
        self.flat: MultiDict[str, Any] = MultiDict()
        self.errors: list[FieldError] = []

    def level(self, parts: tuple[Part, ...], values: Mapping[str, Any], prefix: str) -> None:
        """One level of values under `prefix`."""
        known = {entry.part.key: entry.part for entry in entries(parts)}
        for key, value in values.items():
            name = f"{prefix}{key}"
            if key not in known:
                self._refuse(name, "field.unknown")
            elif value is not None:
                self._value(known[key], name, value)

    def _value(self, part: Part, name: str, value: Any) -> None:
        match part:
            case Rows():
                self._rows(part, name, value)
            case Section() if isinstance(value, Mapping):
                self.level(part.parts, value, f"{name}-")
            case Question():
                self._question(name, value)
            case _:
                self._refuse(name, "field.object")

    def _question(self, name: str, value: Any) -> None:
        values = value if isinstance(value, list | tuple) else [value]
        if any(isinstance(item, dict | list | tuple) for item in values):
            self._refuse(name, "field.scalar")
            return
        self.flat.setlist(name, list(values))

    def _rows(self, part: Rows, name: str, value: Any) -> None:
        if not isinstance(value, list | tuple) or len(value) > ROWS_AT_MOST:
            self._refuse(name, "field.list")
            return
        for index, row in enumerate(value):
            if isinstance(row, Mapping):
                self._row(part, f"{name}-{index}", row)
            else:
                self._refuse(f"{name}-{index}", "field.object")

    def _row(self, part: Rows, name: str, row: Mapping[str, Any]) -> None:
        self.flat[f"{name}-{ROW_ID}"] = str(row.get(ROW_ID) or "")
        values = {key: value for key, value in row.items() if key != ROW_ID}
        self.level(part.parts, values, f"{name}-")

    def _refuse(self, name: str, code: str) -> None:
        shown = str(name)[:_NAME_SHOWN].replace("-", ".")
        self.errors.append(FieldError(shown, code, {"label": shown}))


def flattened(schema: Schema, values: Mapping[str, Any]) -> Flattening:
    """Nested values as flat ones, with an error for everything the form does not ask."""
    result = Flattening()
    result.level(schema.parts, values, "")
    return result


def sorted_out(
    schema: Schema, flat: MultiDict[str, Any]
) -> tuple[MultiDict[str, Any], list[FieldError]]:
    """What the form asks for, and an error for everything else: no page of ours sends such."""
    asked: MultiDict[str, Any] = MultiDict()
    errors = []
    for name in flat:
        if _asked(schema.parts, name):
            asked.setlist(name, flat.getlist(name))
        elif not _CONTROL.fullmatch(name):
            shown = name[:_NAME_SHOWN]
            errors.append(FieldError(shown, "field.unknown", {"label": shown}))
    return asked, errors


def _asked(parts: tuple[Part, ...], name: str) -> bool:
    return found_at(parts, name) is not None


def found_at(parts: tuple[Part, ...], name: str) -> Question | Rows | None:
    """The question under a flat name; the repeating group where the name is that of a row id."""
    key, _, rest = name.partition("-")
    part = next((e.part for e in entries(parts) if e.part.key == key), None)
    match part:
        case Question() if not rest:
            return part
        case Section():
            return found_at(part.parts, rest)
        case Rows():
            index, _, field = rest.partition("-")
            if not _ROW_NUMBER.fullmatch(index):
                return None
            return part if field == ROW_ID else found_at(part.parts, field)
    return None


def entered(level: LevelForm) -> dict[str, Any]:
    """The typing, nested: what a page hands to the engine, which converts it again."""
    return {name: _entered(field) for name, field in level._fields.items()}


def _entered(field: Any) -> Any:
    if isinstance(field, RowsField):
        return [{ROW_ID: row.row_id, **entered(row.form)} for row in field.filled()]
    if isinstance(field, SectionField):
        return entered(field.form)
    assert isinstance(field, QuestionField)
    return list(field.raw_data or [])


def pressed(schema: Schema, flat: MultiDict[str, Any]) -> MultiDict[str, Any]:
    """The flat values after the button that was pressed: `_add`, `_remove` or `_drop`.

    `_add=applicants` adds a row, `_remove=applicants-1` takes one away, `_drop=photos:<id>`
    takes a file away.
    """
    result = MultiDict(flat)
    for name in flat.getlist("_add"):
        _add(schema, result, name)
    for name in flat.getlist("_remove"):
        for key in [key for key in result if key.startswith(f"{name}-")]:
            result.poplist(key)
    for dropped in flat.getlist("_drop"):
        name, _, file_id = dropped.partition(":")
        result.setlist(name, [value for value in result.getlist(name) if value != file_id])
    return result


def _add(schema: Schema, flat: MultiDict[str, Any], name: str) -> None:
    taken = list(_indices(flat, name))
    following = f"{name}-{max(taken, default=-1) + 1}"
    if len(taken) < ROWS_AT_MOST and _asked(schema.parts, f"{following}-{ROW_ID}"):
        flat[f"{following}-{ROW_ID}"] = new_id()


def _indices(flat: MultiDict[str, Any], name: str) -> Iterator[int]:
    """The row numbers in use under `name`."""
    tails = {key[len(name) + 1 :].partition("-")[0] for key in flat if key.startswith(f"{name}-")}
    return (int(tail) for tail in tails if _ROW_NUMBER.fullmatch(tail))


def number_rows(level: LevelForm) -> None:
    """Every row gets an id of the server's making; one that is not, or comes twice, is replaced."""
    for below in level.levels():
        for field in below:
            if isinstance(field, RowsField):
                _number(field)


def _number(field: RowsField) -> None:
    taken: set[str] = set()
    for row in field.entries:
        if not _ROW_ID.fullmatch(row.row_id) or row.row_id in taken:
            row.row_id = new_id()
        taken.add(row.row_id)

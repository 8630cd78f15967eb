"""What a form holds when it is first opened, and what its read-only fields hold always."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.feel import to_python
from forms.conversion import Unconvertible, converted, is_empty
from forms.schema.model import Part, Question, Rows, Schema, Section, entries

Names = Mapping[str, Any]


def scope_of(
    *,
    variables: Names,
    case_file: Names,
    agency: Names,
    actor: Names,
    lists: Mapping[str, Sequence[Any]] | None = None,
) -> dict[str, Any]:
    """The names that conditions may use. `case_file` is by case-file key, oldest first.

    Its values appear flat by field key (the latest wins) beside the variables, and whole under
    `case_file`, from which fields are prefilled. `lists` are the options of `valuesKey`.
    """
    flat = {key.rpartition(".")[2]: value for key, value in case_file.items()}
    own = {"agency": agency, "actor": actor, "case_file": case_file}
    return {**(lists or {}), **flat, **variables, **own}


def initial(schema: Schema, scope: Names, now: datetime) -> dict[str, Any]:
    """Values by key, nested: case file, `from`, `default`, `defaultValue`, in this order."""
    return _level(schema.parts, scope, now)


def _level(parts: tuple[Part, ...], scope: Names, now: datetime) -> dict[str, Any]:
    names = dict(scope)
    values: dict[str, Any] = {}
    for entry in entries(parts):
        value = _value(entry.part, names, now)
        if not is_empty(value):
            # A later default may lean on an earlier field.
            values[entry.part.key] = names[entry.part.key] = value
    return values


def _value(part: Question | Rows | Section, names: Names, now: datetime) -> Any:
    match part:
        case Section():
            return _level(part.parts, names, now) or None
        case Rows():
            return first_rows(part, names, now)
        case Question():
            return answer(part, names, now)


def answer(question: Question, names: Names, now: datetime) -> Any:
    """The value that `question` starts with, None where nothing is known."""
    for candidate in _candidates(question, names, now):
        value = _fitting(question, candidate)
        if not is_empty(value):
            return value
    return None


def _candidates(question: Question, names: Names, now: datetime) -> Any:
    yield from _kept(question, names)
    if question.marks.default:
        yield question.marks.default.value(names, now)
    yield question.initial


def _kept(part: Question | Rows, names: Names) -> Any:
    """What the case file holds under the part's own key, then under its `from`.

    The case file keeps FEEL values: its dates are not Python's. What is to be judged afresh each
    time does not begin with what somebody said the last time.
    """
    if part.marks.fresh:
        return
    case_file = names.get("case_file") or {}
    yield to_python(case_file.get(part.case_key))
    if part.marks.source:
        yield to_python(case_file.get(part.marks.source))


def _fitting(question: Question, value: Any) -> Any:
    """The value as this question's kind; None where it does not fit."""
    if value is None:
        return None
    try:
        return converted(question, value if isinstance(value, list) else [value])
    except Unconvertible:
        return None


def first_rows(rows: Rows, names: Names, now: datetime) -> list[dict[str, Any]] | None:
    """The rows that a repeating group starts with, None where nothing is known."""
    return _kept_rows(rows, names) or _default_rows(rows, names, now)


def _kept_rows(rows: Rows, names: Names) -> list[dict[str, Any]]:
    kept = next((value for value in _kept(rows, names) if value), None)
    return _as_rows(rows, kept)


def _default_rows(rows: Rows, names: Names, now: datetime) -> list[dict[str, Any]] | None:
    """The rows of `default`, and empty ones after them up to the usual number."""
    if rows.marks.default is None:
        return None
    found = _as_rows(rows, rows.marks.default.value(names, now))
    return found + [_row(rows, {}) for _ in range(rows.initial_rows - len(found))]


def _as_rows(rows: Rows, value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list):
        return []
    return [_row(rows, row) for row in value if isinstance(row, Mapping)]


def _row(rows: Rows, row: Mapping[str, Any]) -> dict[str, Any]:
    return {"row_id": row.get("row_id"), **_row_values(rows.parts, row)}


def _row_values(parts: tuple[Part, ...], row: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for entry in entries(parts):
        given = row.get(entry.part.key)
        if isinstance(entry.part, Question):
            values[entry.part.key] = _fitting(entry.part, given)
        elif isinstance(entry.part, Section) and isinstance(given, Mapping):
            values[entry.part.key] = _row_values(entry.part.parts, given)
    return values

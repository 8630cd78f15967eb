"""The accepted answers in the shapes that the engine keeps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from engine.ports import Validated
from forms.conversion import is_empty, stored
from forms.fields import QuestionField, RowsField, SectionField
from forms.levels import LevelForm
from forms.schema.model import Part, Question, Rows, Section, entries


def outcome(form: LevelForm) -> Validated:
    """Of a form that has been validated."""
    questions = list(_answered(form))
    return Validated(
        values=stored(_values(form)),
        case_file=dict(_case_file(form)),
        routing=_routing(form, ""),
        index=_index(questions),
        files=_files(questions),
        happened_at=_happened(questions),
        warnings=list(form.warnings_found()),
    )


def _answered(level: LevelForm) -> Iterator[QuestionField]:
    """The shown questions of every level; blank rows are left out."""
    for field in level:
        if not field.shown:
            continue
        if isinstance(field, RowsField):
            for row in field.filled():
                yield from _answered(row.form)
        elif isinstance(field, SectionField):
            yield from _answered(field.form)
        else:
            yield field


def _values(level: LevelForm) -> dict[str, Any]:
    """What was answered; hidden fields are left out, unanswered ones are null."""
    return {name: _value(field) for name, field in level._fields.items() if field.shown}


def _value(field: Any) -> Any:
    if isinstance(field, RowsField):
        return [{"row_id": row.row_id, **_values(row.form)} for row in field.filled()]
    if isinstance(field, SectionField):
        return _values(field.form)
    return None if field.data == "" else field.data


def _case_file(level: LevelForm) -> list[tuple[str, Any]]:
    """By case-file key. Hidden is null too: what the form no longer says must not linger."""
    pairs: list[tuple[str, Any]] = []
    for field in level:
        if isinstance(field, RowsField):
            pairs.append((field.rows.case_key, _value(field) if field.shown else None))
        elif isinstance(field, SectionField):
            pairs += _case_file(field.form)
        else:
            pairs.append((field.question.case_key, _value(field) if field.shown else None))
    return pairs


def _routing(level: LevelForm, prefix: str) -> dict[str, Any]:
    """Variables by name; a field in a section with a key is called `<key>_<field>`."""
    variables: dict[str, Any] = {}
    for field in level:
        if isinstance(field, RowsField):
            variables |= _rows_routing(field, prefix)
        elif isinstance(field, SectionField):
            variables |= _routing(field.form, f"{prefix}{field.section.key}_")
        elif field.question.marks.routing:
            variables[prefix + field.question.marks.routing] = field.known()
    return variables


def _rows_routing(field: RowsField, prefix: str) -> dict[str, Any]:
    """A list of row ids with the routing answers of each row."""
    name = rows_variable(field.rows)
    if not name:
        return {}
    rows = field.filled() if field.shown else []
    return {prefix + name: [{"row_id": row.row_id, **_routing(row.form, "")} for row in rows]}


def rows_variable(rows: Rows) -> str:
    """The variable of a repeating group: asked for, or needed by a routing field in it."""
    return rows.marks.routing or (rows.key if _routes(rows.parts) else "")


def _routes(parts: tuple[Part, ...]) -> bool:
    return any(
        bool(part.marks.routing) if isinstance(part, Question) else _routes(part.parts)
        for part in parts
        if hasattr(part, "parts") or isinstance(part, Question)
    )


def _index(questions: list[QuestionField]) -> list[tuple[str, str]]:
    pairs = [
        (field.question.marks.index, str(stored(field.data)))
        for field in questions
        if field.question.marks.index and not is_empty(field.data)
    ]
    return list(dict.fromkeys(pairs))


def _files(questions: list[QuestionField]) -> list[str]:
    ids = [i for field in questions if field.question.kind == "file" for i in field.data or []]
    return list(dict.fromkeys(ids))


def _happened(questions: list[QuestionField]) -> datetime | None:
    times = (field.data for field in questions if field.question.marks.happened)
    return next((value for value in times if isinstance(value, datetime)), None)


def routing_names(parts: tuple[Part, ...], prefix: str = "") -> Iterator[str]:
    """The variables that a form sets, as `_routing` names them."""
    for entry in entries(parts):
        match entry.part:
            case Question(marks=marks) if marks.routing:
                yield prefix + marks.routing
            case Rows() as rows if rows_variable(rows):
                yield prefix + rows_variable(rows)
            case Section(parts=inner, key=key):
                yield from routing_names(inner, f"{prefix}{key}_")

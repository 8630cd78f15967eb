"""A WTForms class per schema, made once."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Any

from forms.checks import QUESTION_CHECKS, ROWS_CHECKS
from forms.fields import QuestionField, RowField, RowsField, SectionField
from forms.levels import LevelForm
from forms.schema.model import (
    Entry,
    Marks,
    Part,
    Question,
    Rows,
    Schema,
    Section,
    conditions,
    entries,
)

_KEPT = 512
_classes: OrderedDict[str, type[LevelForm]] = OrderedDict()
_lock = Lock()


def form_class(schema: Schema) -> type[LevelForm]:
    """The class of the whole form, from the cache or new."""
    with _lock:
        if schema.digest not in _classes:
            made = level_class(schema.parts, schema.id)
            made.watched = frozenset().union(*(c.names for c in conditions(schema.parts)))
            _classes[schema.digest] = made
            while len(_classes) > _KEPT:
                _classes.popitem(last=False)
        _classes.move_to_end(schema.digest)
        return _classes[schema.digest]


def level_class(parts: tuple[Part, ...], name: str) -> type[LevelForm]:
    """The class of one level. Fields are declared in a dict, so that no key can hide a method."""
    level = list(entries(parts))
    attributes: dict[str, Any] = {
        "parts": parts,
        "declared": {entry.part.key: _field(entry.part) for entry in level},
        "conditional": tuple(filter(None, map(_conditional, level))),
    }
    return type(f"Form_{name}", (LevelForm,), attributes)


def _conditional(entry: Entry) -> Entry | None:
    """The entry with only those marks that can hide it."""
    marks = tuple(mark for mark in entry.marks if _may_hide(mark))
    return Entry(entry.part, marks) if marks else None


def _may_hide(marks: Marks) -> bool:
    return marks.visible_if is not None or marks.hide is not None


def _field(part: Question | Rows | Section) -> Any:
    match part:
        case Question():
            return QuestionField(part, validators=QUESTION_CHECKS)
        case Rows():
            row = RowField(part, level_class(part.parts, part.key))
            return RowsField(part, row, validators=ROWS_CHECKS)
        case Section():
            return SectionField(part, level_class(part.parts, part.key))

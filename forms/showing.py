"""A submission to be read: labels and texts, identities masked unless they are revealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.timing.zone import local
from forms.conversion import Unconvertible, converted
from forms.rendering import Files, no_files
from forms.schema.model import Note, Part, Question, Rows, Schema, Section
from forms.validators import IDENTITIES
from forms.views import FileView

NOTHING = "—"
NOT_OPEN = "不向您开放的文件"


@dataclass(frozen=True, slots=True)
class Answer:
    """One line: label and text; `masked` where a part is hidden; `files` of a file field."""

    label: str
    text: str
    masked: bool = False
    files: tuple[FileView, ...] = ()
    block: str = "answer"


@dataclass(frozen=True, slots=True)
class Table:
    """A repeating group: the column labels, the cells of each row."""

    label: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Answer, ...], ...]
    block: str = "table"


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    blocks: tuple[Answer | Table | Group, ...]
    block: str = "group"


Shown = Answer | Table | Group


def mask(question: Question, value: str) -> tuple[str, bool]:
    """The text with its middle hidden where the validator says that it names a person."""
    validators = set(question.marks.validators)
    if validators & IDENTITIES and len(value) > 6:
        head = 6 if len(value) >= 15 else 2
        return value[:head] + "*" * (len(value) - head - 4) + value[-4:], True
    if "V-PHONE" in validators and len(value) >= 7:
        return value[:3] + "*" * (len(value) - 7) + value[-4:], True
    return value, False


def submission(
    schema: Schema, values: Mapping[str, Any], files: Files = no_files, *, reveal: bool = False
) -> tuple[Shown, ...]:
    """The stored `values` of a submission; a field that it does not hold was not shown."""
    return Showing(files, reveal).level(schema.parts, values)


class Showing:
    """One pass over the parts of a form."""

    def __init__(self, files: Files, reveal: bool) -> None:
        self.files = files
        self.reveal = reveal

    def level(self, parts: tuple[Part, ...], values: Mapping[str, Any]) -> tuple[Shown, ...]:
        return tuple(block for part in parts for block in self.part(part, values))

    def part(self, part: Part, values: Mapping[str, Any]) -> Sequence[Shown]:
        match part:
            case Note():
                return ()
            case Section(key=""):
                return self._group(part, values)
            case Section():
                return self._group(part, values.get(part.key) or {})
            case Rows() if part.key in values:
                return (self.table(part, values[part.key] or []),)
            case Question() if part.key in values:
                return (self.answer(part, values[part.key]),)
        return ()

    def _group(self, part: Section, values: Mapping[str, Any]) -> Sequence[Shown]:
        blocks = self.level(part.parts, values)
        return (Group(part.label, blocks),) if blocks else ()

    def table(self, rows: Rows, values: list[Mapping[str, Any]]) -> Table:
        """Sections inside a row are laid flat."""
        asked = tuple(_flat(rows.parts))
        cells = tuple(
            tuple(self.answer(question, _reach(row, path)) for question, path in asked)
            for row in values
        )
        return Table(rows.label, tuple(question.label for question, _ in asked), cells)

    def answer(self, question: Question, value: Any) -> Answer:
        if question.kind == "file":
            return self._files(question, value)
        text = readable(question, value)
        if not self.reveal:
            text, masked = mask(question, text)
            return Answer(question.label, text or NOTHING, masked)
        return Answer(question.label, text or NOTHING)

    def _files(self, question: Question, value: Any) -> Answer:
        ids = value or []
        known = self.files(ids)
        stored = tuple(known.get(i) or FileView(i, NOT_OPEN) for i in ids)
        return Answer(question.label, "" if stored else NOTHING, files=stored)


def _flat(parts: tuple[Part, ...], path: tuple[str, ...] = ()) -> Any:
    for part in parts:
        if isinstance(part, Question):
            yield part, (*path, part.key)
        elif isinstance(part, Section):
            yield from _flat(part.parts, (*path, part.key) if part.key else path)


def _reach(row: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    value: Any = row
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def readable(question: Question, value: Any) -> str:
    """The value as people write it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    labels = {option.value: option.label for option in question.options}
    if isinstance(value, list):
        return "、".join(labels.get(item, str(item)) for item in value)
    if question.kind == "datetime":
        return _instant(question, value)
    if question.kind in ("integer", "decimal"):
        return _number(value, question.suffix)
    return labels.get(value, str(value))


def _instant(question: Question, value: Any) -> str:
    try:
        return f"{local(converted(question, [value])):%Y-%m-%d %H:%M}"
    except Unconvertible:
        return str(value)


def _number(value: Any, suffix: str) -> str:
    try:
        return f"{Decimal(str(value)):,}{suffix}"
    except InvalidOperation:
        return str(value)

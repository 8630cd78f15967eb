"""An open form as a view for templates/forms/body.html."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from engine.ports import FieldError
from forms.checks import is_required
from forms.conversion import is_empty
from forms.fields import QuestionField, RowField, RowsField
from forms.levels import LevelForm
from forms.notes import note_html
from forms.open_form import OpenForm
from forms.schema.model import Note, Part, Question, Rows, Section
from forms.views import (
    Block,
    FieldView,
    FileView,
    FormView,
    LineView,
    NoteView,
    RowsView,
    RowView,
    SectionView,
    Told,
)

Say = Callable[[str, Mapping[str, Any]], str]
"""The sentence of a code with its parameters, in the reader's language."""
Files = Callable[[Sequence[str]], Mapping[str, FileView]]
"""The stored files behind ids."""
_TYPES = {"date": "date", "datetime": "datetime-local", "time": "time"}
_MODES = {"integer": "numeric", "decimal": "decimal"}


def no_files(ids: Sequence[str]) -> Mapping[str, FileView]:
    """For forms without files."""
    return {}


def form_view(opened: OpenForm, say: Say, files: Files = no_files) -> FormView:
    """The view of `opened`, with the errors and warnings that it has just now."""
    return _Rendering(opened, say, files).view()


def element_id(path: str) -> str:
    """The HTML id of the field at an error's path."""
    return "f-" + path.replace(".", "-")


class _Rendering:
    """One pass over one form."""

    def __init__(self, opened: OpenForm, say: Say, files: Files) -> None:
        self.opened = opened
        self.say = say
        self.errors = self._by_path(opened.errors)
        self.warnings = self._by_path(opened.warnings)
        self.files = files(_file_ids(opened.form))
        self.labels: dict[str, str] = {}

    def _by_path(self, found: Iterable[FieldError]) -> dict[str, list[str]]:
        sentences = defaultdict(list)
        for error in found:
            sentences[error.path].append(self.say(error.code, error.params))
        return sentences

    def view(self) -> FormView:
        form = self.opened.form
        blocks = self.blocks(form, form.parts, "")
        return FormView(
            self.opened.schema.id,
            blocks,
            tuple(self._told(self.opened.errors, self.errors)),
            tuple(self._told(self.opened.warnings, self.warnings)),
            self.opened.warnings_seal(),
        )

    def _told(self, found: list[FieldError], words: dict[str, list[str]]) -> Iterator[Told]:
        """One line per field: its first sentence."""
        for path in dict.fromkeys(error.path for error in found):
            on_page = path in self.labels
            label = self.labels.get(path, path)
            yield Told(element_id(path) if on_page else "", label, words[path][0])

    # -- blocks -----------------------------------------------------------------------------

    def blocks(self, level: LevelForm, parts: tuple[Part, ...], place: str) -> tuple[Block, ...]:
        """The shown parts in order; questions of one layout row become one line."""
        found: list[Block | FieldView] = []
        for part in parts:
            found += self.part(level, part, place)
        return tuple(_in_lines(found))

    def part(self, level: LevelForm, part: Part, place: str) -> Iterator[Block | FieldView]:
        match part:
            case Note():
                if level.shows(part.marks):
                    yield NoteView(note_html(part.text))
            case Section(key=""):
                yield from self._flat_section(level, part, place)
            case Section():
                field = level[part.key]
                if field.shown:
                    yield self._section(part, self.blocks(field.form, part.parts, place))
            case Rows():
                if level[part.key].shown:
                    yield self.rows(level, level[part.key], place)
            case Question():
                if level[part.key].shown:
                    yield self.field(level, level[part.key], place)

    def _flat_section(self, level: LevelForm, part: Section, place: str) -> Iterator[Block]:
        if level.shows(part.marks) and (blocks := self.blocks(level, part.parts, place)):
            yield self._section(part, blocks)

    def _section(self, part: Section, blocks: tuple[Block, ...]) -> SectionView:
        return SectionView(f"s-{part.id}", part.label, blocks, part.outlined)

    def rows(self, level: LevelForm, field: RowsField, place: str) -> RowsView:
        part = field.rows
        self.labels[field.path] = place + part.label
        return RowsView(
            element_id(field.path),
            field.name,
            part.label,
            part.help,
            tuple(self._row(field, row, place) for row in field.entries),
            tuple(self.errors.get(field.path, ())),
            tuple(self.warnings.get(field.path, ())),
            is_required(level, field) or part.marks.min_count > 0,
            part.readonly,
        )

    def _row(self, field: RowsField, row: RowField, place: str) -> RowView:
        number = row.index + 1
        inside = f"{place}{field.rows.label}（{number}）"
        blocks = self.blocks(row.form, field.rows.parts, inside)
        return RowView(row.name, row.row_id, number, blocks)

    # -- fields -----------------------------------------------------------------------------

    def field(self, level: LevelForm, field: QuestionField, place: str) -> FieldView:
        question = field.question
        self.labels[field.path] = place + question.label
        return FieldView(
            id=element_id(field.path),
            name=field.name,
            label=question.label,
            kind=_control(question),
            input_type=_input_type(field),
            input_mode=_input_mode(question),
            text=field.text(),
            chosen=tuple(field.chosen()),
            options=field.options,
            help=question.help,
            errors=tuple(self.errors.get(field.path, ())),
            warnings=tuple(self.warnings.get(field.path, ())),
            required=is_required(level, field),
            readonly=question.readonly and field.raw_data is None and not is_empty(field.data),
            watched=question.key in self.opened.form.watched,
            suffix=question.suffix,
            width=question.place.width,
            row=question.place.row,
            accept=",".join(question.accept),
            multiple=question.multiple,
            files=self._files(field),
        )

    def _files(self, field: QuestionField) -> tuple[FileView, ...]:
        if field.question.kind != "file":
            return ()
        return tuple(self.files.get(i) or FileView(i, i) for i in field.chosen())


def _file_ids(form: LevelForm) -> list[str]:
    fields = [field for level in form.levels() for field in level.questions()]
    return [i for field in fields if field.question.kind == "file" for i in field.chosen()]


def _in_lines(found: list[Block | FieldView]) -> Iterator[Block]:
    for row, group in groupby(found, key=_line_key):
        if row is None:
            yield from group  # type: ignore[misc]
        else:
            yield LineView(tuple(group))  # type: ignore[arg-type]


def _line_key(item: Block | FieldView) -> str | None:
    """Fields without a layout row stand alone."""
    return (item.row or item.id) if isinstance(item, FieldView) else None


def _control(question: Question) -> str:
    """Which macro draws it."""
    return "input" if question.kind in ("text", *_MODES, *_TYPES) else question.kind


def _input_type(field: QuestionField) -> str:
    """A browser blanks a date it cannot read; what was typed then stays as text."""
    kind = field.question.kind
    unreadable = bool(field.text()) and field.data is None
    return "text" if unreadable else _TYPES.get(kind, "text")


def _input_mode(question: Question) -> str:
    return "tel" if "V-PHONE" in question.marks.validators else _MODES.get(question.kind, "")

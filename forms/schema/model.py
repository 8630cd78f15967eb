"""A form as the server uses it: questions, rows, sections, notes. Made once, never changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from forms.conditions import Condition

Kind = Literal[
    "text", "textarea", "integer", "decimal", "date", "datetime", "time",
    "select", "radio", "checklist", "checkbox", "file",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Marks:
    """The properties of a component: see docs/forms.md."""

    visible_if: Condition | None = None
    hide: Condition | None = None
    required_if: Condition | None = None
    valid_if: Condition | None = None
    invalid_text: str = ""
    warn_if: Condition | None = None
    warn_text: str = ""
    default: Condition | None = None
    source: str = ""
    """Another case-file key to prefill from (property `from`)."""
    validators: tuple[str, ...] = ()
    routing: str = ""
    """The variable's name; empty: no variable."""
    index: str = ""
    happened: bool = False
    boolean: bool = False
    fresh: bool = False
    """Judged anew each time: nothing of the last answer is shown."""
    min_count: int = 0
    max_count: int = 50
    distinct: str = ""
    clauses: tuple[str, ...] = ()
    """Property `legal.clause`: the rows of the catalogue that the field carries out."""


@dataclass(frozen=True, slots=True)
class Limits:
    """form-js `validate`: lengths in characters, numbers exact."""

    required: bool = False
    min_length: int = 0
    max_length: int = 500
    min: Decimal | None = None
    max: Decimal | None = None
    pattern: str = ""
    pattern_text: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where it stands on the page: components of one `row` side by side, `width` of 12 columns."""

    row: str = ""
    width: int = 12


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """One field."""

    id: str
    key: str
    kind: Kind
    label: str
    case_key: str
    help: str = ""
    marks: Marks = field(default_factory=Marks)
    limits: Limits = field(default_factory=Limits)
    place: Place = field(default_factory=Place)
    options: tuple[Option, ...] = ()
    options_from: str = ""
    options_if: Condition | None = None
    """`valuesExpression`: a FEEL text that yields the options."""
    decimals: int = 0
    suffix: str = ""
    initial: object = None
    """form-js `defaultValue`."""
    readonly: bool = False
    multiple: bool = False
    accept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """A repeating group (`dynamiclist`); `key` is its form-js `path`."""

    id: str
    key: str
    label: str
    case_key: str
    parts: tuple[Part, ...]
    help: str = ""
    marks: Marks = field(default_factory=Marks)
    initial_rows: int = 1
    readonly: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A group. With a `key` (form-js `path`) its values lie one level deeper."""

    id: str
    key: str
    label: str
    parts: tuple[Part, ...]
    include: str = ""
    marks: Marks = field(default_factory=Marks)
    outlined: bool = True


@dataclass(frozen=True, slots=True)
class Note:
    """Words between the fields; an empty text is a separating line."""

    id: str
    text: str
    marks: Marks = field(default_factory=Marks)


Part = Question | Rows | Section | Note


@dataclass(frozen=True, slots=True)
class Schema:
    """A whole form. `digest` identifies its content."""

    id: str
    parts: tuple[Part, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One name of a level, with every condition on the way to it."""

    part: Question | Rows | Section
    marks: tuple[Marks, ...]


def entries(parts: tuple[Part, ...], above: tuple[Marks, ...] = ()) -> Iterator[Entry]:
    """The names of one level in order; sections without a key are transparent."""
    for part in parts:
        match part:
            case Section(key=""):
                yield from entries(part.parts, (*above, part.marks))
            case Question() | Rows() | Section():
                yield Entry(part, (*above, part.marks))


def conditions(parts: tuple[Part, ...]) -> Iterator[Condition]:
    """What decides how a form looks: shown, required, options."""
    for part in parts:
        marks = part.marks
        own = (marks.visible_if, marks.hide, marks.required_if, getattr(part, "options_if", None))
        yield from (condition for condition in own if condition is not None)
        if isinstance(part, Rows | Section):
            yield from conditions(part.parts)


def questions(parts: tuple[Part, ...]) -> Iterator[Question]:
    """Every question, those in sections and rows too."""
    for part in parts:
        if isinstance(part, Question):
            yield part
        elif isinstance(part, Rows | Section):
            yield from questions(part.parts)

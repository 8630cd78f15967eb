"""How the fields of a form are called from outside it, and where their answers lie."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from forms.schema.model import Note, Part, Question, Rows, Schema, Section


@dataclass(frozen=True, slots=True)
class Named:
    """`name`: `reason`, `FG-CASE.case_no`, `applicants.name`; `path`: its keys in a submission."""

    name: str
    part: Question | Rows | Section
    path: tuple[str, ...]


def named_fields(schema: Schema) -> Iterator[Named]:
    """Every question, repeating group and section, in the order of the form."""
    yield from _below(schema.parts, f"{schema.id}.", ())


def _below(parts: tuple[Part, ...], form: str, above: tuple[str, ...]) -> Iterator[Named]:
    for part in parts:
        if isinstance(part, Note):
            continue
        path = (*above, part.key) if part.key else above
        yield Named(_name(part, form), part, path)
        if not isinstance(part, Question):
            yield from _below(part.parts, form, path)


def _name(part: Question | Rows | Section, form: str) -> str:
    """The case-file key; what is in no group is called without the form's own name."""
    if isinstance(part, Section):
        return part.include or part.key or part.id
    return part.case_key.removeprefix(form)


def field_named(schema: Schema, name: str) -> Named | None:
    """By its name, or by the keys that lead to it."""
    every = list(named_fields(schema))
    known = {".".join(one.path): one for one in reversed(every)} | {o.name: o for o in every}
    return known.get(name)


def answers(values: Any, path: tuple[str, ...]) -> list[Any]:
    """What was answered there: one answer, or one for every row; empty answers are left out."""
    if isinstance(values, list):
        return [answer for row in values for answer in answers(row, path)]
    if path:
        inner = values.get(path[0]) if isinstance(values, Mapping) else None
        return answers(inner, path[1:])
    return [] if values in (None, "", {}) else [values]

"""A case file to be read: every value once, under the words of the forms that ask for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.feel import to_python
from forms.conversion import is_empty
from forms.rendering import Files, no_files
from forms.schema.model import Note, Part, Question, Rows, Schema, Section
from forms.showing import Answer, Group, Showing, Shown

Names = Callable[[Iterable[str]], Mapping[str, str]]
"""Names of units and agencies by id."""


def no_names(ids: Iterable[str]) -> Mapping[str, str]:
    """For forms that choose from no directory."""
    return {}


def folded(
    forms: Iterable[tuple[str, Schema]],
    case_file: Mapping[str, Any],
    files: Files = no_files,
    names: Names = no_names,
) -> tuple[Group, ...]:
    """What `case_file` (FEEL values by case-file key) holds, masked; empty values are left out.

    `forms`: the name of each step with its form. They stand in the order in which they were first
    answered, so that the reader finds the story; what several ask for stands where it was first.
    """
    places = {key: number for number, key in enumerate(case_file)}
    last = len(places)

    def first_answered(form: tuple[str, Schema]) -> int:
        return min((places.get(key, last) for key in _keys(form[1].parts)), default=last)

    reading = _Folded(case_file, files, names)
    told = (
        Group(step, reading.level(schema.parts, {}))
        for step, schema in sorted(forms, key=first_answered)
    )
    return tuple(group for group in told if group.blocks)


def _keys(parts: Sequence[Part]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Question | Rows):
            yield part.case_key
        elif isinstance(part, Section):
            yield from _keys(part.parts)


class _Folded(Showing):
    """Takes each value out of the case file the first time that a form asks for it."""

    def __init__(self, case_file: Mapping[str, Any], files: Files, names: Names) -> None:
        super().__init__(files, reveal=False)
        self._names = names
        self._left = {key: value for key, value in case_file.items() if not is_empty(value)}

    def part(self, part: Part, values: Mapping[str, Any]) -> Sequence[Shown]:
        if isinstance(part, Note):
            return ()
        if isinstance(part, Section):
            blocks = self.level(part.parts, values)
            return (Group(part.label, blocks),) if blocks else ()
        value = to_python(self._left.pop(part.case_key, None))
        if is_empty(value):
            return ()
        return (self.table(part, value) if isinstance(part, Rows) else self.answer(part, value),)

    def answer(self, question: Question, value: Any) -> Answer:
        shown = super().answer(question, value)
        if not question.options_from or not isinstance(value, str):
            return shown
        return replace(shown, text=self._names([value]).get(value, shown.text))

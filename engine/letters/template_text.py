"""Text with `${…}` in it: each is a FEEL expression; what it yields is written as Chinese text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from engine.errors import LiandongError, Refusal
from engine.feel import Expression, Function, prepare, to_python
from engine.letters.words import written

_HOLE = re.compile(r'\$\{((?:[^{}"]|"[^"]*")*)\}')
FUNCTIONS = {
    name: Function(name, parameters, lambda *_: None, optional=optional)
    for name, parameters, optional in (
        ("cite", ("id",), 0),
        ("due", ("timer", "from"), 0),
        ("in_words", ("day",), 0),
        ("unit_name", ("id",), 0),
        ("written", ("value",), 0),
    )
}
"""Names every template may call. What they do depends on the request: functions of the same names
stand among the names it is filled with, where they are found first."""


class TemplateText:
    """A text prepared once. Raises `Refusal` of its expressions with `file` in the params."""

    def __init__(self, file: str, text: str) -> None:
        self.text = text
        pieces = _HOLE.split(text)
        self._words = pieces[::2]
        self._holes = [_prepared(file, body) for body in pieces[1::2]]

    def filled(self, names: Mapping[str, Any], missing: str) -> tuple[str, list[str]]:
        """The text, with `missing` in the place of every null; the expressions that were null.

        An expression that yields "" says that nothing is to stand there.
        """
        found, absent = [self._words[0]], []
        for hole, words in zip(self._holes, self._words[1:], strict=True):
            value = to_python(hole.evaluate(names))
            if value is None:
                absent.append(hole.text)
            found += [missing if value is None else written(value), words]
        return "".join(found), absent


def condition(file: str, text: str) -> Expression:
    """A `when`. Raises `Refusal` with `file` in the params."""
    return _prepared(file, text)


def _prepared(file: str, body: str) -> Expression:
    try:
        return prepare(body.strip(), functions=FUNCTIONS)
    except LiandongError as problem:
        params = {**problem.params, "file": file, "expression": body.strip()}
        raise Refusal(problem.code, **params) from problem

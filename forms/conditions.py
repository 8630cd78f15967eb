"""FEEL in forms: prepared when a form is read, evaluated against the names in scope."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.errors import LiandongError
from engine.feel import Expression, prepare, to_python


class Condition:
    """A FEEL text, with or without the leading `=` of form-js."""

    __slots__ = ("_expression", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._expression: Expression = prepare(text.strip().removeprefix("="))

    @property
    def names(self) -> frozenset[str]:
        """The names that it reads."""
        return self._expression.names

    def value(self, scope: Mapping[str, Any], now: datetime) -> Any:
        """What it yields, as a Python value; None also where it costs more than it may."""
        try:
            return to_python(self._expression.evaluate(scope, now=now))
        except LiandongError:
            return None


def condition(text: str) -> Condition:
    """The text prepared; raises engine.errors.LiandongError where it is no FEEL."""
    return Condition(text)

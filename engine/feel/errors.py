"""The two ways FEEL says no: the text is not FEEL, or it would cost too much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.errors import LiandongError, Refusal


@dataclass(frozen=True, slots=True)
class Source:
    """Where an expression was written, so that an error can say so.

    `line` is the line of the file on which the text begins, or None.
    """

    file: str | None = None
    element: str | None = None
    line: int | None = None


class FeelSyntaxError(Refusal):
    """The text is not FEEL. Parameters: line and column (from 1), expected, found, source."""

    def __init__(
        self,
        code: str,
        *,
        line: int,
        column: int,
        expected: str | None = None,
        found: str | None = None,
        source: Source | None = None,
    ) -> None:
        params: dict[str, Any] = {
            "line": line,
            "column": column,
            "expected": expected,
            "found": found,
        }
        if source is not None:
            params.update(file=source.file, element=source.element, file_line=source.line)
        super().__init__(code, **params)
        self.line = line
        self.column = column
        self.expected = expected
        self.found = found


class FeelLimitExceeded(LiandongError):
    """The expression asks for more depth, size, steps or time than one expression may have.

    Parameters: limit (the number allowed) and unit-free names of what was counted.
    """

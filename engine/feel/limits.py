"""What one expression may cost. Every bomb ends here, within 100 ms on an ordinary machine."""

from __future__ import annotations

from typing import Any

from engine.feel.errors import FeelLimitExceeded

TEXT_LENGTH = 20_000  # characters of one expression
NESTING = 40  # brackets, calls and conditionals inside one another
TREE_DEPTH = 160  # levels of the syntax tree: long chains of operators count too
STEPS = 100_000  # tree nodes visited in loops, calls and filters, items visited by built-ins
CALL_DEPTH = 60  # user functions that call one another
STRING_LENGTH = 500_000  # characters of any string that is built
LIST_LENGTH = 100_000  # items of any list that is built
REGEX_SECONDS = 0.04  # of one evaluation in all
LETTERS_READ, LETTERS_WRITTEN = 64, 16  # characters that a step pays for
REGEX_PATTERN = 2_000  # characters
REGEX_SIZE = 4_000  # letters of a pattern with every x{n} written out n times


class Run:
    """One evaluation: the instant it happens at, what it has spent, why it became null."""

    __slots__ = ("depth", "input", "now", "reasons", "regex_seconds", "steps")

    def __init__(self, now: Any, value: Any, reasons: list[tuple[str, int, dict[str, Any]]] | None):
        self.now = now
        self.input = value
        self.reasons = reasons
        self.steps = STEPS
        self.depth = CALL_DEPTH
        self.regex_seconds = REGEX_SECONDS

    def spend(self, steps: int) -> None:
        """Pay for work whose amount the data decides; raises FeelLimitExceeded when broke."""
        self.steps -= steps
        if self.steps < 0:
            raise FeelLimitExceeded("feel.limit.steps", limit=STEPS)

    def null(self, code: str, at: int, **params: Any) -> Any:
        """FEEL answers null where others raise; the reason is kept for whoever asked for it."""
        if self.reasons is not None and len(self.reasons) < 50:
            self.reasons.append((code, at, params))
        return None

    def written(self, text: str) -> str:
        """Pay for a string that was made: memory is spent by making, not only by size."""
        check_string(len(text))
        self.spend(len(text) // LETTERS_WRITTEN)
        return text


def check_string(length: int) -> None:
    if length > STRING_LENGTH:
        raise FeelLimitExceeded("feel.limit.string", limit=STRING_LENGTH)


def check_list(length: int) -> None:
    if length > LIST_LENGTH:
        raise FeelLimitExceeded("feel.limit.list", limit=LIST_LENGTH)

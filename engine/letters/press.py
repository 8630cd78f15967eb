"""What prints letters for an engine: each time anew, or, in rehearsals, the same letter once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

from engine.letters.filling import Filled
from engine.letters.marks import Marks
from engine.letters.typesetting import typesetter
from engine.letters.word import word_file


class Press:
    """PDF and Word of a letter. The same input gives the same bytes."""

    def pdf(self, layout: bytes, filled: Filled, marks: Marks, at: datetime) -> bytes:
        """Raises `Refusal` letter.no_font, `LiandongError` letter.typesetting."""
        return typesetter().pdf(layout, filled, marks, at)

    def word(self, template: bytes, filled: Filled, marks: Marks) -> bytes:
        """Raises `LiandongError` letter.word_template."""
        return word_file(template, filled, marks)


class RepeatingPress(Press):
    """Remembers what it printed: scenarios tell the same story up to where they part.

    For made-up people only: it keeps what stands in the letters.
    """

    def __init__(self, most: int = 256) -> None:
        remember: Callable[..., Callable[..., bytes]] = lru_cache(most)
        self._pdf, self._word = remember(super().pdf), remember(super().word)

    def pdf(self, layout: bytes, filled: Filled, marks: Marks, at: datetime) -> bytes:
        return self._pdf(layout, filled, marks, at)

    def word(self, template: bytes, filled: Filled, marks: Marks) -> bytes:
        return self._word(template, filled, marks)

"""What is printed after 依据: an article by its number at a date, in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engine.errors import NotFound, Refusal

_DIGITS = "零一二三四五六七八九"
_UNITS = ("", "十", "百", "千")


@dataclass(frozen=True, slots=True)
class Citation:
    """One source as it is printed: short in lists (`zh`, `en`), in `full` in letters.

    `confidence`: V read in the law's text, S secondary source, M from memory, T the norm itself.
    """

    id: str
    zh: str
    en: str
    full: str
    confidence: str


@dataclass(frozen=True, slots=True)
class CitationVersion:
    """How a subject is cited from `valid_from` until the next version begins."""

    valid_from: date | None
    citation: Citation


class Citations:
    """The citation table. A subject is asked for by its id or by its Chinese name."""

    def __init__(
        self, versions: Mapping[str, Sequence[CitationVersion]], subjects: Mapping[str, str]
    ) -> None:
        self._versions = versions
        self._ids = {name: id_ for id_, name in subjects.items()} | {id_: id_ for id_ in versions}

    def __contains__(self, id_: object) -> bool:
        return id_ in self._versions

    def ids(self) -> frozenset[str]:
        """Every citation id."""
        return frozenset(self._versions)

    def cite(self, subject: str, on: date) -> Citation:
        """The citation of `subject` in force on `on`.

        Raises NotFound `citation.unknown`; Refusal `citation.not_in_force` before any version.
        """
        id_ = self._ids.get(subject)
        if id_ is None:
            raise NotFound("citation.unknown", found=subject)
        found = self._in_force(id_, on)
        if found is None:
            first = str(self._versions[id_][0].valid_from)
            raise Refusal("citation.not_in_force", id=id_, found=on.isoformat(), expected=first)
        return found

    def in_force(self, ids: Iterable[str], on: date) -> tuple[Citation, ...]:
        """Those of `ids` that could be cited on `on`; a law that came later is left out."""
        return tuple(found for id_ in ids if (found := self._in_force(id_, on)))

    def _in_force(self, id_: str, on: date) -> Citation | None:
        for version in reversed(self._versions[id_]):
            if version.valid_from is None or version.valid_from <= on:
                return version.citation
        return None


def article_zh(number: int) -> str:
    """85 → 第八十五条, 105 → 第一百零五条 (1 … 9999)."""
    return f"第{chinese_number(number)}条"


def article_en(numbers: Sequence[int]) -> str:
    """[85] → ' art. 85', [156, 159] → ' arts 156–159'."""
    word = "arts" if len(numbers) > 1 else "art."
    return f" {word} " + "–".join(str(number) for number in numbers)


def chinese_number(number: int) -> str:
    """The number in words as statutes write it: 12 → 十二, 253 → 二百五十三."""
    words, pending_zero = "", False
    for place, digit in zip(reversed(range(len(str(number)))), str(number), strict=True):
        if digit == "0":
            pending_zero = bool(words)
            continue
        words += ("零" if pending_zero else "") + _DIGITS[int(digit)] + _UNITS[place]
        pending_zero = False
    return words.removeprefix("一") if words.startswith("一十") else words

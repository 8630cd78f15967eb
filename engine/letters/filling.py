"""A template with the facts of a request put in: plain texts, ready for any way of printing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from engine.feel import to_python
from engine.letters.letter import Letter, Part
from engine.letters.template_text import TemplateText
from engine.letters.words import written

MISSING = "〔待填〕"
"""Stands where a fact is not known: never an empty place that nobody notices."""


@dataclass(frozen=True, slots=True)
class Block:
    """A block of the letter: `text`, or `rows` of cells."""

    kind: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Filled:
    """A letter's words. `missing` lists the expressions that yielded nothing."""

    title: str
    layout: str
    head: str
    subtitle: str
    reference: str
    blocks: tuple[Block, ...]
    missing: tuple[str, ...] = field(default=())

    def as_data(self) -> dict[str, Any]:
        """JSON values, in a fixed order: what a document keeps and what its digest is made of."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Filled:
        """The inverse of `as_data`."""
        blocks = tuple(
            Block(one["kind"], one["text"], tuple(map(tuple, one["rows"])))
            for one in data["blocks"]
        )
        missing = tuple(data["missing"])
        return cls(**{**data, "blocks": blocks, "missing": missing})


def fill(letter: Letter, names: Mapping[str, Any]) -> Filled:
    """Put the facts in. `names`: FEEL values and functions by name."""
    filling = _Filling(names)
    head, subtitle = filling.text(letter.head), filling.text(letter.subtitle)
    reference = filling.text(letter.reference)
    blocks = tuple(filling.blocks(letter.parts))
    return Filled(
        title=letter.title,
        layout=letter.layout,
        head=head,
        subtitle=subtitle,
        reference=reference,
        blocks=blocks,
        missing=tuple(filling.missing),
    )


class _Filling:
    """Remembers what was missing on the way."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        self.names = names
        self.missing: list[str] = []

    def text(self, template: TemplateText) -> str:
        found, absent = template.filled(self.names, MISSING)
        self.missing += absent
        return found

    def blocks(self, parts: tuple[Part, ...]) -> Iterator[Block]:
        for part in parts:
            if part.when is not None and part.when.evaluate(self.names) is not True:
                continue
            if part.text is not None:
                yield Block(part.kind, self.text(part.text))
            else:
                rows = tuple(self.cells(row) for row in part.rows)
                yield Block(part.kind, rows=(*rows, *self.listed(part)))

    def listed(self, part: Part) -> Iterator[tuple[str, ...]]:
        """A row for each of a grid's list; one that says so where the list is not known."""
        if part.each is None:
            return
        found = to_python(part.each.evaluate(self.names))
        width = len(part.rows[0])
        if not isinstance(found, list):
            self.missing.append(part.each.text)
            yield (MISSING,) * width
            return
        for row in found:
            cells = row if isinstance(row, list) else [row]
            yield tuple(self.cell(cell) for cell in [*cells, *[""] * width][:width])

    def cell(self, value: Any) -> str:
        if value is None:
            self.missing.append("each")
            return MISSING
        return written(value)

    def cells(self, row: tuple[TemplateText, ...]) -> tuple[str, ...]:
        return tuple(self.text(cell) for cell in row)

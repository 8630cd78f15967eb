"""Words that a person put in the place of the template's: kept beside the letter, shown as such."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from engine.letters.filling import Block, Filled


@dataclass(frozen=True, slots=True)
class Edit:
    """`was`: the words of the template with the facts put in; `now`: what a person made of them.

    Several lines are several paragraphs; empty words leave the paragraph out.
    """

    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Amended:
    """A letter with its edits. `base`: before them; `lost`: those whose paragraph has changed."""

    base: Filled
    filled: Filled
    edits: tuple[Edit, ...]
    lost: tuple[Edit, ...]


def amended(base: Filled, edits: Sequence[Edit]) -> Amended:
    """Put the edits in where the paragraph that they replaced still stands.

    A paragraph that says something else because the facts have changed goes before an edit:
    what is known is never hidden behind what somebody wrote earlier.
    """
    words = {edit.was: edit for edit in edits}
    standing = {block.text for block in base.blocks}
    blocks = tuple(one for block in base.blocks for one in _amended(block, words))
    return Amended(
        base=base,
        filled=replace(base, blocks=blocks),
        edits=tuple(edit for edit in edits if edit.was in standing),
        lost=tuple(edit for edit in edits if edit.was not in standing),
    )


def _amended(block: Block, words: dict[str, Edit]) -> Iterator[Block]:
    edit = words.get(block.text) if block.text else None
    if edit is None:
        yield block
        return
    for line in edit.now.splitlines():
        if line.strip():
            yield replace(block, text=line.strip())

"""What changed between two texts, character by character: Chinese has no spaces to go by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from engine.letters import Block

SHORTEST_KEPT = 2
"""A single character that both texts share by chance between two changes is no agreement."""


@dataclass(frozen=True)
class Piece:
    """`kind`: same · removed · added."""

    kind: str
    text: str


@dataclass(frozen=True)
class ChangedBlock:
    """A paragraph or table row of two versions; `pieces` say it in one line."""

    changed: bool
    pieces: Sequence[Piece]


def pieces(before: str, after: str) -> list[Piece]:
    """The two texts as one: what stayed, what was taken out, what was put in."""
    if before == after:
        return [Piece("same", before)] if before else []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    found: list[Piece] = []
    for start, other_start, length in _kept(matcher):
        _add(found, "removed", before[_ended(found, "added") : start])
        _add(found, "added", after[_ended(found, "removed") : other_start])
        _add(found, "same", before[start : start + length])
    return found


def compared(before: Sequence[Block], after: Sequence[Block]) -> list[ChangedBlock]:
    """Two letters paragraph by paragraph; what moved is taken out here and put in there."""
    ours, theirs = [_said(block) for block in before], [_said(block) for block in after]
    found = []
    for tag, i, j, k, m in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [ChangedBlock(False, [Piece("same", text)]) for text in ours[i:j]]
        else:
            found += _paired(ours[i:j], theirs[k:m])
    return found


def _kept(matcher: SequenceMatcher[str]) -> Iterator[tuple[int, int, int]]:
    for match in matcher.get_matching_blocks():
        if match.size >= SHORTEST_KEPT or match.size == 0:
            yield match.a, match.b, match.size


def _ended(found: Sequence[Piece], without: str) -> int:
    """How many characters of one of the two texts are told already."""
    return sum(len(piece.text) for piece in found if piece.kind != without)


def _add(found: list[Piece], kind: str, text: str) -> None:
    if text:
        found.append(Piece(kind, text))


def _paired(ours: Sequence[str], theirs: Sequence[str]) -> Iterator[ChangedBlock]:
    for number in range(max(len(ours), len(theirs))):
        before = ours[number] if number < len(ours) else ""
        after = theirs[number] if number < len(theirs) else ""
        yield ChangedBlock(True, pieces(before, after))


def _said(block: Block) -> str:
    return block.text or "\n".join("　".join(row) for row in block.rows)

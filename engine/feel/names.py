"""Names made of several tokens: the longest match against the names in scope (10.3.1.5)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from engine.feel.errors import FeelSyntaxError
from engine.feel.lexer import END, NAME, STRING, Token, tokens

KEYWORDS = frozenset(
    (
        "and",
        "or",
        "if",
        "then",
        "else",
        "for",
        "in",
        "return",
        "some",
        "every",
        "satisfies",
        "between",
        "instance",
        "function",
        "true",
        "false",
        "null",
    )
)
# Properties of temporal values and of ranges (table 65) that have a space in their names.
PROPERTIES = ("time offset", "start included", "end included")


@lru_cache(maxsize=8192)
def split(name: str) -> tuple[str, ...]:
    """The tokens of a name: `Phone  Number` and `Phone Number` are the same name."""
    try:
        return tuple(t.text for t in tokens(name) if t.kind != END)
    except FeelSyntaxError:
        return ()


class NameIndex:
    """Known names by their first token, longest first."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        parts = split(name)
        if len(parts) < 2:
            return
        rows = self._by_first.setdefault(parts[0], [])
        if all(known != parts for known, _ in rows):
            rows.append((parts, name))
            rows.sort(key=lambda row: -len(row[0]))

    def match(self, found: Sequence[Token], at: int) -> tuple[str, int]:
        """The longest known name that begins at token `at`, and the token after it.

        A single token is always a name, known or not: variables appear while a process runs.
        """
        token = found[at]
        for parts, name in self._by_first.get(token.text, ()):
            end = at + len(parts)
            if end < len(found) and all(
                t.text == p and t.kind != STRING for t, p in zip(found[at:end], parts, strict=True)
            ):
                return name, end
        return token.text, at + 1


def joined(found: Sequence[Token]) -> str:
    """The name that a run of tokens spells: a space where two words meet, none elsewhere."""
    text = ""
    for token in found:
        words = token.kind == NAME and text and (text[-1].isalnum() or text[-1] == "_")
        text += (" " if words else "") + token.text
    return text

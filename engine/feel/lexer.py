"""Text to tokens (DMN 1.5, 10.3.1.2, rules 26-37 and 61-65)."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from engine.feel import limits
from engine.feel.errors import FeelLimitExceeded, FeelSyntaxError, Source

NAME, NUMBER, STRING, OPERATOR, END = "name", "number", "string", "operator", "end"

_START = (
    "?A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_PART = _START + "0-9\u00b7\u0300-\u036f\u203f-\u2040"
_SPACE = "\t\n\x0b\x0c\r \u0085\u00a0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"
_OPERATORS = r"\*\*|\.\.|->|<=|>=|!=|[-+*/=<>()\[\]{},:.@'’]"
_JUEL_OPERATORS = r"&&|\|\||==|!=|[%!?]|" + _OPERATORS


def _pattern(start: str, quotes: str, operators: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?P<space>[{_SPACE}]+|//[^\n\r]*|/\*.*?\*/)"
        rf"|(?P<name>[{start}][{start}{_PART[len(_START) :]}]*)"
        r"|(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)"
        rf"|(?P<string>{quotes})"
        rf"|(?P<operator>{operators})",
        re.DOTALL,
    )


_FEEL = _pattern(_START, r'"(?:[^"\\\n\x0b\x0c\r]|\\.)*"', _OPERATORS)
# JUEL has the conditional operator, so there a question mark is no letter.
_JUEL = _pattern(_START[1:], r'"(?:[^"\\\n\r]|\\.)*"' + r"|'(?:[^'\\\n\r]|\\.)*'", _JUEL_OPERATORS)


class Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


class Lines:
    """Offsets of a text as lines and columns, both from 1."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(m.end() for m in re.finditer(r"\r\n|\r|\n", text))]

    def place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def tokens(text: str, *, juel: bool = False, source: Source | None = None) -> list[Token]:
    """All tokens of `text`, the last one of kind END.

    Raises FeelLimitExceeded for a text that is too long, FeelSyntaxError for a character or a
    string that FEEL does not know.
    """
    if len(text) > limits.TEXT_LENGTH:
        raise FeelLimitExceeded("feel.limit.text", limit=limits.TEXT_LENGTH, found=len(text))
    pattern = _JUEL if juel else _FEEL
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = pattern.match(text, at)
        if match is None:
            raise _unknown(text, at, source)
        if match.lastgroup != "space":
            found.append(Token(str(match.lastgroup), match.group(), at, match.end()))
        at = match.end()
    found.append(Token(END, "", len(text), len(text)))
    return found


def _unknown(text: str, at: int, source: Source | None) -> FeelSyntaxError:
    line, column = Lines(text).place(at)
    code = "feel.syntax.string" if text[at] in "\"'" else "feel.syntax.character"
    return FeelSyntaxError(code, line=line, column=column, found=text[at : at + 10], source=source)


_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))", re.DOTALL)
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}


def unescape(literal: str) -> str | None:
    """The string that a literal with its quotes means; None for a code point out of range.

    A backslash before any other letter stays, so that "\\d" may be written as is in a pattern.
    """
    body = literal[1:-1]
    if "\\" not in body:
        return body
    try:
        raw = _ESCAPE.sub(_escaped, body)
        # Two \\u escapes may be the halves of one code point; a half alone is no character.
        return raw.encode("utf-16", "surrogatepass").decode("utf-16")
    except (ValueError, OverflowError):
        return None


def _escaped(match: re.Match[str]) -> str:
    short, long, letter = match.groups()
    if letter is None:
        return chr(int(short or long, 16))
    return _LETTERS.get(letter, "\\" + letter)

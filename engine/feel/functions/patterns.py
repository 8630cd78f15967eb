"""XPath regular expressions (XQuery 1.0 and XPath 2.0 Functions, 7.6) on the `regex` package.

The two dialects differ, so that a pattern is translated letter by letter; whatever XPath does not
know is an error there and null here, never silently something else.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from time import thread_time
from typing import Any

import regex

from engine.feel import limits
from engine.feel.errors import FeelLimitExceeded
from engine.feel.functions.registry import NoResult

_QUANTIFIER = re.compile(r"\{([0-9]+)(?:(,)([0-9]*))?\}")
_CATEGORY = re.compile(r"[pP]\{[A-Za-z][A-Za-z0-9-]*\}")
_CLASSES = {
    "d": r"\p{Nd}", "D": r"\P{Nd}", "s": r"[ \t\n\r]", "S": r"[^ \t\n\r]",
    "w": r"[^\p{P}\p{Z}\p{C}]", "W": r"[\p{P}\p{Z}\p{C}]",
    "i": r"[\p{L}_:]", "I": r"[^\p{L}_:]",
    "c": r"[\p{L}\p{N}\p{M}_:.\-]", "C": r"[^\p{L}\p{N}\p{M}_:.\-]",
}  # fmt: skip
_ESCAPED = frozenset(r"nrt\|.?*+(){}-[]^$")
_NO_PATTERN = "feel.null.pattern"
_LEAST_COST, _LETTER_COST = 1e-6, 2e-4
"""Seconds: of any search, so that beginning anew ends; of a letter of a pattern at most."""


class _Translation:
    """One pattern on its way from XPath to `regex`."""

    def __init__(self, pattern: str, *, spaces: bool, multiline: bool) -> None:
        self.pattern = pattern
        self.at = 0
        self.spaces = spaces
        self.multiline = multiline
        self.groups = 0
        # How large the pattern grows when x{n} is written out, for each open group: repetition
        # within repetition would otherwise fill the memory before the first match.
        self.sizes = [0]
        self.last = 0
        self.repeats = 0  # quantifiers right before: x*? is one that is reluctant, x*+ is none

    def run(self) -> str:
        parts: list[str] = []
        while self.at < len(self.pattern):
            parts.append(self.piece(self.pattern[self.at]))
        if len(self.sizes) > 1:
            raise NoResult(_NO_PATTERN)
        return "".join(parts)

    def grow(self, size: int) -> None:
        self.last = size
        self.sizes[-1] += size
        if self.sizes[-1] > limits.REGEX_SIZE or len(self.sizes) > limits.NESTING:
            raise FeelLimitExceeded("feel.limit.regex", limit=limits.REGEX_SIZE)

    def piece(self, letter: str) -> str:
        if letter in "*+?{":
            return self.quantified(letter)
        self.repeats = 0
        if letter not in "()":
            self.grow(1)
        if letter == "\\":
            return self.escape()
        if letter == "[":
            return self.char_class()
        self.at += 1
        if letter in " \t\n\r" and not self.spaces:
            return ""
        if letter in "}]":
            raise NoResult(_NO_PATTERN)
        if letter in "()":
            return self.group(letter)
        if letter == "$":
            return "$" if self.multiline else r"\Z"
        return "\\#" if letter == "#" else letter

    def group(self, letter: str) -> str:
        if letter == ")":
            if len(self.sizes) == 1:
                raise NoResult(_NO_PATTERN)
            self.grow(self.sizes.pop() + 1)
            return letter
        self.sizes.append(0)
        self.grow(0)
        if self.pattern.startswith("?:", self.at):
            self.at += 2
            return "(?:"
        if self.pattern.startswith("?", self.at):
            raise NoResult(_NO_PATTERN)
        self.groups += 1
        return letter

    def quantified(self, letter: str) -> str:
        reluctant = letter == "?" and self.repeats == 1
        if self.repeats and not reluctant:
            raise NoResult(_NO_PATTERN)
        self.repeats += 1
        if letter == "{":
            return self.quantifier()
        self.at += 1
        return letter

    def quantifier(self) -> str:
        match = _QUANTIFIER.match(self.pattern, self.at)
        if match is None:
            raise NoResult(_NO_PATTERN)
        least, _, most = match.groups()
        times = max(int(least), int(most or 0)) if len(least + (most or "")) < 12 else 10**9
        repeated = self.last * times
        self.grow(max(repeated - self.last, 0))
        self.last = repeated
        self.at = match.end()
        return match.group()

    def escape(self) -> str:
        letter = self.pattern[self.at + 1 : self.at + 2]
        if letter in "pP" and letter:
            return self.category()
        self.at += 2
        if letter in _CLASSES:
            return _CLASSES[letter]
        if letter.isdigit() and letter != "0":
            if int(letter) > self.groups:
                raise NoResult(_NO_PATTERN)
            return f"(?:\\{letter})"
        if letter and letter in _ESCAPED:
            return "\\" + letter
        raise NoResult(_NO_PATTERN)

    def category(self) -> str:
        match = _CATEGORY.match(self.pattern, self.at + 1)
        if match is None:
            raise NoResult(_NO_PATTERN)
        self.at = match.end()
        name = match.group()
        # Blocks are written IsBasicLatin in XPath and InBasicLatin here.
        return "\\" + (name.replace("{Is", "{In", 1) if "{Is" in name else name)

    def char_class(self) -> str:
        """`[…]`, with subtraction `[a-z-[aeiou]]`."""
        self.at += 1
        parts = ["["]
        if self.pattern.startswith("^", self.at):
            self.at += 1
            parts.append("^")
        first = self.at
        while True:
            letter = self.pattern[self.at : self.at + 1]
            if not letter:
                raise NoResult(_NO_PATTERN)
            if letter == "]":
                break
            parts.append(self.class_member(letter))
        if self.at == first:
            raise NoResult(_NO_PATTERN)
        self.at += 1
        return "".join(parts) + "]"

    def class_member(self, letter: str) -> str:
        if letter == "\\":
            return self.escape()
        if letter == "-" and self.pattern.startswith("[", self.at + 1):
            self.at += 1
            return "--" + self.char_class()
        if letter == "[":
            raise NoResult(_NO_PATTERN)
        self.at += 1
        return "\\" + letter if letter in "&|~#" else letter


@lru_cache(maxsize=256)
def compiled(pattern: str, flags: str) -> regex.Pattern[str]:
    """The pattern under XPath's flags s, m, i, x (and q). Raises NoResult, FeelLimitExceeded."""
    if len(pattern) > limits.REGEX_PATTERN:
        raise FeelLimitExceeded("feel.limit.regex", limit=limits.REGEX_PATTERN)
    if not set(flags) <= set("smixq"):
        raise NoResult("feel.null.flags", flags=flags[:20])
    value = regex.VERSION1
    for flag, meaning in (("s", regex.DOTALL), ("m", regex.MULTILINE), ("i", regex.IGNORECASE)):
        value |= meaning if flag in flags else 0
    text = (
        regex.escape(pattern)
        if "q" in flags
        else _Translation(pattern, spaces="x" not in flags, multiline="m" in flags).run()
    )
    try:
        return regex.compile(text, value)
    except (regex.error, RecursionError, OverflowError):
        raise NoResult(_NO_PATTERN) from None


def guarded(run: limits.Run, call: Callable[..., Any], *arguments: Any) -> Any:
    """A search that ends: all searches of one evaluation share one allowance of seconds.

    What counts is the work of this thread. The clock of `regex` runs on while others work, and a
    busy machine is no reason to refuse an officer: then the search begins anew.
    """
    while run.regex_seconds > 0:
        started = thread_time()
        try:
            return call(*arguments, timeout=run.regex_seconds)
        except TimeoutError:
            continue
        finally:
            run.regex_seconds -= max(thread_time() - started, _LEAST_COST)
    raise FeelLimitExceeded("feel.limit.regex", limit=limits.REGEX_SECONDS)


def prepared(run: limits.Run, pattern: str, flags: str | None) -> regex.Pattern[str]:
    """The compiled pattern; compiling comes out of the same allowance.

    It costs no more than its letters: the collector of garbage likes to run in between.
    """
    started = thread_time()
    found = compiled(pattern, flags or "")
    run.regex_seconds -= min(thread_time() - started, len(pattern) * _LETTER_COST)
    if run.regex_seconds < 0:
        raise FeelLimitExceeded("feel.limit.regex", limit=limits.REGEX_SECONDS)
    return found


def non_empty(run: limits.Run, pattern: regex.Pattern[str]) -> regex.Pattern[str]:
    """XPath refuses to replace or to split at matches of nothing."""
    if guarded(run, pattern.search, ""):
        raise NoResult("feel.null.empty_match")
    return pattern


_REPLACEMENT = re.compile(r"\\(.?)|\$([0-9]*)", re.DOTALL)


def replacement(text: str, groups: int) -> Callable[[Any], str]:
    """`$1` and `\\$` of XPath as a function of the match."""
    parts: list[str | int] = []
    at = 0
    for found in _REPLACEMENT.finditer(text):
        parts.append(text[at : found.start()])
        at = found.end()
        parts.extend(_reference(found, groups))
    parts.append(text[at:])
    return lambda match: "".join(
        part if isinstance(part, str) else match.group(part) or "" for part in parts
    )


def _reference(found: re.Match[str], groups: int) -> list[str | int]:
    if found[1] is not None:
        if found[1] not in ("\\", "$") or not found[1]:
            raise NoResult("feel.null.replacement")
        return [found[1]]
    digits = found[2]
    if not digits:
        raise NoResult("feel.null.replacement")
    # $12 is group 12 where there is one, else group 1 and a 2.
    taken = len(digits)
    while taken > 1 and int(digits[:taken]) > groups:
        taken -= 1
    number = int(digits[:taken])
    return [number if number <= groups else "", digits[taken:]]

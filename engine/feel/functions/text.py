"""`string()` of every value: what would be written in FEEL to mean it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.feel import limits
from engine.feel.limits import Run
from engine.feel.names import KEYWORDS, split
from engine.feel.numbers import plain
from engine.feel.values import BuiltIn, Function, Range


def to_string(value: Any, run: Run) -> str:
    """The text of a value; a string outside lists and contexts is itself."""
    text = value if isinstance(value, str) else _text(value, run)
    limits.check_string(len(text))
    return text


def _text(value: Any, run: Run) -> str:
    run.spend(1)
    if isinstance(value, str):
        run.spend(len(value) // 64)
        return quoted(value)
    if isinstance(value, list):
        return _enclosed("[", (_text(item, run) for item in value), "]")
    if isinstance(value, dict):
        return _enclosed("{", (f"{_key(k)}: {_text(v, run)}" for k, v in value.items()), "}")
    return _simple(value, run)


def _simple(value: Any, run: Run) -> str:
    if value is None:
        return "null"
    if value.__class__ is bool:
        return "true" if value else "false"
    if value.__class__ is Decimal:
        return plain(value)
    if isinstance(value, Range):
        return _range(value, run)
    if isinstance(value, Function | BuiltIn):
        return f"function {value.name}".strip()
    return str(value)


def _enclosed(opening: str, parts: Any, closing: str) -> str:
    texts: list[str] = []
    length = 0
    for part in parts:
        length += len(part) + 2
        limits.check_string(length)
        texts.append(part)
    return opening + ", ".join(texts) + closing


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _key(key: str) -> str:
    parts = split(key)
    plain_name = bool(parts) and parts[0].isidentifier() and parts[0] not in KEYWORDS
    return key if plain_name and all(part.isidentifier() for part in parts) else quoted(key)


def _range(value: Range, run: Run) -> str:
    if value.operator:
        end = value.start if value.end is None else value.end
        return f"{value.operator} {_text(end, run)}"
    ends = f"{_text(value.start, run)}..{_text(value.end, run)}"
    return f"{'[' if value.start_included else '('}{ends}{']' if value.end_included else ')'}"

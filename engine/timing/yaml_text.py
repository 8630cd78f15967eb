"""YAML text to plain data, with the line in the refusal. JSON is YAML too."""

from __future__ import annotations

from typing import Any

import yaml

from engine.errors import Refusal

_DEEPEST = 20
_LONGEST_NUMBER = 128
"""Bits. Python refuses to write out an integer of thousands of digits."""


class _PlainLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The safe loader (ten times faster where the C library is there) that leaves dates as text:
    a date that does not exist is then refused with its row, not as a broken file.
    """


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_yaml(file: str, text: str | bytes) -> Any:
    """Parsed data; dates stay text.

    Raises Refusal `data.not_yaml`, `data.too_deep`, `data.alias` with file and line (from 1).
    """
    try:
        _refuse_bombs(file, text)
        return yaml.load(text, _PlainLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise Refusal("data.not_yaml", file=file, line=line, found=error.problem) from error
    except (yaml.YAMLError, ValueError) as error:
        raise Refusal("data.not_yaml", file=file, line=None, found=str(error)) from error


def _refuse_bombs(file: str, text: str | bytes) -> None:
    # The C loader builds nodes recursively and ends the process when they nest too deep (measured
    # at 100 000 brackets); aliases multiply. Events come one by one and are safe to count.
    depth = 0
    for event in yaml.parse(text, _PlainLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        line = event.start_mark.line + 1 if event.start_mark else None
        if depth > _DEEPEST:
            raise Refusal("data.too_deep", file=file, line=line, expected=_DEEPEST)
        if isinstance(event, yaml.AliasEvent):
            raise Refusal("data.alias", file=file, line=line)


def shown(found: Any) -> str:
    """What was found, short enough for a sentence: a word as it is, a structure by its kind."""
    if isinstance(found, int) and found.bit_length() > _LONGEST_NUMBER:
        return "…"
    if found is None or isinstance(found, str | int | float):
        return str(found)[:80]
    return "{…}" if isinstance(found, dict) else "[…]"

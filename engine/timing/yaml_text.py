"""YAML text to plain data, with the line in the refusal. JSON is YAML too."""

from __future__ import annotations

from typing import Any

import yaml

from engine.errors import Refusal


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

    Raises Refusal `data.not_yaml` with file, line (from 1) and what was found.
    """
    try:
        return yaml.load(text, _PlainLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise Refusal("data.not_yaml", file=file, line=line, found=error.problem) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise Refusal("data.not_yaml", file=file, line=None, found=str(error)) from error


def shown(found: Any) -> str:
    """What was found, short enough for a sentence: a word as it is, a structure by its kind."""
    if found is None or isinstance(found, str | int | float):
        return str(found)[:80]
    return {dict: "{…}", list: "[…]"}.get(type(found), type(found).__name__)

"""Bytes to JSON, within limits. A bomb is refused before anything walks it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

BYTES = 512 * 1024
DEPTH = 24
COMPONENTS = 400
OPTIONS = 500
TEXT = 10_000
SCHEMA_VERSION = 19


class Unreadable(ValueError):
    """Not a form at all: a code, its parameters and the line, where one is known."""

    def __init__(self, code: str, line: int | None = None, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.line = line
        self.params = params


def read(content: bytes) -> dict[str, Any]:
    """The JSON object of a .form file; raises Unreadable."""
    if len(content) > BYTES:
        raise Unreadable("form.too_large", expected=BYTES // 1024, found=len(content) // 1024)
    try:
        # orjson itself stops at 1,024 levels, before Python's stack would.
        document = orjson.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise Unreadable("form.not_json", error.lineno, column=error.colno) from None
    if not isinstance(document, dict):
        raise Unreadable("form.not_object", found=type(document).__name__)
    _measure(document)
    _version(document)
    return document


def _measure(document: dict[str, Any]) -> None:
    level: list[Any] = [document]
    for _ in range(DEPTH):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return
    raise Unreadable("form.too_deep", expected=DEPTH)


def _children(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value
    elif isinstance(value, str) and len(value) > TEXT:
        raise Unreadable("form.text_too_long", expected=TEXT, found=len(value))


def _version(document: dict[str, Any]) -> None:
    version = document.get("schemaVersion", SCHEMA_VERSION)
    if not isinstance(version, int) or version > SCHEMA_VERSION:
        raise Unreadable("form.version", expected=SCHEMA_VERSION, found=str(version)[:20])


class Lines:
    """Finds the line of a component in the file, by its id or key as they are written."""

    def __init__(self, content: bytes) -> None:
        self._text = content.decode("utf-8", "replace")

    def of(self, component: dict[str, Any]) -> int | None:
        for name in ("id", "key", "path"):
            value = component.get(name)
            if isinstance(value, str) and value and (line := self._line(name, value)):
                return line
        return None

    def _line(self, name: str, value: str) -> int | None:
        quoted = orjson.dumps(value).decode()
        for written in (f'"{name}": {quoted}', f'"{name}":{quoted}'):
            if (at := self._text.find(written)) >= 0:
                return self._text.count("\n", 0, at) + 1
        return None

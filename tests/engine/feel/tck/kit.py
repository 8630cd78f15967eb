"""The kit's files (testCases.xsd) as data.

A value is kept as it is written: `Simple` text with its XSD type, a list, or a dict of
components, so that reading needs no FEEL and a broken FEEL cannot spoil the reading.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.xml import parse_xml

VARIABLE = "DMN_TCK"
LEVELS = ("compliance-level-2", "compliance-level-3")
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


@dataclass(frozen=True)
class Simple:
    type: str
    text: str


Written = Simple | list | dict | None


@dataclass(frozen=True)
class Given:
    name: str
    namespace: str | None
    value: Written


@dataclass(frozen=True)
class Expected:
    name: str
    namespace: str | None
    value: Written
    is_error: bool


@dataclass(frozen=True)
class Question:
    """One `testCase`: what is given, what is asked, what must come out."""

    model: Path
    id: str
    kind: str
    invocable: str | None
    given: tuple[Given, ...]
    expected: tuple[Expected, ...]

    @property
    def folder(self) -> str:
        return self.model.parent.name

    @property
    def level(self) -> str:
        return self.model.parent.parent.name

    @property
    def title(self) -> str:
        return f"{self.level[-1]}/{self.folder}/{self.id}"


def kit_root() -> Path | None:
    """The folder `TestCases` of the kit, or None where the machine has no kit."""
    named = os.environ.get(VARIABLE)
    if not named:
        return None
    root = Path(named)
    return root / "TestCases" if (root / "TestCases").is_dir() else root


def questions(root: Path) -> Iterator[Question]:
    for level in LEVELS:
        for file in sorted((root / level).glob("*/*.xml")):
            yield from _read_file(file)


def _read_file(file: Path) -> Iterator[Question]:
    root = parse_xml(file.read_bytes(), file.name)
    if not isinstance(root.tag, str) or _kind(root) != "testCases":
        return
    named = _child(root, "modelName")
    model = file.parent / (named.text or "").strip()
    for element in _children(root, "testCase"):
        yield Question(
            model,
            element.get("id") or element.get("name") or "",
            element.get("type") or "decision",
            element.get("invocableName"),
            tuple(_given(node) for node in _children(element, "inputNode")),
            tuple(_expected(node) for node in _children(element, "resultNode")),
        )


def _given(node) -> Given:
    return Given(node.get("name"), node.get("namespace"), _value(node))


def _expected(node) -> Expected:
    stated = _child(node, "expected")
    return Expected(
        node.get("name"),
        node.get("namespace"),
        _value(stated) if stated is not None else None,
        node.get("errorResult") in ("true", "1"),
    )


def _value(node) -> Written:
    """The valueType of the schema: value | component* | list."""
    components = _children(node, "component")
    if components:
        return {part.get("name"): _value(part) for part in components}
    many = _child(node, "list")
    if many is not None:
        return None if _is_nil(many) else [_value(item) for item in _children(many, "item")]
    single = _child(node, "value")
    if single is None or _is_nil(single):
        return None
    kind = (single.get(f"{XSI}type") or "string").rpartition(":")[2]
    return Simple(kind, single.text or "")


def _is_nil(node) -> bool:
    return node.get(f"{XSI}nil") in ("true", "1")


def _kind(node) -> str:
    return node.tag.rpartition("}")[2]


def _children(node, kind: str) -> list:
    return [child for child in node if isinstance(child.tag, str) and _kind(child) == kind]


def _child(node, kind: str):
    return next(iter(_children(node, kind)), None)

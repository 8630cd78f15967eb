"""YAML that knows its lines, so that every mistake in a scenario is named with its place."""

from __future__ import annotations

from typing import Any

import yaml

from engine.errors import Refusal
from engine.timing.yaml_text import read_yaml


class Mapping(dict[str, Any]):
    """A mapping with the line it begins on and the line of each key, counted from 1."""

    line: int
    lines: dict[str, int]


class Items(list[Any]):
    """A list with the line it begins on and the line of each item."""

    line: int
    lines: list[int]


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Leaves dates and times as text: `moments` reads them as China's."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read(file: str, text: str | bytes) -> Any:
    """The document as `Mapping`, `Items` and scalars; dates stay text.

    Raises Refusal `data.not_yaml`, `data.too_deep`, `data.alias`, `scenario.key_twice`.
    """
    read_yaml(file, text)
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        return None if node is None else _value(loader, node, file)
    finally:
        loader.dispose()


def _value(loader: _Loader, node: yaml.Node, file: str) -> Any:
    if isinstance(node, yaml.MappingNode):
        return _mapping(loader, node, file)
    if isinstance(node, yaml.SequenceNode):
        items = Items(_value(loader, item, file) for item in node.value)
        items.line = _line(node)
        items.lines = [_line(item) for item in node.value]
        return items
    return loader.construct_object(node)


def _mapping(loader: _Loader, node: yaml.MappingNode, file: str) -> Mapping:
    found = Mapping()
    found.line, found.lines = _line(node), {}
    for key_node, value_node in node.value:
        key = str(_value(loader, key_node, file))
        if key in found:
            raise Refusal("scenario.key_twice", file=file, line=_line(key_node), key=key)
        found[key] = _value(loader, value_node, file)
        found.lines[key] = _line(key_node)
    return found


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1

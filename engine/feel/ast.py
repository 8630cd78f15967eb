"""The syntax tree that every dialect ends in. `at` is the offset of the node in the text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Node:
    at: int = field(kw_only=True)


@dataclass(slots=True)
class Constant(Node):
    """A number, string, boolean, null or `@` literal."""

    value: Any


@dataclass(slots=True)
class BadLiteral(Node):
    """An `@` literal whose string is no date, time or duration: null, with a reason."""

    text: str


@dataclass(slots=True)
class Name(Node):
    name: str


@dataclass(slots=True)
class Negation(Node):
    operand: Node


@dataclass(slots=True)
class Binary(Node):
    """Arithmetic and comparison; `operator` is the sign as written."""

    operator: str
    left: Node
    right: Node


@dataclass(slots=True)
class Junction(Node):
    """A whole chain of `and` or of `or`."""

    operator: str
    operands: list[Node]


@dataclass(slots=True)
class Between(Node):
    value: Node
    low: Node
    high: Node


@dataclass(slots=True)
class In(Node):
    """`value in tests`; without `value` the unary tests of a decision table cell."""

    value: Node | None
    tests: list[Node]
    negated: bool = False


@dataclass(slots=True)
class AnyInput(Node):
    """The cell `-`."""


@dataclass(slots=True)
class If(Node):
    condition: Node
    then: Node
    otherwise: Node


@dataclass(slots=True)
class Iterator:
    name: str
    source: Node
    end: Node | None


@dataclass(slots=True)
class For(Node):
    iterators: list[Iterator]
    result: Node


@dataclass(slots=True)
class Quantified(Node):
    every: bool
    iterators: list[Iterator]
    condition: Node


@dataclass(slots=True)
class Path(Node):
    value: Node
    name: str


@dataclass(slots=True)
class Filter(Node):
    value: Node
    condition: Node


@dataclass(slots=True)
class Index(Node):
    """JUEL's `x[0]` and `x['key']`: counted from 0, or a key."""

    value: Node
    key: Node


@dataclass(slots=True)
class Call(Node):
    function: Node
    arguments: list[Node]
    names: list[str] | None


@dataclass(slots=True)
class Parameter:
    name: str
    type: TypeNode | None


@dataclass(slots=True)
class FunctionDefinition(Node):
    parameters: list[Parameter]
    body: Node
    external: bool = False


@dataclass(slots=True)
class ListLiteral(Node):
    items: list[Node]


@dataclass(slots=True)
class ContextLiteral(Node):
    entries: list[tuple[str, Node]]


@dataclass(slots=True)
class RangeLiteral(Node):
    start_included: bool
    start: Node
    end: Node
    end_included: bool


@dataclass(slots=True)
class Comparator(Node):
    """`< 10` without a left side: a range, and in a test a comparison."""

    operator: str
    operand: Node


@dataclass(slots=True)
class InstanceOf(Node):
    value: Node
    type: TypeNode


@dataclass(slots=True)
class TypeNode:
    """A type as written: `list<number>` is TypeNode("list", [TypeNode("number")])."""

    name: str
    arguments: list[TypeNode] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    result: TypeNode | None = None
    parametric: bool = False


@dataclass(slots=True)
class Empty(Node):
    """JUEL's `empty x`."""

    operand: Node


@dataclass(slots=True)
class Template(Node):
    """Text with `${…}` in it."""

    parts: list[Node]


def mentions(node: Any, name: str) -> bool:
    """Whether a tree reads a name anywhere."""
    if isinstance(node, Name):
        return node.name == name
    if isinstance(node, list | tuple):
        return any(mentions(item, name) for item in node)
    if isinstance(node, Node | Iterator):
        fields = node.__dataclass_fields__
        return any(mentions(getattr(node, field), name) for field in fields)
    return False

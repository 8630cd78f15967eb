"""Where names are looked up while an expression runs, and what is known of them before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.feel.limits import Run
from engine.feel.types import Type
from engine.feel.values import Function


class Scope:
    """One frame of bindings. The outermost holds the variables themselves."""

    __slots__ = ("globals", "parent", "run", "vars")

    def __init__(
        self,
        vars: Mapping[str, Any],
        parent: Scope | None,
        globals: Mapping[str, Any],
        run: Run,
    ) -> None:
        self.vars = vars
        self.parent = parent
        self.globals = globals
        self.run = run


@dataclass(slots=True)
class Frame:
    """What is known before running of one inner Scope: its names, or that only the data tells."""

    names: frozenset[str]
    dynamic: bool = False


@dataclass(slots=True)
class Compilation:
    """What one text is compiled against and what it turned out to read."""

    functions: Mapping[str, Function]
    declared: frozenset[str]
    types: Mapping[str, Type]
    reads: set[str] = field(default_factory=set)
    unknown: dict[str, int] = field(default_factory=dict)
    """Functions called that nobody defines, with the offset of the first call."""

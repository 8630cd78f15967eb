"""What the builders of all nodes share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from engine.feel import ast
from engine.feel.scope import Compilation, Frame, Scope

Code = Callable[[Scope], Any]


class Builder:
    """The state of one compilation, as the builders see it."""

    compilation: Compilation
    frames: tuple[Frame, ...]
    nodes: int  # how many nodes have been compiled so far

    def compile(self, node: ast.Node) -> Code:
        raise NotImplementedError

    def inside(self, names: Iterable[str], node: ast.Node, *, dynamic: bool = False) -> Code:
        """`node` compiled within one more frame of names."""
        outer = self.frames
        self.frames = (*outer, Frame(frozenset(names), dynamic))
        code = self.compile(node)
        self.frames = outer
        return code

    def weighed(
        self, names: Iterable[str], node: ast.Node, *, dynamic: bool = False
    ) -> tuple[Code, int]:
        """The same, and how many steps one evaluation of it costs."""
        before = self.nodes
        code = self.inside(names, node, dynamic=dynamic)
        return code, self.nodes - before + 1

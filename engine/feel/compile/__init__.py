"""Tree to closures. A closure takes a Scope and returns a FEEL value; None is null.

Evaluation then costs one Python call for each node and no dispatch. Each kind of node has its
builder in one of the modules beside this one; `Compiler.compile` is the only way down the tree.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.feel import ast, limits
from engine.feel.compile import access, calls, logic, loops, operators
from engine.feel.compile.base import Builder, Code
from engine.feel.errors import FeelLimitExceeded
from engine.feel.scope import Compilation, Frame

_BUILDERS: dict[type[ast.Node], Callable[[Any, Any], Code]] = {
    **operators.BUILDERS,
    **logic.BUILDERS,
    **access.BUILDERS,
    **calls.BUILDERS,
    **loops.BUILDERS,
}


class Compiler(Builder):
    def __init__(self, compilation: Compilation) -> None:
        self.compilation = compilation
        self.frames: tuple[Frame, ...] = ()
        self.depth = 0
        self.nodes = 0

    def compile(self, node: ast.Node) -> Code:
        self.depth += 1
        self.nodes += 1
        if self.depth > limits.TREE_DEPTH:
            raise FeelLimitExceeded("feel.limit.nesting", limit=limits.TREE_DEPTH)
        code = _BUILDERS[type(node)](self, node)
        self.depth -= 1
        return code

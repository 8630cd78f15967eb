"""A text made ready once, and its evaluation, as often as is wanted."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from engine.feel import ast, limits
from engine.feel.adopt import NATIVE, from_python
from engine.feel.cache import LeastRecent
from engine.feel.compile import Compiler
from engine.feel.errors import FeelLimitExceeded, Source
from engine.feel.functions import BUILT_INS
from engine.feel.juel import JuelParser, segments, unwrapped
from engine.feel.lexer import Lines
from engine.feel.limits import Run
from engine.feel.parser import Parser
from engine.feel.scope import Compilation, Scope
from engine.feel.types import Type
from engine.feel.values import Function

Dialect = Literal["feel", "unary", "juel", "template"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a part of an expression became null: code, parameters, line and column (from 1)."""

    code: str
    params: dict[str, Any]
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A value and the reasons for every null on the way to it, in order."""

    value: Any
    reasons: tuple[Reason, ...]


class Expression:
    """A prepared text. Safe to share between threads; evaluation changes nothing in it."""

    __slots__ = ("_code", "dialect", "names", "text", "unknown")

    def __init__(self, text: str, dialect: Dialect, code: Any, compilation: Compilation) -> None:
        self.text = text
        self.dialect = dialect
        self.names = frozenset(compilation.reads)  # the variables that it reads
        self.unknown = dict(compilation.unknown)  # functions that nobody defines: name → offset
        self._code = code

    def evaluate(
        self,
        context: Mapping[str, Any],
        *,
        now: datetime.datetime | None = None,
        input: Any = None,
    ) -> Any:
        """The value. `now` is the aware instant for now() and today(); `input` is `?`.

        Raises FeelLimitExceeded; any other failure is null, as FEEL has it.
        """
        run = Run(now, input if input.__class__ in NATIVE else from_python(input), None)
        try:
            return self._code(Scope(context, None, context, run))
        except RecursionError:
            raise FeelLimitExceeded("feel.limit.calls", limit=limits.CALL_DEPTH) from None

    def explain(
        self,
        context: Mapping[str, Any],
        *,
        now: datetime.datetime | None = None,
        input: Any = None,
    ) -> Evaluation:
        """The value with the reasons for its nulls."""
        reasons: list[tuple[str, int, dict[str, Any]]] = []
        run = Run(now, from_python(input), reasons)
        try:
            value = self._code(Scope(context, None, context, run))
        except RecursionError:
            raise FeelLimitExceeded("feel.limit.calls", limit=limits.CALL_DEPTH) from None
        lines = Lines(self.text)
        return Evaluation(
            value,
            tuple(Reason(code, params, *lines.place(at)) for code, at, params in reasons),
        )

    def run(self, context: Mapping[str, Any], run: Run) -> Any:
        """The value within a larger evaluation, whose instant, budget and reasons `run` holds."""
        return self._code(Scope(context, None, context, run))

    def __repr__(self) -> str:
        return f"Expression({self.text!r}, dialect={self.dialect!r})"


NO_FUNCTIONS: Mapping[str, Function] = {}
NO_TYPES: Mapping[str, Type] = {}
_KEPT_LETTERS = 1_000_000  # what a prepared text weighs grows with its length
_cache: LeastRecent[tuple[Expression, Any, Any]] = LeastRecent(_KEPT_LETTERS)


def prepare(
    text: str,
    *,
    names: Collection[str] = (),
    dialect: Dialect = "feel",
    functions: Mapping[str, Function] | None = None,
    types: Mapping[str, Type] | None = None,
    source: Source | None = None,
) -> Expression:
    """Parses and compiles a text, or returns what was made of the same text before.

    `names` are the names in scope, which may hold spaces and signs; single-word names need not be
    among them. `functions` are the project's own, `types` the item definitions for `instance of`.
    Dialects: "feel"; "unary", the unary tests of a cell against `input`; "juel", a `${…}` or its
    inside; "template", text with `${…}` in it. Raises FeelSyntaxError, FeelLimitExceeded.
    """
    functions = NO_FUNCTIONS if functions is None else functions
    types = NO_TYPES if types is None else types
    scope = names if isinstance(names, frozenset) else frozenset(names)
    key = (text, scope, dialect, id(functions), id(types))
    kept = _cache.get(key)
    if kept is None:
        expression = _make(text, dialect, Compilation(functions, scope, types), source)
        # The mappings are kept beside the expression, so that their ids stay theirs.
        kept = _cache.keep(key, (expression, functions, types), len(text) + 100)
    return kept[0]


def _make(
    text: str, dialect: Dialect, compilation: Compilation, source: Source | None
) -> Expression:
    try:
        tree = _tree(text, dialect, compilation, source)
        code = Compiler(compilation).compile(tree)
    except RecursionError:
        raise FeelLimitExceeded("feel.limit.nesting", limit=limits.NESTING) from None
    return Expression(text, dialect, code, compilation)


def _tree(text: str, dialect: Dialect, compilation: Compilation, source: Source | None) -> ast.Node:
    functions = (*BUILT_INS, *compilation.functions)
    if dialect == "juel":
        inner, offset = unwrapped(text)
        return _juel(text, inner, offset, compilation, source)
    if dialect == "template":
        return _template(text, compilation, source)
    parser = Parser(text, compilation.declared, functions, source)
    return parser.unary_text() if dialect == "unary" else parser.expression_text()


def _juel(
    text: str, inner: str, offset: int, compilation: Compilation, source: Source | None
) -> ast.Node:
    # Spaces in the place of what stands before keep every position true to the whole text.
    padded = "".join(c if c in "\r\n" else " " for c in text[:offset]) + inner
    functions = (*BUILT_INS, *compilation.functions)
    return JuelParser(padded, compilation.declared, functions, source).expression_text()


def _template(text: str, compilation: Compilation, source: Source | None) -> ast.Node:
    if len(text) > limits.TEXT_LENGTH:
        raise FeelLimitExceeded("feel.limit.text", limit=limits.TEXT_LENGTH, found=len(text))
    parts: list[ast.Node] = []
    found = segments(text)
    if len(found) > limits.TREE_DEPTH:
        raise FeelLimitExceeded("feel.limit.nesting", limit=limits.TREE_DEPTH)
    for is_expression, part, offset in found:
        if is_expression:
            parts.append(_juel(text, part, offset, compilation, source))
        else:
            parts.append(ast.Constant(part, at=offset))
    if len(parts) == 1:
        return parts[0]
    return ast.Template(parts, at=0)

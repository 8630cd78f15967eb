"""Invocations, function definitions, list and context literals, templates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.feel import ast, limits
from engine.feel.compile.access import reader
from engine.feel.compile.base import Builder, Code
from engine.feel.functions import BUILT_INS
from engine.feel.functions.text import to_string
from engine.feel.invoke import invoke
from engine.feel.limits import Run
from engine.feel.scope import Scope
from engine.feel.types import Type, resolve
from engine.feel.values import Function


def call(build: Builder, node: ast.Call) -> Code:
    arguments = tuple(build.compile(argument) for argument in node.arguments)
    if isinstance(node.function, ast.Name):
        _note_unknown(build, node.function)
        target = reader(build, node.function.name, node.at)
        if _is_plain_built_in(build, node.function.name):
            return _built_in(node, target, arguments)
    else:
        target = build.compile(node.function)

    def run(s: Scope) -> Any:
        function = target(s)
        values = [argument(s) for argument in arguments]
        return invoke(s.run, node.at, function, values, node.names)

    return run


def _note_unknown(build: Builder, function: ast.Name) -> None:
    """A misspelt name is no error of FEEL, only a null: whoever checks texts wants to know."""
    name, known = function.name, build.compilation
    defined = any(name in frame.names for frame in build.frames)
    defined = defined or name in known.functions or name in known.declared
    if not defined and name not in BUILT_INS:
        known.unknown.setdefault(name, function.at)


def _is_plain_built_in(build: Builder, name: str) -> bool:
    shadowed = any(frame.dynamic or name in frame.names for frame in build.frames)
    return (
        name in BUILT_INS and not shadowed
        and name not in build.compilation.declared
        and name not in build.compilation.functions
    )  # fmt: skip


def _built_in(node: ast.Call, target: Code, arguments: tuple[Code, ...]) -> Code:
    assert isinstance(node.function, ast.Name)
    name, names, at = node.function.name, node.names, node.at
    function = BUILT_INS[name].call

    def run(s: Scope) -> Any:
        values = [argument(s) for argument in arguments]
        if name in s.globals:
            return invoke(s.run, at, target(s), values, names)
        return function(s.run, at, values, names)

    return run


def definition(build: Builder, node: ast.FunctionDefinition) -> Code:
    if node.external:
        return lambda s: s.run.null("feel.null.external", node.at)
    parameters = tuple(parameter.name for parameter in node.parameters)
    types = _types(build, node.parameters)
    if types is None:
        return lambda s: s.run.null("feel.null.type", node.at, type=", ".join(parameters))
    code, weight = build.weighed(parameters, node.body)

    def make(s: Scope) -> Function:
        def body(run: Run, values: list[Any]) -> Any:
            run.spend(weight)
            bound = dict(zip(parameters, values, strict=True))
            return code(Scope(bound, s, s.globals, run))

        return Function(
            "", parameters, lambda *values: body(s.run, list(values)), types=types, body=body
        )

    return make


def _types(build: Builder, parameters: list[ast.Parameter]) -> tuple[Type | None, ...] | None:
    found: list[Type | None] = []
    for parameter in parameters:
        wanted = None
        if parameter.type is not None:
            wanted = resolve(parameter.type, build.compilation.types)
            if wanted is None:
                return None
        found.append(wanted)
    return tuple(found) if any(found) else ()


def list_literal(build: Builder, node: ast.ListLiteral) -> Code:
    items = tuple(build.compile(item) for item in node.items)
    if all(isinstance(item, ast.Constant) for item in node.items):
        fixed = [item.value for item in node.items if isinstance(item, ast.Constant)]
        return lambda s: fixed.copy()
    return lambda s: [item(s) for item in items]


def context_literal(build: Builder, node: ast.ContextLiteral) -> Code:
    """Entries see the entries before them; a function among them also sees itself."""
    keys = [key for key, _ in node.entries]
    if len(set(keys)) < len(keys):
        return lambda s: s.run.null("feel.null.keys", node.at)
    entries = [(key, build.inside(keys, value)) for key, value in node.entries]

    def run(s: Scope) -> Any:
        found: dict[str, Any] = {}
        inner = Scope(found, s, s.globals, s.run)
        for key, value in entries:
            found[key] = value(inner)
        return found

    return run


def template(build: Builder, node: ast.Template) -> Code:
    """Text around values; a list is joined by commas, a null makes the whole null."""
    parts = tuple(build.compile(part) for part in node.parts)

    def run(s: Scope) -> Any:
        texts: list[str] = []
        for part in parts:
            value = part(s)
            if value is None:
                return s.run.null("feel.null.template", node.at)
            items = value if isinstance(value, list) else [value]
            texts.append(",".join(to_string(item, s.run) for item in items))
        limits.check_string(sum(map(len, texts)))
        return s.run.written("".join(texts))

    return run


BUILDERS: dict[type[ast.Node], Callable[[Any, Any], Code]] = {
    ast.Call: call,
    ast.FunctionDefinition: definition,
    ast.ListLiteral: list_literal,
    ast.ContextLiteral: context_literal,
    ast.Template: template,
}

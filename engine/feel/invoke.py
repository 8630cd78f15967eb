"""A function value applied to arguments, positional or named (10.3.2.13)."""

from __future__ import annotations

from typing import Any

from engine.feel import limits
from engine.feel.adopt import from_python
from engine.feel.errors import FeelLimitExceeded
from engine.feel.limits import Run
from engine.feel.types import coerce, kind
from engine.feel.values import BuiltIn, Function


def invoke(run: Run, at: int, function: Any, values: list[Any], names: list[str] | None) -> Any:
    """Any value called; null with a reason where it is no function or the arguments do not fit."""
    if isinstance(function, BuiltIn):
        return function.call(run, at, values, names)
    if not isinstance(function, Function):
        return run.null("feel.null.function", at, kind=kind(function))
    bound = _bind(function, values, names)
    if bound is None:
        return run.null("feel.null.arguments", at, name=function.name or "function")
    return apply(run, function, bound, at)


def _bind(function: Function, values: list[Any], names: list[str] | None) -> list[Any] | None:
    parameters = function.parameters
    if names is None:
        missing = len(parameters) - len(values)
        return values + [None] * missing if 0 <= missing <= function.optional else None
    given = dict(zip(names, values, strict=True))
    if len(given) < len(names) or not given.keys() <= set(parameters):
        return None
    return [given.get(parameter) for parameter in parameters]


def apply(run: Run, function: Function, values: list[Any], at: int) -> Any:
    """Runs a function on arguments in the order of its parameters, one level deeper."""
    for index, wanted in enumerate(function.types):
        if wanted is not None:
            values[index], fits = coerce(values[index], wanted)
            if not fits:
                return run.null("feel.null.arguments", at, name=function.name or "function")
    run.depth -= 1
    if run.depth < 0:
        raise FeelLimitExceeded("feel.limit.calls", limit=limits.CALL_DEPTH)
    if function.body is not None:
        result = function.body(run, values)
    else:
        result = from_python(function.call(*values))
    run.depth += 1
    if function.result is None:
        return result
    converted, fits = coerce(result, function.result)
    return converted if fits else run.null("feel.null.result", at, name=function.name)

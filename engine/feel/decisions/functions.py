"""Function values of models: business knowledge, decision services, boxed functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.feel.decisions.conversions import Conversion
from engine.feel.decisions.model import Place
from engine.feel.decisions.trail import Trail
from engine.feel.invoke import invoke
from engine.feel.limits import Run
from engine.feel.values import Function

STEPS_PER_CALL = 20
"""What a call costs of FEEL's budget, beside what the function's body spends."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Name, parameters and result of a function, each brought to its declared type."""

    name: str
    parameters: tuple[Conversion, ...]
    result: Conversion
    place: Place

    def function(self, call: Callable[[dict[str, Any]], Any], trail: Trail) -> Function:
        """`call` receives the arguments by name. An argument of a wrong type makes null."""

        def body(_run: Run, values: list[Any]) -> Any:
            trail.run.spend(STEPS_PER_CALL)
            arguments = self._arguments(values, trail)
            return None if arguments is None else self.result(call(arguments), trail)

        return Function(
            self.name,
            tuple(parameter.name for parameter in self.parameters),
            lambda *values: body(trail.run, list(values)),
            types=tuple(parameter.shape for parameter in self.parameters),
            result=self.result.shape,
            body=body,
        )

    def _arguments(self, values: Sequence[Any], trail: Trail) -> dict[str, Any] | None:
        arguments: dict[str, Any] = {}
        for parameter, value in zip(self.parameters, values, strict=True):
            converted, fits = parameter.convert(value, trail)
            if not fits:
                return None
            arguments[parameter.name] = converted
        return arguments


def call_by_name(function: Any, arguments: Mapping[str, Any], place: Place, trail: Trail) -> Any:
    """A boxed invocation, by FEEL's own rules for named arguments."""
    value = invoke(trail.run, 0, function, list(arguments.values()), list(arguments))
    if trail.run.reasons:
        trail.adopt(place, "")
    return value

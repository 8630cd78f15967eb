"""How a built-in is declared, and how a call finds the signature that it fits (10.3.4).

    @built_in("substring", "string: string, start position: number, length?: number")

A parameter is `name: domain`; `name?` may be left out, `name...` takes the rest. A domain is a
type name, `any` (null included), `point` (any ordered value), or several joined by `|`, with
`null` where null is allowed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, DecimalException
from typing import Any, TypeVar

from engine.feel.limits import LETTERS_READ, Run
from engine.feel.temporal import Date, DateTime, DaysTime, Time, YearsMonths
from engine.feel.values import ORDERED, ZONED, BuiltIn, Function, Range

_CLASSES: dict[str, frozenset[type]] = {
    "number": frozenset((Decimal,)),
    "string": frozenset((str,)),
    "boolean": frozenset((bool,)),
    "list": frozenset((list,)),
    "context": frozenset((dict,)),
    "function": frozenset((Function, BuiltIn)),
    "range": frozenset((Range,)),
    "date": frozenset((Date,)),
    "time": frozenset((Time,)),
    "date and time": frozenset((DateTime,)),
    "days and time duration": frozenset((DaysTime,)),
    "years and months duration": frozenset((YearsMonths,)),
    "point": ORDERED | ZONED,
    "null": frozenset((type(None),)),
}
_ABSENT = object()
CALL = 6  # steps of a call that does nothing


class NoResult(Exception):
    """A built-in outside its domain: null, and why."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    classes: frozenset[type] | None  # None: any value
    optional: bool
    rest: bool


@dataclass(frozen=True, slots=True)
class Signature:
    parameters: tuple[Parameter, ...]
    call: Callable[..., Any]


BUILT_INS: dict[str, BuiltIn] = {}
_SIGNATURES: dict[str, list[Signature]] = {}
F = TypeVar("F", bound=Callable[..., Any])


def built_in(name: str, signature: str) -> Callable[[F], F]:
    """Registers the function below it as one signature of the built-in `name`."""

    def register(call: F) -> F:
        parameters = tuple(_parameter(text) for text in signature.split(", ") if text)
        signatures = _SIGNATURES.setdefault(name, [])
        signatures.append(Signature(parameters, call))
        if name not in BUILT_INS:
            BUILT_INS[name] = BuiltIn(name, _caller(name, signatures))
        return call

    return register


def _parameter(text: str) -> Parameter:
    name, domain = text.split(": ")
    classes = None
    if domain != "any":
        classes = frozenset().union(*(_CLASSES[part] for part in domain.split("|")))
    return Parameter(name.rstrip("?."), classes, name.endswith("?"), name.endswith("..."))


def _caller(
    name: str, signatures: list[Signature]
) -> Callable[[Run, int, list[Any], list[str] | None], Any]:
    def call(run: Run, at: int, values: list[Any], names: list[str] | None) -> Any:
        for signature in signatures:
            bound = _bind(signature.parameters, values, names)
            if bound is None:
                continue
            try:
                run.spend(CALL + _read(bound))
                result = signature.call(run, *bound)
                return run.written(result) if result.__class__ is str else result
            except NoResult as none:
                return run.null(none.code, at, name=name, **none.params)
            except DecimalException:
                return run.null("feel.null.overflow", at, name=name)
        return run.null("feel.null.arguments", at, name=name)

    return call


def _read(values: list[Any]) -> int:
    """Steps for the letters that a built-in goes through."""
    return sum(len(v) // LETTERS_READ for v in values if v.__class__ is str)


def _bind(
    parameters: tuple[Parameter, ...], values: list[Any], names: list[str] | None
) -> list[Any] | None:
    if names is None:
        return _positional(parameters, values)
    given = dict(zip(names, values, strict=True))
    known = {parameter.name for parameter in parameters}
    if len(given) < len(names) or not given.keys() <= known:
        return None
    bound: list[Any] = []
    for parameter in parameters:
        value = given.get(parameter.name, _ABSENT)
        if value is _ABSENT and parameter.optional:
            break  # the implementation's own default
        bound.append(_fit(parameter, None if value is _ABSENT else value))
    return None if _ABSENT in bound else bound


def _positional(parameters: tuple[Parameter, ...], values: list[Any]) -> list[Any] | None:
    bound: list[Any] = []
    for index, value in enumerate(values):
        if index >= len(parameters):
            if not (parameters and parameters[-1].rest):
                return None
            parameter = parameters[-1]
        else:
            parameter = parameters[index]
        fitted = _fit(parameter, value)
        if fitted is _ABSENT:
            return None
        bound.append(fitted)
    required = sum(not parameter.optional for parameter in parameters)
    return bound if len(values) >= required else None


def _fit(parameter: Parameter, value: Any) -> Any:
    """The value, converted where the specification converts; _ABSENT where it is outside."""
    wanted = parameter.classes
    if wanted is None or value.__class__ in wanted:
        return value
    if value is None:
        return _ABSENT
    if list in wanted:
        return [value]
    if isinstance(value, list):
        return _fit(parameter, value[0]) if len(value) == 1 else _ABSENT
    if isinstance(value, Date) and DateTime in wanted:
        return DateTime(value, 0, 0)
    return _ABSENT

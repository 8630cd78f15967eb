"""The lattice of FEEL types: conformance, `instance of`, implicit conversions (10.3.2.9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.feel import ast
from engine.feel.temporal import Date, DateTime, DaysTime, Time, YearsMonths
from engine.feel.values import BuiltIn, Function, Range


@dataclass(frozen=True, slots=True)
class Type:
    """A node of the lattice: a simple type by name, or a constructed one with its parts."""

    name: str
    items: tuple[Type, ...] = ()
    keys: tuple[str, ...] = ()
    result: Type | None = None


ANY = Type("Any")
NULL = Type("Null")
_PYTHON = {
    "number": Decimal, "string": str, "boolean": bool, "date": Date, "time": Time,
    "date and time": DateTime, "days and time duration": DaysTime,
    "years and months duration": YearsMonths,
}  # fmt: skip
_OF_CLASS = {python: Type(name) for name, python in _PYTHON.items()}
# The names that DMN models use for the same types in their typeRefs.
_OTHER_NAMES = {
    "dateTime": "date and time", "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
}  # fmt: skip
TYPE_NAMES = frozenset((*_PYTHON, *_OTHER_NAMES, "Any", "Null"))


def list_of(item: Type) -> Type:
    return Type("list", (item,))


def context_of(entries: Mapping[str, Type]) -> Type:
    return Type("context", tuple(entries.values()), tuple(entries))


def simple(name: str) -> Type | None:
    """The built-in type of that name, None for the name of an item definition."""
    name = _OTHER_NAMES.get(name, name)
    return Type(name) if name in TYPE_NAMES else None


def resolve(node: ast.TypeNode, defined: Mapping[str, Type]) -> Type | None:
    """A type as written to a type; None where a name in it is unknown."""
    if not node.parametric:
        return defined.get(node.name) or simple(node.name)
    items = [resolve(argument, defined) for argument in node.arguments]
    result = resolve(node.result, defined) if node.result else None
    known = tuple(item for item in items if item is not None)
    if len(known) < len(items) or (node.result and result is None):
        return None
    if node.name in ("list", "range") and len(known) != 1:
        return None
    return Type(node.name, known, tuple(node.keys), result)


def type_of(value: Any) -> Type:
    """The type of a value. A function's parameters and result are Any where undeclared."""
    if value is None:
        return NULL
    found = _OF_CLASS.get(value.__class__)
    if found is not None:
        return found
    if isinstance(value, Range):
        return Type("range", (type_of(value.start if value.end is None else value.end),))
    if isinstance(value, Function):
        declared = (*value.types, *([None] * len(value.parameters)))
        types = tuple(t or ANY for t in declared[: len(value.parameters)])
        return Type("function", types, (), value.result or ANY)
    if isinstance(value, BuiltIn):
        return Type("function")
    if isinstance(value, list):
        return list_of(_common(type_of(item) for item in value))
    return Type("context", tuple(type_of(v) for v in value.values()), tuple(value))


def kind(value: Any) -> str:
    """The name of a value's type without its parts, as reasons tell it."""
    if isinstance(value, list | dict):
        return "list" if isinstance(value, list) else "context"
    return type_of(value).name


def _common(types: Iterable[Type]) -> Type:
    found = NULL
    for item in types:
        if conforms(found, item):
            found = item
        elif not conforms(item, found):
            return ANY
    return found


def conforms(given: Type, wanted: Type) -> bool:
    """Whether a value of type `given` may stand where `wanted` is expected."""
    if wanted.name == "Any" or given.name == "Null" or given == wanted:
        return True
    if given.name != wanted.name:
        return False
    match given.name:
        case "list" | "range":
            return conforms(given.items[0], wanted.items[0])
        case "context":
            have = dict(zip(given.keys, given.items, strict=True))
            return all(
                key in have and conforms(have[key], item)
                for key, item in zip(wanted.keys, wanted.items, strict=True)
            )
        case "function":
            return (
                len(given.items) == len(wanted.items)
                and all(conforms(w, g) for g, w in zip(given.items, wanted.items, strict=True))
                and conforms(given.result or ANY, wanted.result or ANY)
            )
    return False


def is_instance(value: Any, wanted: Type) -> bool:
    """The operator `instance of`: null is of type Null only."""
    if value is None:
        return wanted == NULL
    return value_conforms(value, wanted)


def value_conforms(value: Any, wanted: Type) -> bool:
    """Whether a value conforms, without building the type of a large value first."""
    if value is None or wanted.name == "Any":
        return True
    if wanted.name == "list":
        return isinstance(value, list) and all(value_conforms(v, wanted.items[0]) for v in value)
    if wanted.name == "context":
        return isinstance(value, dict) and all(
            key in value and value_conforms(value[key], item)
            for key, item in zip(wanted.keys, wanted.items, strict=True)
        )
    python = _PYTHON.get(wanted.name)
    if python is not None:
        return value.__class__ is python
    return not isinstance(value, list | dict) and conforms(type_of(value), wanted)


def coerce(value: Any, wanted: Type) -> tuple[Any, bool]:
    """The implicit conversions (10.3.2.9.4): the converted value, or None and False.

    To and from a singleton list, from date to date and time at midnight UTC.
    """
    if value_conforms(value, wanted):
        return value, True
    if wanted.name == "list":
        inner, fits = coerce(value, wanted.items[0])
        return ([inner], True) if fits and not isinstance(value, list) else (None, False)
    if isinstance(value, list) and len(value) == 1:
        return coerce(value[0], wanted)
    if wanted.name == "date and time" and isinstance(value, Date):
        return DateTime(value, 0, 0), True
    return None, False

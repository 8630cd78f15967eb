"""A value brought to its declared type: implicit conversions, then the allowed values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.feel.decisions.items import Item
from engine.feel.decisions.model import Place, UnaryTests
from engine.feel.decisions.trail import Trail
from engine.feel.types import ANY, Type, coerce

Check = Callable[[Any, Trail], bool]
Judge = Callable[[UnaryTests], Callable[[Any, dict[str, Any], Trail], bool]]


@dataclass(frozen=True, slots=True)
class Conversion:
    """To the type of one variable, parameter or result. What cannot be converted is null."""

    name: str
    item: Item
    place: Place
    check: Check | None

    @property
    def shape(self) -> Type | None:
        return None if self.item.shape.name == "Any" else self.item.shape

    def __call__(self, value: Any, trail: Trail) -> Any:
        return self.convert(value, trail)[0]

    def convert(self, value: Any, trail: Trail) -> tuple[Any, bool]:
        """The converted value and True; or null and False, the reason kept in the trail."""
        converted, fits = coerce(value, self.item.shape)
        if not fits:
            expected = self.item.shape.name
            trail.null("dmn.type", self.place, variable=self.name, expected=expected)
            return None, False
        if self.check is not None and not self.check(converted, trail):
            trail.null("dmn.not_allowed", self.place, variable=self.name)
            return None, False
        return converted, True


def completed(value: Any, wanted: Type) -> Any:
    """An input with the components that were left out as nulls, where `wanted` has them."""
    if isinstance(value, Mapping) and wanted.name == "context":
        types = dict(zip(wanted.keys, wanted.items, strict=True))
        given = {name: completed(value[name], types.get(name, ANY)) for name in value}
        return {**given, **{name: None for name in types if name not in given}}
    if isinstance(value, list) and wanted.name == "list" and wanted.items:
        return [completed(item, wanted.items[0]) for item in value]
    return value


def check_of(item: Item, judge: Judge, made: dict[int, Check | None]) -> Check | None:
    """A check of every constraint in the type; None where it has none. Null is always allowed.

    `made` keeps the checks of the types seen before: types share parts.
    """
    if not item.is_constrained:
        return None
    if id(item) not in made:
        made[id(item)] = _check(item, judge, made)
    return made[id(item)]


def _check(item: Item, judge: Judge, made: dict[int, Check | None]) -> Check:
    tests = [judge(constraint) for constraint in item.constraints]
    element = check_of(item.element, judge, made) if item.element else None
    parts = {name: check_of(part, judge, made) for name, part in item.parts.items()}

    def check(value: Any, trail: Trail) -> bool:
        if value is None:
            return True
        return (
            all(test(value, {}, trail) for test in tests)
            and (element is None or all(element(one, trail) for one in value))
            and _check_parts(parts, value, trail)
        )

    return check


def _check_parts(
    parts: Mapping[str, Check | None], value: Mapping[str, Any] | Sequence[Any], trail: Trail
) -> bool:
    if not isinstance(value, Mapping):
        return True
    return all(check is None or check(value.get(name), trail) for name, check in parts.items())

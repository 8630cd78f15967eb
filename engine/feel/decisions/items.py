"""Item definitions as FEEL types with the values they allow (DMN 1.5, 7.3.2 and 10.3.2.9)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.feel.decisions.model import (
    Definitions,
    FunctionItem,
    ItemDefinition,
    TypeRef,
    UnaryTests,
)
from engine.feel.errors import FeelLimitExceeded, FeelSyntaxError
from engine.feel.parser import Parser
from engine.feel.types import ANY, Type, context_of, list_of, resolve, simple

# What Camunda and other tools write beside FEEL's own names.
OTHER_NAMES = {
    "integer": Type("number"),
    "long": Type("number"),
    "double": Type("number"),
    "context": Type("context"),
    "list": list_of(ANY),
    "function": ANY,
}


@dataclass(frozen=True, slots=True)
class Item:
    """A type and its constraints: of the whole, of the elements, of the components."""

    shape: Type
    constraints: tuple[UnaryTests, ...] = ()
    element: Item | None = None
    parts: Mapping[str, Item] = field(default_factory=dict)
    is_constrained: bool = field(init=False)
    """Here or anywhere below. Known once: types share parts, walks over all would explode."""

    def __post_init__(self) -> None:
        below = (self.element, *self.parts.values())
        constrained = bool(self.constraints) or any(one and one.is_constrained for one in below)
        object.__setattr__(self, "is_constrained", constrained)


ANYTHING = Item(ANY)


class ItemTypes:
    """The types of one model, those of its imports under the imports' names."""

    def __init__(self, definitions: Definitions, imported: Mapping[str, ItemTypes]) -> None:
        self._written = {item.name: item for item in definitions.items}
        self._imported = imported
        self.namespace = definitions.namespace
        self._resolved: dict[str, Item] = {}
        self._open: set[str] = set()
        self._own = {name: self.named(name).shape for name in self._written}
        self.shapes: dict[str, Type] = {**dict(self._imported_shapes()), **self._own}
        own = (name for item in definitions.items for name in _component_names(item))
        self.words: frozenset[str] = frozenset(own).union(
            *(types.words for types in imported.values())
        )
        """The names of all components, own and imported: what may follow a dot."""

    def _imported_shapes(self) -> Iterator[tuple[str, Type]]:
        """FEEL's view of imported types: prefixed by the import's name where it has one."""
        for prefix, types in self._imported.items():
            for name, shape in types._own.items():
                yield (f"{prefix}.{name}" if prefix else name), shape

    def find(self, reference: TypeRef | None) -> Item | None:
        """The type that is referred to; None where there is no such type."""
        if reference is None:
            return ANYTHING
        if reference.namespace is not None:
            homes = (t for t in self._imported.values() if t.namespace == reference.namespace)
            home = next(homes, None)
            return home.find(TypeRef(reference.name)) if home else None
        return self._find(reference.name)

    def _find(self, name: str) -> Item | None:
        if name in self._written:
            return self.named(name)
        shape = simple(name) or OTHER_NAMES.get(name) or self._constructed(name)
        if shape is not None:
            return Item(shape)
        for prefix, types in self._imported.items():
            if prefix and name.startswith(f"{prefix}."):
                return types.find(TypeRef(name.removeprefix(f"{prefix}.")))
        return self._imported[""].find(TypeRef(name)) if "" in self._imported else None

    def _constructed(self, name: str) -> Type | None:
        """`list<number>` and its like, which FEEL can read."""
        if "<" not in name:
            return None
        try:
            node = Parser(name, self._written, (), None).type()
        except (FeelSyntaxError, FeelLimitExceeded):
            return None
        return resolve(node, {written: self.named(written).shape for written in self._written})

    def named(self, name: str) -> Item:
        """An own item definition; where it contains itself, the inner one is anything."""
        if name not in self._resolved:
            if name in self._open:
                return ANYTHING
            self._open.add(name)
            self._resolved[name] = self._resolve(self._written[name])
            self._open.discard(name)
        return self._resolved[name]

    def _resolve(self, written: ItemDefinition) -> Item:
        single = self._restricted(self._single(written), written.allowed)
        if not written.is_collection:
            return self._restricted(single, written.constraint)
        whole = Item(list_of(single.shape), (), single)
        return self._restricted(whole, written.constraint)

    def _single(self, written: ItemDefinition) -> Item:
        if written.function is not None:
            return Item(self._function(written.function))
        if written.components:
            parts = {part.name: self._resolve(part) for part in written.components}
            return Item(context_of({n: p.shape for n, p in parts.items()}), (), None, parts)
        return self.find(written.type) or ANYTHING

    def _function(self, written: FunctionItem) -> Type:
        parameters = tuple(self.shape(one.type) for one in written.parameters)
        return Type("function", parameters, (), self.shape(written.result))

    def shape(self, reference: TypeRef | None) -> Type:
        """FEEL's view of a type; anything where there is no such type."""
        return (self.find(reference) or ANYTHING).shape

    @staticmethod
    def _restricted(item: Item, tests: UnaryTests | None) -> Item:
        if tests is None:
            return item
        return Item(item.shape, (*item.constraints, tests), item.element, item.parts)


def _component_names(item: ItemDefinition) -> Iterator[str]:
    for component in item.components:
        yield component.name
        yield from _component_names(component)

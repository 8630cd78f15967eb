"""A DMN element as the reader sees it: names without prefixes, texts trimmed, its place kept.

The tree comes from `engine.xml.parse_xml`; this module asks of it only what `XmlElement`
lists, so nothing here depends on the library that built it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from engine.errors import Refusal
from engine.feel.decisions.model import Place, Typed, TypeRef, UnaryTests

MODEL_NAMESPACES = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}
CAMUNDA = "http://camunda.org/schema/1.0/dmn"


class XmlElement(Protocol):
    """What is asked of an element of the parsed tree."""

    @property
    def tag(self) -> Any: ...
    @property
    def text(self) -> str | None: ...
    @property
    def tail(self) -> str | None: ...
    @property
    def sourceline(self) -> int | None: ...
    @property
    def nsmap(self) -> Mapping[Any, str]: ...
    def get(self, key: str, /) -> str | None: ...
    def __iter__(self) -> Iterator[Any]: ...


def normal_name(written: str) -> str:
    """A FEEL name: the amount of white space inside it carries no meaning (DMN 10.3.1.3)."""
    return " ".join(written.split())


def is_feel_namespace(namespace: str) -> bool:
    return "/FEEL" in namespace.upper()


@dataclass(frozen=True, slots=True)
class Markup:
    """One element of a DMN namespace; children of other namespaces are not seen."""

    xml: XmlElement
    file: str
    own_namespace: str
    owner: str | None = None
    """The name of the nearest element above that has one: what an analyst knows it by."""

    @property
    def kind(self) -> str:
        return str(self.xml.tag).rpartition("}")[2]

    @property
    def place(self) -> Place:
        return Place(self.file, self.xml.sourceline, self.kind, self.attribute("id"), self.known_as)

    @property
    def known_as(self) -> str | None:
        return self.attribute("name") or self.attribute("label") or self.owner

    def attribute(self, name: str) -> str | None:
        value = self.xml.get(name)
        return value.strip() if value is not None and value.strip() else None

    def camunda(self, name: str) -> str | None:
        return self.xml.get(f"{{{CAMUNDA}}}{name}")

    def camunda_properties(self) -> dict[str, str]:
        """What stands in `extensionElements` as `camunda:properties`."""
        extended = self.child("extensionElements")
        if extended is None:
            return {}
        listed = (home for home in extended.xml if home.tag == f"{{{CAMUNDA}}}properties")
        return {
            one.get("name") or "": one.get("value") or ""
            for home in listed
            for one in home
            if one.tag == f"{{{CAMUNDA}}}property"
        }

    def children(self, *kinds: str) -> Iterator[Markup]:
        """Child elements of DMN, of `kinds` only when any are given."""
        for child in self.xml:
            if not isinstance(child.tag, str):
                continue  # a comment
            namespace, _, kind = child.tag[1:].rpartition("}")
            if namespace in MODEL_NAMESPACES and (not kinds or kind in kinds):
                yield Markup(child, self.file, self.own_namespace, self.known_as)

    def child(self, *kinds: str) -> Markup | None:
        return next(self.children(*kinds), None)

    def need(self, kind: str) -> Markup:
        found = self.child(kind)
        if found is None:
            raise self.refusal("dmn.child_missing", expected=kind)
        return found

    def content(self) -> str:
        """The text of this element; comments inside it are no part of it."""
        return (self.xml.text or "") + "".join(child.tail or "" for child in self.xml)

    def text(self) -> str:
        """The content of the child `text`, without the white space around it."""
        found = self.child("text")
        return found.content().strip() if found is not None else ""

    def tests(self, kind: str) -> UnaryTests | None:
        """The allowed values in the child `kind`; an empty list restricts nothing."""
        found = self.child(kind)
        return UnaryTests(found.place, found.text()) if found and found.text() else None

    def name(self) -> str:
        written = self.attribute("name")
        if written is None:
            raise self.refusal("dmn.attribute_missing", expected="name")
        return normal_name(written)

    def identity(self) -> str:
        """What references point at: the id, or the name of an element without one."""
        return self.attribute("id") or self.name()

    def type(self) -> TypeRef | None:
        """The type of the attribute or child `typeRef`; a prefix is resolved to its namespace."""
        written = self.attribute("typeRef")
        child = self.child("typeRef")
        if written is None and child is not None:
            written = child.content()
        if written is None or not written.strip():
            return None
        return self.resolve_type(written)

    def resolve_type(self, written: str) -> TypeRef:
        written = normal_name(written)
        prefix, colon, local = written.partition(":")
        namespace = self.xml.nsmap.get(prefix) if colon else None
        if namespace is None:
            return TypeRef(local if colon and prefix == "feel" else written)
        if is_feel_namespace(namespace):
            return TypeRef(local)
        return TypeRef(local, None if namespace == self.own_namespace else namespace)

    def typed(self) -> Typed:
        return Typed(self.name(), self.type())

    def refusal(self, code: str, **params: object) -> Refusal:
        return Refusal(code, **self.place.params(), **params)

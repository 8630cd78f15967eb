"""Field groups written out where a form includes them, with the changes the form asks for."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from pathlib import PurePosixPath
from typing import Any

from forms.schema.faults import Component, Faults
from forms.schema.reading import Unreadable, read

NESTING = 4
CLAUSES = "legal.clause"
"""The one property with a point in its name that is no change of an included field."""
_ATTRIBUTES = ("label", "description", "defaultValue")


class Groups:
    """The group files of a deployment by id (`FG-PERSON`), each read once."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.content = {_id(name): content for name, content in files.items()}
        self._documents: dict[str, dict[str, Any]] = {}

    def __contains__(self, group: object) -> bool:
        return group in self.content

    def components(self, group: str) -> list[Component]:
        """A fresh copy of the group's components; raises Unreadable."""
        if group not in self._documents:
            self._documents[group] = read(self.content[group])
        return deepcopy(components_of(self._documents[group]))


def _id(name: str) -> str:
    path = PurePosixPath(name)
    return path.stem if path.suffix == ".form" else path.name


def components_of(parent: dict[str, Any]) -> list[Component]:
    """The well-formed child components; what is not an object is left to the parser to refuse."""
    children = parent.get("components")
    return [c for c in children if isinstance(c, dict)] if isinstance(children, list) else []


def included(component: Component) -> str:
    """The group a component includes, or an empty string."""
    return str(properties_of(component).get("include") or "")


def properties_of(component: Component) -> dict[str, Any]:
    """Its properties; anything but an object counts as none."""
    properties = component.get("properties")
    return properties if isinstance(properties, dict) else {}


def write_out(document: dict[str, Any], groups: Groups, faults: Faults) -> dict[str, Any]:
    """A copy of `document` with every include replaced by its group's components."""
    expanded = deepcopy(document)
    _expand(expanded, groups, faults, ())
    return expanded


def _expand(parent: dict[str, Any], groups: Groups, faults: Faults, above: tuple[str, ...]) -> None:
    for component in components_of(parent):
        group = included(component)
        if not group:
            _expand(component, groups, faults, above)
        elif _may_include(component, group, groups, faults, above):
            _fill(component, group, groups, faults)
            with faults.inside(f"{group}.form", groups.content[group]):
                _expand(component, groups, faults, (*above, group))


def _may_include(
    component: Component, group: str, groups: Groups, faults: Faults, above: tuple[str, ...]
) -> bool:
    if component.get("type") != "group":
        faults.add("form.include_type", component, found=str(component.get("type")))
    elif group not in groups:
        faults.add("form.include_unknown", component, found=group, expected=sorted(groups.content))
    elif group in above or len(above) >= NESTING:
        faults.add("form.include_cycle", component, found=" → ".join((*above, group)))
    else:
        return True
    return False


def _fill(component: Component, group: str, groups: Groups, faults: Faults) -> None:
    try:
        children = groups.components(group)
    except Unreadable as error:
        with faults.inside(f"{group}.form", groups.content[group]):
            faults.add_unreadable(error)
        children = []
    component["components"] = _changed(component, children, faults)


def _changed(component: Component, children: list[Component], faults: Faults) -> list[Component]:
    """The children after the including component's `<field>.<name>` properties."""
    by_key = {c.get("key") or c.get("path"): c for c in children}
    omitted = set()
    for name, value in properties_of(component).items():
        key, point, mark = name.partition(".")
        if not point or name == CLAUSES:
            continue
        if key not in by_key:
            faults.add("form.override_unknown", component, property=name, expected=list(by_key))
        elif mark == "omit":
            omitted.add(key if value == "true" else None)
        else:
            _change(by_key[key], mark, value)
    return [c for c in children if (c.get("key") or c.get("path")) not in omitted]


def _change(child: Component, mark: str, value: Any) -> None:
    if mark == "required":
        child["validate"] = {**(child.get("validate") or {}), "required": value == "true"}
    elif mark == "readonly":
        child["readonly"] = value == "true"
    elif mark in _ATTRIBUTES:
        name = "dateLabel" if mark == "label" and child.get("type") == "datetime" else mark
        child[name] = value
    else:
        child["properties"] = {**properties_of(child), mark: value}

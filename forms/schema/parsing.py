"""Expanded form-js components to the model; everything that does not fit is complained of."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import orjson

from forms.schema import attributes
from forms.schema.faults import Component, Faults
from forms.schema.including import Groups, components_of, included
from forms.schema.marks import read_marks
from forms.schema.model import Note, Part, Question, Rows, Schema, Section
from forms.schema.reading import COMPONENTS

KINDS = {
    "textfield": "text", "textarea": "textarea", "number": "integer", "datetime": "date",
    "select": "select", "radio": "radio", "checklist": "checklist", "checkbox": "checkbox",
    "filepicker": "file",
}  # fmt: skip
NOTES = ("text", "separator", "spacer")
TYPES = (*KINDS, *NOTES, "group", "dynamiclist")
# A control of the editor's preview; the page brings its own.
IGNORED = ("button",)
_KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
# `row_id` is the server's own.
RESERVED = frozenset(("row_id",))
_FORM_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,79}")


@dataclass(frozen=True, slots=True)
class Level:
    """Where the parser stands: the names taken on this level, the prefix of case-file keys."""

    keys: set[str]
    case_prefix: str
    in_rows: bool = False


class Parser:
    """One expanded form."""

    def __init__(self, faults: Faults, groups: Groups | None = None) -> None:
        self.faults = faults
        self.groups = groups
        self.count = 0

    def schema(self, document: dict[str, Any]) -> Schema:
        """The whole form."""
        form_id = document.get("id")
        if not isinstance(form_id, str) or not _FORM_ID.fullmatch(form_id):
            self.faults.add("form.id", found=str(form_id)[:80])
            form_id = "form"
        parts = self.parts(document, Level(set(), form_id))
        return Schema(form_id, parts, digest(document))

    def parts(self, parent: dict[str, Any], level: Level) -> tuple[Part, ...]:
        """The children of a form, a section or a row."""
        children = parent.get("components", [])
        if not isinstance(children, list) or len(components_of(parent)) != len(children):
            self.faults.add("form.components", parent)
        parts = [self.part(child, level) for child in components_of(parent)]
        return tuple(part for part in parts if part is not None)

    def part(self, component: Component, level: Level) -> Part | None:
        self.count += 1
        if self.count == COMPONENTS + 1:
            self.faults.add("form.too_many", expected=COMPONENTS)
        kind = component.get("type")
        if kind in IGNORED or self.count > COMPONENTS:
            return None
        if kind not in TYPES:
            self.faults.add("form.type", component, found=str(kind)[:40], expected=TYPES)
            return None
        self._check_id(component)
        match kind:
            case "group":
                return self.section(component, level)
            case "dynamiclist":
                return self.rows(component, level)
            case "text" | "separator" | "spacer":
                return self.note(component)
        return self.question(component, level)

    def _check_id(self, component: Component) -> None:
        component_id = component.get("id")
        if not isinstance(component_id, str) or not component_id:
            self.faults.add("form.component_id", component)

    def note(self, component: Component) -> Note:
        text = component.get("text")
        marks = read_marks(component, "", self.faults)
        return Note(_id(component), text if isinstance(text, str) else "", marks)

    def section(self, component: Component, level: Level) -> Section:
        key = component.get("path") or ""
        group = included(component)
        if key:
            key = self._key(component, "path", level)
        inner = replace(
            level,
            keys=set() if key else level.keys,
            case_prefix=_prefix(level.case_prefix, group, key),
        )
        marks = read_marks(component, key, self.faults)
        return Section(
            _id(component),
            key,
            attributes.label(component),
            self._inside(component, group, inner),
            group,
            marks,
            component.get("showOutline", True) is not False,
        )

    def _inside(self, component: Component, group: str, level: Level) -> tuple[Part, ...]:
        if not group or self.groups is None or group not in self.groups:
            return self.parts(component, level)
        with self.faults.inside(f"{group}.form", self.groups.content[group]):
            return self.parts(component, level)

    def rows(self, component: Component, level: Level) -> Rows:
        if level.in_rows:
            self.faults.add("form.rows_in_rows", component)
        key = self._key(component, "path", level)
        case_key = f"{level.case_prefix}.{key}"
        initial = component.get("defaultRepetitions", 1)
        rows = Rows(
            _id(component),
            key,
            attributes.label(component),
            case_key,
            self.parts(component, Level(set(), case_key, in_rows=True)),
            attributes.text(component, "description", self.faults),
            read_marks(component, key, self.faults),
            initial if isinstance(initial, int) and 0 <= initial <= 20 else 1,
            component.get("readonly") is True or component.get("allowAddRemove") is False,
        )
        self._check_rows(component, rows)
        return rows

    def _check_rows(self, component: Component, rows: Rows) -> None:
        keys = [part.key for part in rows.parts if isinstance(part, Question)]
        if rows.marks.distinct and rows.marks.distinct not in keys:
            self.faults.add("form.distinct", component, found=rows.marks.distinct, expected=keys)

    def question(self, component: Component, level: Level) -> Question:
        key = self._key(component, "key", level)
        reader = attributes.Attributes(component, key, self.faults)
        return reader.question(KINDS[component["type"]], f"{level.case_prefix}.{key}")

    def _key(self, component: Component, attribute: str, level: Level) -> str:
        key = component.get(attribute)
        if not isinstance(key, str) or not _KEY.fullmatch(key) or key in RESERVED:
            self.faults.add("form.key", component, attribute=attribute, found=str(key)[:60])
            return _id(component)
        if key in level.keys:
            self.faults.add("form.key_twice", component, found=key)
        level.keys.add(key)
        return key


def _prefix(outer: str, group: str, key: str) -> str:
    """The case-file prefix inside a section: the included group's own, else one level deeper."""
    return ".".join(part for part in (group or outer, key) if part)


def _id(component: Component) -> str:
    return str(component.get("id") or component.get("key") or component.get("path") or "component")


def digest(document: dict[str, Any]) -> str:
    """What identifies the content of an expanded form."""
    content = {name: value for name, value in document.items() if name != "digest"}
    return sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()

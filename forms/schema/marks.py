"""The properties of a component, checked by name and value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import LiandongError
from engine.feel import FeelSyntaxError
from forms.conditions import Condition, condition
from forms.schema.faults import Component, Faults
from forms.schema.including import CLAUSES, properties_of
from forms.schema.model import Marks
from forms.validators import VALIDATORS

CONDITIONS = ("visible_if", "required_if", "valid_if", "warn_if", "default")
TEXTS = (
    "invalid_text", "warn_text", "from", "include", "validator", "routing", "index", "distinct",
    CLAUSES,
)  # fmt: skip
FLAGS = ("happened", "boolean", "fresh")
COUNTS = ("min_count", "max_count")
KNOWN = frozenset((*CONDITIONS, *TEXTS, *FLAGS, *COUNTS))
_TOLD_OF_FEEL = ("column", "expected", "found", "limit")
_TEXT_TOLD = 200
_NEEDED_TEXT = {"valid_if": "invalid_text", "warn_if": "warn_text"}


def read_marks(component: Component, key: str, faults: Faults) -> Marks:
    """The marks of `component`; whatever is wrong with them goes to `faults`."""
    properties = properties_of(component)
    _refuse_unknown(component, properties, faults)
    conditions = {name: _condition(component, name, properties, faults) for name in CONDITIONS}
    _need_texts(component, properties, faults)
    return Marks(
        **conditions,
        hide=_hide(component, faults),
        invalid_text=_text(properties, "invalid_text"),
        warn_text=_text(properties, "warn_text"),
        source=_text(properties, "from"),
        validators=_validators(component, properties, faults),
        routing=_named(properties, "routing", key),
        index=_named(properties, "index", key),
        happened=properties.get("happened") == "true",
        boolean=properties.get("boolean") == "true",
        fresh=properties.get("fresh") == "true",
        min_count=_count(component, properties, "min_count", 0, faults),
        max_count=_count(component, properties, "max_count", 50, faults),
        distinct=_text(properties, "distinct"),
        clauses=_listed(properties, CLAUSES),
    )


def _refuse_unknown(component: Component, properties: Mapping[str, Any], faults: Faults) -> None:
    if not isinstance(component.get("properties", {}), dict):
        faults.add("form.properties", component, found=type(component["properties"]).__name__)
    for name, value in properties.items():
        override = "." in name and name != CLAUSES and "include" in properties
        if name not in KNOWN and not override:
            faults.add("form.property_unknown", component, property=name, expected=sorted(KNOWN))
        elif not isinstance(value, str):
            faults.add("form.property_text", component, property=name, found=type(value).__name__)
        elif name in FLAGS and value not in ("true", "false"):
            faults.add("form.property_flag", component, property=name, found=value)


def _need_texts(component: Component, properties: Mapping[str, Any], faults: Faults) -> None:
    for name, text in _NEEDED_TEXT.items():
        if name in properties and not properties.get(text):
            faults.add("form.text_missing", component, property=name, expected=text)


def _condition(
    component: Component, name: str, properties: Mapping[str, Any], faults: Faults
) -> Condition | None:
    value = properties.get(name)
    return prepared(component, name, value, faults) if isinstance(value, str) else None


def _hide(component: Component, faults: Faults) -> Condition | None:
    conditional = component.get("conditional")
    value = conditional.get("hide") if isinstance(conditional, dict) else None
    return prepared(component, "conditional.hide", value, faults) if value else None


def prepared(component: Component, name: str, text: Any, faults: Faults) -> Condition | None:
    """The FEEL text as a condition; a text that is no FEEL is complained of."""
    if not isinstance(text, str):
        faults.add("form.property_text", component, property=name, found=type(text).__name__)
        return None
    try:
        return condition(text)
    except LiandongError as error:
        syntax = isinstance(error, FeelSyntaxError)
        code = "form.feel" if syntax else "form.feel_limit"
        params = {k: v for k, v in error.params.items() if k in _TOLD_OF_FEEL}
        faults.add(code, component, property=name, text=text[:_TEXT_TOLD], **params)
        return None


def _validators(
    component: Component, properties: Mapping[str, Any], faults: Faults
) -> tuple[str, ...]:
    names = [name.strip() for name in _text(properties, "validator").split("|") if name.strip()]
    for name in names:
        if name not in VALIDATORS:
            faults.add("form.validator_unknown", component, found=name, expected=sorted(VALIDATORS))
    return tuple(names)


def _text(properties: Mapping[str, Any], name: str) -> str:
    value = properties.get(name, "")
    return value if isinstance(value, str) else ""


def _listed(properties: Mapping[str, Any], name: str) -> tuple[str, ...]:
    parts = (part.strip() for part in _text(properties, name).split(","))
    return tuple(part for part in parts if part)


def _named(properties: Mapping[str, Any], name: str, key: str) -> str:
    """`true` stands for the component's own key."""
    value = _text(properties, name)
    return "" if value == "false" else key if value == "true" else value


def _count(
    component: Component, properties: Mapping[str, Any], name: str, default: int, faults: Faults
) -> int:
    value = _text(properties, name)
    if not value:
        return default
    if not (value.isascii() and value.isdigit() and int(value) <= 500):
        faults.add("form.property_count", component, property=name, found=value)
        return default
    return int(value)

"""The attributes of one field: label, limits, options, decimals."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

import regex

from forms.schema.faults import Component, Faults
from forms.schema.marks import prepared, read_marks
from forms.schema.model import Kind, Limits, Marks, Option, Place, Question
from forms.schema.reading import OPTIONS
from forms.validators import ON_MOMENTS, PERSONAL, VALIDATORS

_SUBTYPES = ("date", "time", "datetime")
_FILE_TYPES = (".pdf", ".ofd", ".jpg", ".jpeg", ".png")
# Only where a form asks for it by name: a list that the engine reads.
_ACCEPTED = (*_FILE_TYPES, ".csv")
_LENGTHS = {"text": 500, "textarea": 10_000}
_CHOICES = ("select", "radio", "checklist")
# A variable is a code, an id, a flag or an instant; these may hold anything, so no variable.
_NEVER_ROUTED = ("textarea", "file")


def label(component: Component) -> str:
    """`label`, or what form-js calls the label of a date."""
    for name in ("label", "dateLabel", "timeLabel"):
        if isinstance(value := component.get(name), str) and value:
            return value
    return ""


def text(component: Component, name: str, faults: Faults) -> str:
    value = component.get(name)
    if value is not None and not isinstance(value, str):
        faults.add("form.attribute", component, attribute=name, found=type(value).__name__)
    return value if isinstance(value, str) else ""


class Attributes:
    """Reads one field component."""

    def __init__(self, component: Component, key: str, faults: Faults) -> None:
        self.component = component
        self.key = key
        self.faults = faults

    def question(self, kind: str, case_key: str) -> Question:
        component, faults = self.component, self.faults
        exact = self._kind(kind)
        marks = read_marks(component, self.key, faults)
        if not label(component):
            faults.add("form.label", component)
        self._check_marks(exact, marks)
        return Question(
            id=str(component.get("id") or self.key),
            key=self.key,
            kind=exact,
            label=label(component),
            case_key=case_key,
            help=text(component, "description", faults),
            marks=marks,
            limits=self._limits(exact),
            place=place(component),
            options=self._options(exact),
            options_from=text(component, "valuesKey", faults),
            options_if=self._options_expression(),
            decimals=self._decimals(),
            suffix=self._suffix(),
            initial=component.get("defaultValue"),
            readonly=component.get("readonly") is True or component.get("disabled") is True,
            multiple=component.get("multiple") is True,
            accept=self._accept() if exact == "file" else (),
        )

    def _kind(self, kind: str) -> Kind:
        if kind == "date":
            subtype = self.component.get("subtype", "date")
            if subtype not in _SUBTYPES:
                self._complain("subtype", subtype, _SUBTYPES)
            return subtype if subtype in _SUBTYPES else "date"
        if kind == "integer" and self._decimals():
            return "decimal"
        return kind  # type: ignore[return-value]

    def _check_marks(self, kind: str, marks: Marks) -> None:
        personal = any(name in PERSONAL for name in marks.validators)
        if marks.routing and (kind in _NEVER_ROUTED or personal):
            self.faults.add("form.routing_personal", self.component)
        for name in marks.validators:
            self._check_validator(kind, name)
        if marks.happened and kind != "datetime":
            self.faults.add("form.happened", self.component, found=kind)
        if marks.boolean and kind not in ("radio", "select"):
            self.faults.add("form.boolean", self.component, found=kind)

    def _check_validator(self, kind: str, name: str) -> None:
        fits = ("date", "datetime") if name in ON_MOMENTS else ("text",)
        if name in VALIDATORS and kind not in fits:
            self.faults.add("form.validator_kind", self.component, found=name, kind=kind)

    def _complain(self, attribute: str, found: Any, expected: Any) -> None:
        self.faults.add(
            "form.attribute",
            self.component,
            attribute=attribute,
            found=str(found)[:60],
            expected=expected,
        )

    def _decimals(self) -> int:
        value = self.component.get("decimalDigits")
        if value is None:
            return 0
        if not isinstance(value, int) or not 0 <= value <= 6:
            self._complain("decimalDigits", value, "0–6")
            return 0
        return value

    def _suffix(self) -> str:
        appearance = self.component.get("appearance")
        suffix = appearance.get("suffixAdorner") if isinstance(appearance, dict) else ""
        return suffix if isinstance(suffix, str) else ""

    def _accept(self) -> tuple[str, ...]:
        written = text(self.component, "accept", self.faults)
        types = tuple(part.strip().lower() for part in written.split(",") if part.strip())
        for unknown in set(types) - set(_ACCEPTED):
            self._complain("accept", unknown, _ACCEPTED)
        return types or _FILE_TYPES

    # -- validate ---------------------------------------------------------------------------

    def _limits(self, kind: str) -> Limits:
        validate = self.component.get("validate") or {}
        if not isinstance(validate, dict):
            self._complain("validate", type(validate).__name__, "object")
            validate = {}
        return Limits(
            required=validate.get("required") is True,
            min_length=self._length(validate, "minLength", 0),
            max_length=self._length(validate, "maxLength", _LENGTHS.get(kind, 500)),
            min=self._number(validate, "min"),
            max=self._number(validate, "max"),
            pattern=self._pattern(validate),
            pattern_text=str(validate.get("patternErrorMessage") or ""),
        )

    def _length(self, validate: dict[str, Any], name: str, default: int) -> int:
        value = validate.get(name, default)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 10_000:
            self._complain(f"validate.{name}", value, "0–10000")
            return default
        return value

    def _number(self, validate: dict[str, Any], name: str) -> Decimal | None:
        value = validate.get(name)
        if value is None:
            return None
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            self._complain(f"validate.{name}", value, "number")
            return None
        return number

    def _pattern(self, validate: dict[str, Any]) -> str:
        pattern = validate.get("pattern") or ""
        try:
            regex.compile(pattern)
        except (regex.error, TypeError) as error:
            self._complain("validate.pattern", str(error), "regular expression")
            return ""
        return str(pattern)

    # -- options ----------------------------------------------------------------------------

    def _options(self, kind: str) -> tuple[Option, ...]:
        values = self.component.get("values")
        if kind not in _CHOICES:
            return ()
        if values is None and self._dynamic():
            return ()
        if not isinstance(values, list) or not 1 <= len(values) <= OPTIONS:
            self._complain("values", "", f"1–{OPTIONS}")
            return ()
        options = tuple(option for value in values if (option := self._option(value)))
        if len({option.value for option in options}) != len(options):
            self._complain("values", "", "unique")
        self._check_initial(options)
        return options

    def _dynamic(self) -> bool:
        return bool(self.component.get("valuesKey") or self.component.get("valuesExpression"))

    def _option(self, value: Any) -> Option | None:
        if isinstance(value, dict) and isinstance(value.get("value"), str) and value["value"]:
            return Option(value["value"], str(value.get("label") or value["value"]))
        self._complain("values", value, '{"label", "value"}')
        return None

    def _check_initial(self, options: tuple[Option, ...]) -> None:
        initial = self.component.get("defaultValue")
        chosen = initial if isinstance(initial, list) else [initial] if initial else []
        known = [option.value for option in options]
        for value in chosen:
            if value not in known:
                self._complain("defaultValue", value, known)

    def _options_expression(self) -> Any:
        written = self.component.get("valuesExpression")
        if not written:
            return None
        return prepared(self.component, "valuesExpression", written, self.faults)


def place(component: Component) -> Place:
    """form-js lays out on 16 columns, the page on 12."""
    layout = component.get("layout")
    if not isinstance(layout, dict):
        return Place()
    columns = layout.get("columns")
    width = round(columns * 12 / 16) if isinstance(columns, int) and 1 <= columns <= 16 else 12
    row = layout.get("row")
    return Place(row if isinstance(row, str) else "", max(width, 1))

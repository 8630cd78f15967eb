"""A form in somebody's hands: opened blank, from a draft or from a request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from werkzeug.datastructures import MultiDict

from engine.ports import FieldError, Validated
from forms.arriving import start_new
from forms.classes import form_class
from forms.context import FormSettings
from forms.entering import entered, number_rows, sorted_out
from forms.fields import RowsField
from forms.levels import LevelForm
from forms.outcome import outcome
from forms.prefill import initial
from forms.readonly import hold
from forms.schema.model import Option, Schema

NO_SETTINGS = FormSettings()


class OpenForm:
    """One form at one instant; everything is settled when it has been made.

    `flat`: the typing by flat names (a request's form, a draft), or None for a form not yet
    touched, which is prefilled from `scope`. `extra`: errors found before (uploads).
    """

    def __init__(
        self,
        schema: Schema,
        scope: Mapping[str, Any],
        now: datetime,
        settings: FormSettings = NO_SETTINGS,
        *,
        flat: MultiDict[str, Any] | None = None,
        extra: Iterable[FieldError] = (),
    ) -> None:
        self.schema, self.scope, self.now = schema, scope, now
        self.extra = list(extra)
        self._sent = set(flat) if flat is not None else None
        known = initial(schema, scope, now)
        self.form = self._bound(flat, known)
        _fill_up(self.form)
        number_rows(self.form)
        self.form.settle(scope, now, settings)
        _offer(self.form)

    def _bound(self, flat: MultiDict[str, Any] | None, known: Mapping[str, Any]) -> LevelForm:
        """The form with what was typed, or with what is known to begin with."""
        if flat is None:
            return form_class(self.schema)(data=known)
        asked, strangers = sorted_out(self.schema, flat)
        self.extra += strangers
        form = form_class(self.schema)(formdata=asked)
        hold(form, known)
        return form

    def validate(self) -> bool:
        """Check every shown field; `errors` and `warnings` tell the outcome."""
        return self.form.validate() and not self.extra

    def start_new(self) -> None:
        """Prefill the questions that the typing has brought to light, for showing them.

        Never before `validate`: nobody submits what he has not seen.
        """
        while self._sent is not None and start_new(self.form, self._sent, self.now):
            number_rows(self.form)
            self.form.decide(self.scope, self.now)
        _offer(self.form)

    def show(self, errors: Iterable[FieldError]) -> None:
        """Add errors that were found elsewhere (the engine's own check, an upload)."""
        self.extra += errors

    @property
    def errors(self) -> list[FieldError]:
        """In the order of the form, the rest at the end."""
        return [*self.form.errors_found(), *self.extra]

    @property
    def warnings(self) -> list[FieldError]:
        return list(self.form.warnings_found())

    def validated(self) -> Validated:
        """The accepted answers, after `validate` said yes."""
        return outcome(self.form)

    def entered(self) -> dict[str, Any]:
        """The typing, nested: what a page hands to `complete_user_task` as values."""
        return entered(self.form)

    def warnings_seal(self) -> str:
        """Stands for these very warnings: the page sends it back once the officer has seen them."""
        told = "\n".join(f"{w.path} {w.code}" for w in self.warnings)
        return sha256(told.encode()).hexdigest()[:16] if told else ""

    def must_confirm(self, flat: MultiDict[str, Any]) -> bool:
        """There are warnings that the officer has not been shown yet."""
        return bool(self.warnings) and flat.get("_seen") != self.warnings_seal()


def _fill_up(form: LevelForm) -> None:
    """An empty list shows blank rows to write in."""
    for level in form.levels():
        for field in level:
            if isinstance(field, RowsField) and not field.entries and not field.rows.readonly:
                for _ in range(max(field.rows.initial_rows, field.rows.marks.min_count)):
                    field.append_entry()


def _offer(form: LevelForm) -> None:
    """Options that come from a list in scope or from an expression."""
    for level in form.levels():
        for field in level.questions():
            if field.question.options_from:
                field.options = _options(level.names.get(field.question.options_from))
            elif field.question.options_if:
                field.options = _options(level.holds(field.question.options_if))


def _options(values: Any) -> tuple[Option, ...]:
    """Texts, or objects with `value` and `label`."""
    return tuple(_option(value) for value in values) if isinstance(values, list | tuple) else ()


def _option(value: Any) -> Option:
    if isinstance(value, Mapping):
        return Option(str(value.get("value")), str(value.get("label") or value.get("value")))
    return Option(str(value), str(value))

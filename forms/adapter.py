"""The engine's port to forms: check and expand at deployment, validate at completion."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import PurePosixPath
from threading import Lock
from typing import Any

from engine.errors import Refusal
from engine.ports import Bearing, Complaint, Validated
from forms.context import CheckContext, FormSettings
from forms.entering import flattened
from forms.naming import named_fields
from forms.open_form import OpenForm
from forms.outcome import routing_names
from forms.schema.faults import Faults
from forms.schema.including import Groups, write_out
from forms.schema.model import Question, Rows, Schema, Section, questions
from forms.schema.parsing import Parser, digest
from forms.schema.reading import Unreadable, read
from forms.validators import VALIDATORS

_KEPT = 512


class FormsAdapter:
    """Implements engine.ports.FormPort. Safe to share between threads."""

    def __init__(self, settings: FormSettings | None = None) -> None:
        self.settings = settings or FormSettings()
        self._schemas: OrderedDict[str, Schema] = OrderedDict()
        self._lock = Lock()

    def check(self, name: str, schema: bytes, groups: Mapping[str, bytes]) -> list[Complaint]:
        """Everything wrong with the file `name`, and with the groups as it includes them."""
        faults = Faults(name, schema)
        document = self._document(schema, groups, faults)
        if document is not None:
            parsed = Parser(faults, Groups(groups)).schema(document)
            stem = PurePosixPath(name).stem
            if name.endswith(".form") and parsed.id != stem:
                faults.add("form.file_name", expected=f"{parsed.id}.form", found=name)
        return faults.found

    def expand(self, schema: bytes, groups: Mapping[str, bytes]) -> dict[str, Any]:
        """The executable form with its digest; raises Refusal("form.broken", complaints=…)."""
        faults = Faults("", schema)
        document = self._document(schema, groups, faults)
        if document is not None:
            Parser(faults, Groups(groups)).schema(document)
        if document is None or faults:
            raise Refusal("form.broken", complaints=faults.found)
        return {**document, "digest": digest(document)}

    def _document(
        self, schema: bytes, groups: Mapping[str, bytes], faults: Faults
    ) -> dict[str, Any] | None:
        try:
            return write_out(read(schema), Groups(groups), faults)
        except Unreadable as error:
            faults.add_unreadable(error)
            return None

    def schema(self, form: Mapping[str, Any]) -> Schema:
        """The model of an expanded form, made once per digest."""
        key = form.get("digest") or digest(dict(form))
        with self._lock:
            if key not in self._schemas:
                self._schemas[key] = _parsed(form)
                while len(self._schemas) > _KEPT:
                    self._schemas.popitem(last=False)
            self._schemas.move_to_end(key)
            return self._schemas[key]

    def validate(
        self,
        form: Mapping[str, Any],
        values: Mapping[str, Any],
        scope: Mapping[str, Any],
        *,
        now: datetime,
    ) -> Validated:
        """Clean values; raises Refusal("form.invalid", errors=[FieldError, …])."""
        schema = self.schema(form)
        flat = flattened(schema, values)
        opened = OpenForm(schema, scope, now, self.settings, flat=flat.flat, extra=flat.errors)
        if not opened.validate():
            raise Refusal("form.invalid", errors=opened.errors)
        return opened.validated()

    def variables(self, form: Mapping[str, Any]) -> frozenset[str]:
        """The process variables that completing the form sets."""
        return frozenset(routing_names(self.schema(form).parts))

    def bearings(self, form: Mapping[str, Any]) -> list[Bearing]:
        """The fields that say which rows of the catalogue they carry out."""
        return [
            Bearing("field", one.name, _label(one.part), one.part.marks.clauses)
            for one in named_fields(self.schema(form))
            if one.part.marks.clauses
        ]

    def lists(self, form: Mapping[str, Any]) -> frozenset[str]:
        """The names of the option lists (`valuesKey`) that scope must hold."""
        return frozenset(
            question.options_from
            for question in questions(self.schema(form).parts)
            if question.options_from
        )

    def normal(self, validators: Iterable[str], value: str, *, now: datetime) -> str:
        """One value outside a form, a line of a list; raises Refusal with the first problem."""
        context = CheckContext(now, self.settings)
        answers = [VALIDATORS[name](value, context) for name in validators]
        accepted = next((one for one in answers if one.error is None), answers[0])
        if accepted.error is not None:
            raise Refusal(accepted.error.code, **accepted.error.params)
        return str(accepted.value)


def _label(part: Question | Rows | Section) -> str:
    return part.label or part.key or part.id


def _parsed(form: Mapping[str, Any]) -> Schema:
    faults = Faults(str(form.get("id", "")))
    schema = Parser(faults).schema(dict(form))
    if faults:
        raise Refusal("form.broken", complaints=faults.found)
    return schema

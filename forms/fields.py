"""WTForms fields of the model's questions: they keep what was typed beside what it means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import Field, FieldList, FormField
from wtforms.utils import unset_value

from engine.ports import FieldError
from forms.conversion import Unconvertible, converted, is_empty, typed
from forms.schema.model import Option, Question, Rows, Section
from forms.validators.checked import Problem


class Shown:
    """What every field of ours carries: whether it is shown, and what is odd about it."""

    shown = True
    required = False

    def start(self) -> None:
        self.shown = True
        self.warnings: list[FieldError] = []


class QuestionField(Shown, Field):
    """One question. `data` is the value (None where nothing usable was typed), `text` the typing.

    `errors` and `warnings` are lists of engine.ports.FieldError.
    """

    question: Question

    def __init__(self, question: Question, **kwargs: Any) -> None:
        super().__init__(label=question.label, description=question.help, **kwargs)
        self.question = question
        self.options: tuple[Option, ...] = question.options
        self.judged: Problem | None = None
        self.start()

    @property
    def path(self) -> str:
        """`applicants.0.name`: how errors name the field."""
        return self.name.replace("-", ".")

    def process_data(self, value: Any) -> None:
        unticked = value is None and self.question.kind == "checkbox"
        self.data = False if unticked else value

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = None
        try:
            self.data = converted(self.question, valuelist)
        except Unconvertible as error:
            raise ValueError(self.refused(error.problem)) from None

    def refused(self, problem: Problem) -> FieldError:
        """The problem, said of this field."""
        return FieldError(self.path, problem.code, {"label": self.question.label, **problem.params})

    def text(self) -> str:
        """What stands in the control: the typing as it was, else the value."""
        if self.raw_data:
            return "".join(str(value) for value in self.raw_data[-1:] if value is not None)
        return typed(self.question, self.data)

    def chosen(self) -> list[str]:
        """The values that are ticked, or the ids of the files."""
        if isinstance(self.data, list):
            return self.data
        text = self.text()
        return [text] if text else []

    def is_blank(self) -> bool:
        """Nothing was entered; unlike `data`, unreadable typing counts as something."""
        if self.question.kind == "checkbox":
            return not self.data
        typed_in = any(text is not None and str(text).strip() for text in self.raw_data or ())
        return is_empty(self.data) and not typed_in

    def known(self) -> Any:
        """What conditions see: nothing of a hidden field."""
        return self.data if self.shown and not is_empty(self.data) else None


class SectionField(Shown, FormField):
    """A section with a key: a level of its own."""

    section: Section

    def __init__(self, section: Section, form_class: Any, **kwargs: Any) -> None:
        super().__init__(form_class, label=section.label, **kwargs)
        self.section = section
        self.start()

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        # FormField hands the values on as keyword arguments; a field may be called `prefix`.
        self.object_data = data
        self.form = self.form_class(
            formdata=formdata,
            data=data if isinstance(data, Mapping) else None,
            prefix=self.name + self.separator,
            meta={"_parent_form": self._form},
        )

    def is_blank(self) -> bool:
        return self.form.is_blank()

    def known(self) -> Any:
        return self.form.known() if self.shown else None


class RowField(SectionField):
    """One row; its `row_id` is made by the server and comes back in a hidden input."""

    rows: Rows

    def __init__(self, rows: Rows, form_class: Any, **kwargs: Any) -> None:
        FormField.__init__(self, form_class, label=rows.label, **kwargs)
        self.rows = rows
        self.row_id = ""
        self.start()

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        super().process(formdata, data)
        sent = formdata.getlist(f"{self.name}-row_id") if formdata else []
        kept = data.get("row_id") if isinstance(data, Mapping) else None
        self.row_id = str(sent[0] if sent else kept or "")

    def known(self) -> Any:
        return {"row_id": self.row_id, **self.form.known()}


class RowsField(Shown, FieldList):
    """A repeating group. Rows left entirely blank do not count."""

    rows: Rows

    def __init__(self, rows: Rows, unbound_field: Any, **kwargs: Any) -> None:
        super().__init__(unbound_field, label=rows.label, description=rows.help, **kwargs)
        self.rows = rows
        self.start()

    @property
    def path(self) -> str:
        return self.name.replace("-", ".")

    def refused(self, problem: Problem) -> FieldError:
        """The problem, said of the list as a whole."""
        return FieldError(self.path, problem.code, {"label": self.rows.label, **problem.params})

    def filled(self) -> list[RowField]:
        """The rows in which something was entered."""
        return [row for row in self.entries if not row.is_blank()]

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        """The filled rows, then the list itself. Blank rows are not asked."""
        self.errors = []
        rows = [row.form.validate() for row in self.filled()]
        self._run_validation_chain(form, self.validators)
        return all(rows) and not self.errors

    def is_blank(self) -> bool:
        return not self.filled()

    def known(self) -> Any:
        return [row.known() for row in self.filled()] if self.shown else None

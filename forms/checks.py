"""WTForms validators of our fields, in the order in which they run; they raise FieldErrors."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import regex
from wtforms.validators import StopValidation, ValidationError

from forms.conversion import is_empty
from forms.fields import QuestionField, RowsField
from forms.levels import LevelForm
from forms.validators.checked import Problem

_PATTERN_SECONDS = 0.05
_CHOICES = ("select", "radio", "checklist")


def answered(form: LevelForm, field: QuestionField) -> None:
    """Nothing typed: refused where an answer is required, else there is nothing more to check."""
    if field.process_errors:
        raise StopValidation()
    if is_empty(field.data) or (field.question.kind == "checkbox" and not field.data):
        if is_required(form, field):
            raise StopValidation(field.refused(Problem(f"required.{_manner(field)}")))
        raise StopValidation()


def is_required(form: LevelForm, field: Any) -> bool:
    """By form-js `required`, or because `required_if` is true just now."""
    part = field.rows if isinstance(field, RowsField) else field.question
    always = not isinstance(field, RowsField) and part.limits.required
    return always or form.holds(part.marks.required_if) is True


def _manner(field: QuestionField) -> str:
    """How one answers: the sentence says write, choose, tick or upload."""
    kind = field.question.kind
    if kind in _CHOICES or kind in ("date", "datetime", "time"):
        return "choose"
    return {"checkbox": "tick", "file": "upload"}.get(kind, "write")


def judged(form: LevelForm, field: QuestionField) -> None:
    """What the named validators found while settling."""
    if field.judged:
        raise StopValidation(field.refused(field.judged))


def chosen(form: LevelForm, field: QuestionField) -> None:
    """Only what is offered can be chosen."""
    if field.question.kind not in _CHOICES or field.question.marks.boolean:
        return
    offered = {option.value for option in field.options}
    values = field.data if isinstance(field.data, list) else [field.data]
    if any(value not in offered for value in values):
        raise StopValidation(field.refused(Problem("field.not_offered")))
    if len(set(values)) != len(values):
        raise StopValidation(field.refused(Problem("field.chosen_twice")))


def limited(form: LevelForm, field: QuestionField) -> None:
    """Lengths, numbers, counts."""
    value = field.data
    if isinstance(value, list):
        _counted(field, len(value))
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        _ranged(field, value)
    elif isinstance(value, str):
        _measured(field, len(value))


def _measured(field: QuestionField, length: int) -> None:
    limits = field.question.limits
    if length < limits.min_length:
        _refuse(field, "field.too_short", expected=limits.min_length, found=length)
    if length > limits.max_length:
        _refuse(field, "field.too_long", expected=limits.max_length, found=length)


def _ranged(field: QuestionField, value: int | Decimal) -> None:
    limits = field.question.limits
    if limits.min is not None and value < limits.min:
        _refuse(field, "field.too_small", expected=limits.min)
    if limits.max is not None and value > limits.max:
        _refuse(field, "field.too_large", expected=limits.max)


def _counted(field: QuestionField, count: int) -> None:
    marks = field.question.marks
    most = marks.max_count if field.question.multiple or field.question.kind != "file" else 1
    if count < marks.min_count:
        _refuse(field, "field.too_few", expected=marks.min_count, found=count)
    if count > most:
        _refuse(field, "field.too_many", expected=most, found=count)


def patterned(form: LevelForm, field: QuestionField) -> None:
    """form-js `pattern`, with a limit of time against patterns that explode."""
    limits = field.question.limits
    if not limits.pattern or not isinstance(field.data, str):
        return
    try:
        found = regex.search(limits.pattern, field.data, timeout=_PATTERN_SECONDS)
    except TimeoutError:
        found = None
    if not found:
        _refuse(field, "field.pattern", text=limits.pattern_text)


def ruled(form: LevelForm, field: QuestionField | RowsField) -> None:
    """`valid_if` is false: refused; `warn_if` is true: noted."""
    part = field.rows if isinstance(field, RowsField) else field.question
    doubt = field.refused(Problem("field.rule", {"text": part.marks.warn_text}))
    if form.holds(part.marks.warn_if) is True and doubt not in field.warnings:
        field.warnings.append(doubt)
    if form.holds(part.marks.valid_if) is False:
        _refuse(field, "field.rule", text=part.marks.invalid_text)


def rows_counted(form: LevelForm, field: RowsField) -> None:
    """Enough rows and not too many; blank ones do not count."""
    marks, count = field.rows.marks, len(field.filled())
    least = max(marks.min_count, 1 if is_required(form, field) else 0)
    if count < least:
        _refuse(field, "rows.too_few", expected=least, found=count)
    if count > marks.max_count:
        _refuse(field, "rows.too_many", expected=marks.max_count, found=count)


def rows_distinct(form: LevelForm, field: RowsField) -> None:
    """No two rows with the same answer to the question named by `distinct`."""
    key = field.rows.marks.distinct
    if not key:
        return
    seen: dict[Any, int] = {}
    for row in field.filled():
        value = row.form[key].data
        if is_empty(value) or not isinstance(value, str | int | Decimal):
            continue
        if value in seen:
            label = row.form[key].question.label
            _refuse(field, "rows.same", question=label, first=seen[value] + 1, second=row.index + 1)
        seen[value] = row.index


def _refuse(field: QuestionField | RowsField, code: str, **params: Any) -> None:
    raise ValidationError(field.refused(Problem(code, params)))


QUESTION_CHECKS = (answered, judged, chosen, limited, patterned, ruled)
ROWS_CHECKS = (rows_counted, rows_distinct, ruled)

"""Questions that an answer has just brought to light start with what is known, as all others do.

A page sends every question that it shows, so what was not sent was not shown. Boxes and files are
the exception: unticked, they send nothing; so they are left alone.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from forms.conversion import is_empty
from forms.fields import QuestionField, RowsField, SectionField
from forms.levels import LevelForm
from forms.prefill import answer, first_rows

_SILENT = ("checkbox", "checklist", "file")


def start_new(level: LevelForm, sent: Collection[str], now: datetime) -> bool:
    """Prefill what is shown and not among the names `sent`; True when something was filled."""
    changed = False
    for field in level:
        if not field.shown:
            continue
        if isinstance(field, QuestionField):
            changed |= _start(field, level, sent, now)
        elif isinstance(field, RowsField):
            changed |= _start_rows(field, level, sent, now)
        elif isinstance(field, SectionField):
            changed |= start_new(field.form, sent, now)
    return changed


def _start(field: QuestionField, level: LevelForm, sent: Collection[str], now: datetime) -> bool:
    if field.name in sent or field.question.kind in _SILENT or not field.is_blank():
        return False
    value = answer(field.question, level.names, now)
    if is_empty(value):
        return False
    field.process(None, value)
    return True


def _start_rows(field: RowsField, level: LevelForm, sent: Collection[str], now: datetime) -> bool:
    if any(name.startswith(f"{field.name}-") for name in sent) or field.filled():
        return False
    rows = first_rows(field.rows, level.names, now)
    if rows:
        field.process(None, rows)
    return bool(field.filled())

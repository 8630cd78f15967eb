"""Read-only fields hold what the server knows, whatever a request says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forms.conversion import is_empty
from forms.fields import QuestionField, RowsField, SectionField
from forms.levels import LevelForm


def hold(level: LevelForm, known: Mapping[str, Any]) -> None:
    """Put the known values back; where the server knows nothing, the entry stands."""
    for name, field in level._fields.items():
        value = known.get(name)
        if value is None or is_empty(value):
            continue
        if isinstance(field, RowsField):
            _hold_rows(field, value)
        elif isinstance(field, SectionField):
            hold(field.form, value)
        elif isinstance(field, QuestionField) and field.question.readonly:
            field.process(None, value)
            field.raw_data = None


def _hold_rows(field: RowsField, rows: list[dict[str, Any]]) -> None:
    if field.rows.readonly:
        _keep_rows(field, rows)
    by_id = {row["row_id"]: row for row in rows if row.get("row_id")}
    for row in field.entries:
        hold(row.form, by_id.get(row.row_id, {}))


def _keep_rows(field: RowsField, rows: list[dict[str, Any]]) -> None:
    """The known rows and no others; what was entered in them stays."""
    known = {row.get("row_id") for row in rows}
    present = {row.row_id for row in field.entries}
    field.entries = [row for row in field.entries if row.row_id in known]
    for row in rows:
        if row.get("row_id") not in present:
            field.append_entry(row)

"""What officers entered: kept sealed with form and version, folded into the case file (D5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import insert, update

from engine import case_files
from engine.feel import from_python
from engine.ports import Validated
from engine.store.models import (
    Attachment,
    Base,
    ProcessDefinition,
    ProcessInstance,
    Submission,
)
from engine.store.types import new_id
from engine.store.unit_of_work import Unit

PURPOSE = "submission"
_INDEX = insert(Base.metadata.tables["index_term"])


def start_form(unit: Unit, definition: ProcessDefinition) -> dict[str, Any] | None:
    """The expanded start form of a definition; None where it has none."""
    if definition.start_form is None:
        return None
    return unit.engine.definitions.form(unit.session, definition.id, definition.start_form)


def adopted(values: Mapping[str, Any]) -> dict[str, Any]:
    """Python values of a form or message as FEEL values."""
    return {name: from_python(value) for name, value in values.items()}


def keep(
    unit: Unit,
    instance: ProcessInstance,
    form_key: str,
    validated: Validated,
    *,
    task_id: str | None,
    definition_id: str | None = None,
    known: dict[str, Any] | None = None,
) -> Submission:
    """Store a submission, fold it into the case file, index it, claim its files.

    `known`: the case file, where the caller has read it already.
    """
    submission = _row(unit, instance, form_key, validated, task_id, definition_id)
    unit.session.add(submission)
    _fold(unit, instance, validated, known)
    _index(unit, instance, validated)
    if validated.files:
        _claim_files(unit, instance, validated.files)
    return submission


def _claim_files(unit: Unit, instance: ProcessInstance, files: Sequence[str]) -> None:
    """Files that the actor uploaded before the request had a number; a file of another request
    stays there, or naming its id would open it."""
    unit.session.execute(
        update(Attachment)
        .where(
            Attachment.id.in_(files),
            Attachment.business_key.is_(None),
            Attachment.uploaded_by == unit.actor.id,
        )
        .values(business_key=instance.business_key),
        execution_options={"synchronize_session": False},
    )


def _row(
    unit: Unit,
    instance: ProcessInstance,
    form_key: str,
    validated: Validated,
    task_id: str | None,
    definition_id: str | None,
) -> Submission:
    submission_id = new_id()
    content = orjson.dumps(validated.values, option=orjson.OPT_SORT_KEYS)
    return Submission(
        id=submission_id,
        task_id=task_id,
        instance_id=instance.id,
        agency_id=instance.agency_id,
        business_key=instance.business_key,
        form_key=form_key,
        definition_id=definition_id or instance.definition_id,
        sealed=unit.engine.crypto.seal(content, PURPOSE, submission_id),
        digest=unit.engine.crypto.code(PURPOSE, content),
        submitted_by=unit.actor.id,
        happened_at=validated.happened_at,
        recorded_at=unit.now,
    )


def _fold(
    unit: Unit, instance: ProcessInstance, validated: Validated, known: dict[str, Any] | None
) -> None:
    if not validated.case_file:
        return
    if known is None:
        known = case_files.read(unit, instance.agency_id, instance.business_key)
    known = {**known, **validated.case_file}
    case_files.write(unit, instance.agency_id, instance.business_key, known)


def _index(unit: Unit, instance: ProcessInstance, validated: Validated) -> None:
    rows = [
        {
            "id": new_id(),
            "term": unit.engine.crypto.term(field, value),
            "field": field,
            "agency_id": instance.agency_id,
            "business_key": instance.business_key,
            "instance_id": instance.id,
        }
        for field, value in validated.index
    ]
    if rows:
        unit.session.connection().execute(_INDEX, rows)

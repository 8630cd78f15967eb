"""Processes that begin by themselves: at an instant, like a monthly meeting, or by a signal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine import numbering
from engine.feel import decode
from engine.instances import Beginning, begin, parties_of, request_kind, switched_on
from engine.store.models import Agency, Job, ProcessDefinition
from engine.store.unit_of_work import Unit
from engine.timer_starts import TIMER, turn_over


def perform(unit: Unit, job: Job) -> None:
    """Begin, unless the process is suspended or switched off there; then wait for the next time."""
    definition = unit.session.get_one(ProcessDefinition, job.task_id)
    agency = unit.session.get_one(Agency, job.detail["agency"])
    payload = {k: decode(v) for k, v in job.detail.get("variables", {}).items()}
    if not definition.suspended and switched_on(unit, definition, agency.profile):
        _begin(unit, definition, agency, job.element_id or "", payload)
    if job.kind == TIMER:
        turn_over(unit, job, agency)


def _begin(
    unit: Unit,
    definition: ProcessDefinition,
    agency: Agency,
    element_id: str,
    payload: Mapping[str, Any],
) -> None:
    number = numbering.request_number(unit, agency.id, request_kind(unit, definition))
    beginning = Beginning(
        definition=definition,
        business_key=number,
        agency_id=agency.id,
        unit_id=None,
        profile=agency.profile,
        parties=parties_of(unit, agency),
        start_event=element_id,
        variables=payload,
    )
    instance, _ = begin(unit, beginning)
    detail = {"by": element_id}
    unit.audit("instance.started", "instance", instance.id, instance=instance, detail=detail)

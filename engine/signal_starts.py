"""Processes that begin when a signal is thrown (BPMN 2.0 §10.5.2), each by a job due at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions import latest
from engine.store.models import Agency, Job, ProcessDefinition
from engine.store.unit_of_work import Unit

SIGNAL = "signal_start"


def homes(session: Session, definition: ProcessDefinition) -> list[Agency]:
    """The agencies of its pool's kind; every agency where the diagram names no kind."""
    query = select(Agency).order_by(Agency.id)
    if definition.agency_kind:
        query = query.where(Agency.kind == definition.agency_kind)
    return list(session.scalars(query))


def hear(unit: Unit, signal: str, variables: Mapping[str, Any], only_in: str | None = None) -> int:
    """Every process that begins with this signal does, in each of its agencies; how many.

    `variables`: encoded. `only_in`: an agency; None: all.
    """
    keys = select(ProcessDefinition.key).where(ProcessDefinition.start_signals != []).distinct()
    jobs = [
        _job(unit, definition, element, agency, variables)
        for key in unit.session.scalars(keys).all()
        if (definition := latest(unit.session, key)) is not None
        for element in _begun_by(definition, signal)
        for agency in homes(unit.session, definition)
        if only_in in (None, agency.id)
    ]
    unit.session.add_all(jobs)
    return len(jobs)


def _begun_by(definition: ProcessDefinition, signal: str) -> list[str]:
    return [start["element"] for start in definition.start_signals if start["signal"] == signal]


def _job(
    unit: Unit,
    definition: ProcessDefinition,
    element_id: str,
    agency: Agency,
    variables: Mapping[str, Any],
) -> Job:
    return Job(
        kind=SIGNAL,
        task_id=definition.id,
        element_id=element_id,
        due_at=unit.now,
        created_at=unit.now,
        detail={"agency": agency.id, "variables": dict(variables)},
    )

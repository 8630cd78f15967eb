"""The request that another one is about: an objection, a special situation, a lead (C-5, C-6).

What is raised about a request is a request of its own: it has a number and a case file of its own,
knows where it came from, and the one it is about goes on untouched (bpmn_patterns P2).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from engine import case_files, running
from engine.errors import Conflict
from engine.joining import require_joinable
from engine.store.models import ProcessInstance
from engine.store.unit_of_work import Unit

GROUPS = "FG-"
"""Stands for every field group of the case file."""


def open_origin(unit: Unit, business_key: str) -> ProcessInstance:
    """The agency's first instance of the request that still runs.

    Raises `NotFound` where the actor may not join it, `Conflict` (instance.ended) where the
    request is closed: against what has ended nothing is raised any more.
    """
    require_joinable(unit, business_key)
    query = select(ProcessInstance).where(
        ProcessInstance.business_key == business_key,
        ProcessInstance.agency_id == unit.actor.agency_id,
        ProcessInstance.state.in_(running.ALIVE),
    )
    found = unit.session.scalar(query.order_by(ProcessInstance.started_at).limit(1))
    if found is None:
        raise Conflict("instance.ended", instance=business_key, state="completed")
    return found


def about(origin: ProcessInstance) -> dict[str, Any]:
    """What the new request knows of the one it is about: `origin_request`, `origin_process`,
    `case_no`."""
    told = {"origin_request": origin.business_key, "origin_process": origin.process_key}
    return {**told, "case_no": origin.case_no} if origin.case_no else told


def carried(unit: Unit, origin: ProcessInstance, fields: tuple[str, ...]) -> dict[str, Any]:
    """The chosen fields of its case file; `FG-` among them: every field group."""
    known = case_files.read(unit, origin.agency_id, origin.business_key)
    return dict(case_files.chosen(known, fields + _groups(known) if GROUPS in fields else fields))


def _groups(known: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple({key.split(".", 1)[0] for key in known if key.startswith(GROUPS)})

"""`figures.compile`: the statistics of a period, into the case file of a meeting or assessment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from engine import case_files
from engine.bpmn.model import Node
from engine.feel import from_python
from engine.indicators import Figures, Span, drawn, figures
from engine.store.models import ProcessInstance
from engine.store.unit_of_work import Unit
from engine.timing.zone import due_text
from engine.topics import inputs as given


def compile_figures(
    unit: Unit,
    instance: ProcessInstance,
    node: Node,
    task_id: str,
    inputs: Mapping[str, Any],
    variables: Mapping[str, Any],
) -> dict[str, Any]:
    """Inputs: `from`, `to` (days, both included), `sample` (how many requests to draw by chance,
    none where it is absent). Of all agencies of the request.

    Writes `figures.indicators` (group, subject, measure, value, unit), `figures.overdue`
    (request_no, procedure, period, due, hours_late, done) and `figures.sample` (request_no,
    procedure) into the case file; sets `figures_overdue` (how many).
    Raises `Fault` topic.input_missing, topic.input_not_a_date.
    """
    start, end = given.days(inputs, "from", "to", node)
    span = Span(start, end, tuple(instance.parties.values()) or (instance.agency_id,))
    norms = unit.engine.statutes.version(unit.session, instance.norms_version)
    found = figures(unit.session, unit.engine.definitions, norms, span)
    size = int(given.text(inputs, "sample") or 0)
    _keep(unit, instance, found, drawn(unit.session, span, size, instance.business_key))
    return {"figures_overdue": Decimal(len(found.overdue))}


def _keep(
    unit: Unit, instance: ProcessInstance, found: Figures, sample: list[tuple[str, str]]
) -> None:
    """As texts: forms show them, letters print them."""
    indicators = [{**asdict(one), "value": f"{one.value:g}"} for one in found.indicators]
    overdue = [
        {
            "request_no": one.request_no,
            "procedure": one.procedure,
            "period": one.period,
            "due": due_text(one.due_at),
            "hours_late": f"{one.hours_late:g}",
            "done": "已办" if one.done else "未办",
        }
        for one in found.overdue
    ]
    known = case_files.read(unit, instance.agency_id, instance.business_key)
    added = {
        "figures.indicators": indicators,
        "figures.overdue": overdue,
        "figures.sample": [{"request_no": number, "procedure": name} for number, name in sample],
    }
    fresh = {key: from_python(value) for key, value in added.items()}
    case_files.write(unit, instance.agency_id, instance.business_key, {**known, **fresh})

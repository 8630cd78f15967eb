"""及时、即时、第一时间: how long the acts took whose period has no number.

The figures (engine/indicators.py) and the scenarios (`measured:`) count alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from engine.definitions import Definitions
from engine.store.models import Activity, ProcessInstance, Submission
from engine.timing.norms import Norms


@dataclass(frozen=True, slots=True)
class Taken:
    """What one act took under one period, in minutes."""

    period_id: str
    element_id: str
    agency_id: str
    minutes: float


def measured_periods(norms: Norms) -> frozenset[str]:
    """Ids of the periods without a number, which only measure."""
    return frozenset(id for id, row in norms.periods.items() if row.kind == "measured")


def taken(
    session: Session, definitions: Definitions, norms: Norms, *where: ColumnElement[bool]
) -> Iterator[Taken]:
    """Of every act under a measured period that is done; `where`: of its activity and instance."""
    joined = select(Activity.definition_id).join(
        ProcessInstance, ProcessInstance.id == Activity.instance_id
    )
    for definition_id in session.scalars(joined.where(*where).distinct()).all():
        borne = _borne(session, definitions, norms, definition_id)
        for element_id, agency_id, minutes in _minutes(session, definition_id, borne, where):
            for period_id in borne[element_id]:
                yield Taken(period_id, element_id, agency_id, minutes)


def _borne(
    session: Session, definitions: Definitions, norms: Norms, definition_id: str
) -> dict[str, list[str]]:
    """Element → the measured periods that it bears (`legal.period`)."""
    measured, found = measured_periods(norms), dict[str, list[str]]()
    for node in definitions.process(session, definition_id).model.nodes.values():
        listed = node.properties.get("legal.period", "").split(",")
        borne = [id for id in (one.strip() for one in listed) if id in measured]
        if borne:
            found[node.id] = borne
    return found


def _minutes(
    session: Session,
    definition_id: str,
    elements: Iterable[str],
    where: Iterable[ColumnElement[bool]],
) -> Iterator[tuple[str, str, float]]:
    """A task takes from when it came until it was done; an event, which takes no time itself, from
    the instant (发生时间) that the last form before it tells.
    """
    told = (
        select(func.max(func.coalesce(Submission.happened_at, Submission.recorded_at)))
        .where(
            Submission.instance_id == Activity.instance_id,
            Submission.recorded_at <= Activity.ended_at,
        )
        .scalar_subquery()
    )
    query = (
        select(
            Activity.element_id,
            Activity.kind,
            Activity.started_at,
            Activity.ended_at,
            ProcessInstance.agency_id,
            told,
        )
        .join(ProcessInstance, ProcessInstance.id == Activity.instance_id)
        .where(
            Activity.definition_id == definition_id,
            Activity.element_id.in_(list(elements)),
            Activity.state == "completed",
            *where,
        )
    )
    for element_id, kind, began, ended, agency_id, happened in session.execute(query):
        since = happened if kind.endswith("Event") and happened else began
        minutes = ((ended or since).timestamp() - since.timestamp()) / 60
        yield element_id, agency_id, max(0.0, minutes)

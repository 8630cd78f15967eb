"""考核指标: what an agency did in a month, in the numbers of meetings and assessments."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from engine.actors import Actor
from engine.indicators import Figures, Span, figures
from engine.queries.supervision import overseen
from engine.timing.zone import at

if TYPE_CHECKING:
    from engine.engine import Engine


def figures_of_month(engine: Engine, actor: Actor, first: date) -> Figures:
    """The figures of the month that begins with `first`, of the agency that the actor supervises.

    Raises `Forbidden` oversight.not_allowed.
    """
    span = Span(at(first, time()), at(next_month(first), time()), (overseen(actor),))
    with engine.database.read() as session:
        return figures(session, engine.definitions, engine.statutes.current, span)


def next_month(first: date) -> date:
    """The first day of the month after the one that begins with `first`."""
    return (first + timedelta(days=31)).replace(day=1)


def last_month(first: date) -> date:
    """The first day of the month before the one that begins with `first`."""
    return (first - timedelta(days=1)).replace(day=1)

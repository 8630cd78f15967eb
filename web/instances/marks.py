"""The states of a diagram's elements as web/assets/viewer.js reads them."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from engine.queries import instances
from engine.queries.element_states import ElementState
from web.auth.viewer import the_engine, viewer
from web.times import chip


def states_json(instance_id: str, definition_id: str) -> dict[str, dict[str, Any]]:
    """Element id → {states, count, note}, as web/assets/viewer.js reads it."""
    states, people = instances.diagram_states(
        the_engine(), viewer().actor, instance_id, definition_id
    )
    return {element: _mark(state, people) for element, state in states.items()}


def _mark(state: ElementState, people: dict[str, str]) -> dict[str, Any]:
    names = ["active"] if state.active else ["done"] if state.completed else []
    names += ["overdue"] if state.overdue and state.active else []
    names += ["incident"] if state.incident else []
    mark: dict[str, Any] = {"states": names}
    if state.active or state.completed > 1:
        mark["count"] = state.active or state.completed
    note = _note(state, people) if state.active else ""
    return mark | ({"note": note} if note else {})


def _note(state: ElementState, people: dict[str, str]) -> str:
    holders = [people.get(holder or "", _("待领取")) for holder in state.holders]
    due = chip(state.due_at, state.clock_from or the_engine().clock.now(), the_engine().clock.now())
    return " · ".join([*dict.fromkeys(holders), *([due.words] if due else [])])

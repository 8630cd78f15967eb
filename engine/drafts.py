"""What a person has typed and not yet sent; theirs alone, sealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete

from engine.store.models import Draft
from engine.store.unit_of_work import Unit
from engine.store.upsert import insert_or_update
from engine.verbs import verb

PURPOSE = "draft"

Typed = list[list[str]]
"""Name and text of every field in the order sent, as forms.drafts captures it."""


def start_key(process_key: str, business_key: str | None) -> str:
    """Where the draft of a start form lies: one for each request that the process may join."""
    return f"start:{business_key or ''}:{process_key}"[:80]


@dataclass(frozen=True)
class KeptDraft:
    """A draft as it was saved."""

    typed: Typed
    saved_at: datetime


@verb
def save_draft(unit: Unit, key: str, typed: Typed) -> datetime:
    """Keep the typing under `key` (a task's id, or `start_key`); when it was kept."""
    insert_or_update(
        unit.session,
        Draft,
        {"key": key, "person_id": unit.actor.id},
        {
            "sealed": unit.engine.crypto.seal_json(typed, PURPOSE, _bound(unit, key)),
            "saved_at": unit.now,
        },
    )
    return unit.now


@verb
def discard_draft(unit: Unit, key: str) -> None:
    """Forget the actor's draft; none is none."""
    unit.session.execute(
        delete(Draft)
        .where(Draft.key == key, Draft.person_id == unit.actor.id)
        .execution_options(synchronize_session=False)
    )


def read_draft(unit: Unit, key: str) -> KeptDraft | None:
    """The actor's own draft under `key`."""
    found = unit.session.get(Draft, (key, unit.actor.id))
    if found is None:
        return None
    typed: Typed = unit.engine.crypto.open_json(found.sealed, PURPOSE, _bound(unit, key))
    return KeptDraft(typed, found.saved_at)


def _bound(unit: Unit, key: str) -> str:
    return f"{key}/{unit.actor.id}"

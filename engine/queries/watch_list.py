"""布控名单: whether somebody met on duty is looked for (procedures B6.5)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from engine.actors import Actor
from engine.errors import Forbidden, Refusal
from engine.store.models import WatchEntry
from engine.store.unit_of_work import Unit
from engine.verbs import verb

FIELD = "FG-PERSON.doc_no"
"""The index field under which entries are found: the document number."""
_POLICE_ROLES = ("police_", "vehicle_management_office", "detention_center")


@dataclass(frozen=True)
class WatchHit:
    """A match, masked: enough to recognise the person and the request, no more."""

    entry_id: str
    business_key: str
    shown: dict[str, Any]
    """name, masked number, measure, as document.watchlist wrote them."""
    added_at: datetime
    valid_to: datetime | None


@verb
def search_watch_list(unit: Unit, number: str) -> list[WatchHit]:
    """Entries in force of the actor's agency with exactly this document number.

    A verb because a search is an act: it is recorded with the HMAC of the number, hit or not.
    Raises Forbidden where no post of the actor may search, Refusal("watch_list.number_missing").
    """
    if not may_search(unit.actor):
        raise Forbidden("watch_list.not_allowed")
    wanted = normalised(number)
    if not wanted:
        raise Refusal("watch_list.number_missing")
    terms = unit.engine.crypto.terms(FIELD, wanted)
    found = unit.session.scalars(
        select(WatchEntry)
        .where(
            WatchEntry.term.in_(terms),
            WatchEntry.agency_id == unit.actor.agency_id,
            WatchEntry.removed_at.is_(None),
            or_(WatchEntry.valid_to.is_(None), WatchEntry.valid_to > unit.now),
        )
        .order_by(WatchEntry.added_at, WatchEntry.id)
    ).all()
    unit.audit("watch_list.searched", "watch_list", terms[0], detail={"hits": len(found)})
    return [_hit(unit, entry) for entry in found]


def may_search(actor: Actor) -> bool:
    """Every police officer on duty, whatever the unit; never the administrators (SEC-05)."""
    return actor.agency_kind == "police" and any(
        role.startswith(_POLICE_ROLES) for role in actor.roles
    )


def normalised(number: str) -> str:
    """NFKC, no blanks, capitals: as the index terms were made (data_validation.md)."""
    return "".join(unicodedata.normalize("NFKC", number).split()).upper()


def _hit(unit: Unit, entry: WatchEntry) -> WatchHit:
    shown = unit.engine.crypto.open_json(entry.masked, "watch_entry", entry.id)
    return WatchHit(entry.id, entry.business_key, shown, entry.added_at, entry.valid_to)

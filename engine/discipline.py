"""失信名单 as an agency keeps it (procedures B19): found by exact key, never by name.

Every document number of a listed person or organisation is an entry of its own: a search term,
and what a hit shows, sealed. Each use of an entry on a matter is a row, so that what was restricted
because of it can be looked at again the moment it leaves the list.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from engine.queries.watch_list import normalised
from engine.store.models import DisciplineEntry, DisciplineUse, ProcessInstance
from engine.store.types import new_id
from engine.store.unit_of_work import Unit

FIELD = "discipline.number"
PURPOSE = "discipline_entry"
"""What terms are made of, and what the shown facts are sealed for, bound to the entry's id."""
_AT_ONCE = 400
"""Terms in one query: below what SQLite binds."""
UNRESTRICTED = "不限制"


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody to be put on the list. `shown`: what a hit shows, already masked."""

    number: str
    shown: Mapping[str, Any]
    valid_to: datetime | None = None


def add(unit: Unit, instance: ProcessInstance, listed: Iterable[Listed]) -> int:
    """Enter them, or bring up to date what the same request entered before; how many entries."""
    kept = {
        entry.term: entry for entry in of_request(unit, instance.agency_id, instance.business_key)
    }
    entered = list(listed)
    for one in entered:
        term = unit.engine.crypto.term(FIELD, normalised(one.number))
        entry = kept.setdefault(term, _new(unit, instance, term))
        entry.masked = unit.engine.crypto.seal_json(dict(one.shown), PURPOSE, entry.id)
        entry.valid_to = one.valid_to
        unit.session.add(entry)
    unit.audit(
        "discipline.added",
        "discipline_list",
        instance.business_key,
        instance=instance,
        detail={"entries": len(entered)},
    )
    return len(entered)


def _new(unit: Unit, instance: ProcessInstance, term: str) -> DisciplineEntry:
    return DisciplineEntry(
        id=new_id(),
        agency_id=instance.agency_id,
        business_key=instance.business_key,
        term=term,
        added_at=unit.now,
    )


def remove(
    unit: Unit, instance: ProcessInstance, entries: Sequence[DisciplineEntry], reason: str
) -> list[DisciplineUse]:
    """Take the entries off the list; the uses that restrict somebody because of them."""
    for entry in entries:
        entry.removed_at, entry.removed_for = unit.now, reason
    unit.audit(
        "discipline.removed",
        "discipline_list",
        instance.business_key,
        instance=instance,
        detail={"entries": len(entries), "reason": reason},
    )
    unit.session.flush()
    return list(_restricting(unit, [entry.id for entry in entries]))


def _restricting(unit: Unit, ids: Sequence[str]) -> Iterator[DisciplineUse]:
    for some in _batches(ids):
        yield from unit.session.scalars(
            select(DisciplineUse)
            .where(DisciplineUse.entry_id.in_(some), DisciplineUse.restriction != UNRESTRICTED)
            .order_by(DisciplineUse.used_at, DisciplineUse.id)
        )


def of_request(unit: Unit, agency_id: str, business_key: str) -> list[DisciplineEntry]:
    """What the request has on the agency's list now."""
    query = select(DisciplineEntry).where(
        DisciplineEntry.agency_id == agency_id,
        DisciplineEntry.business_key == business_key,
        DisciplineEntry.removed_at.is_(None),
    )
    return list(unit.session.scalars(query))


def matching(unit: Unit, agency_id: str, numbers: Iterable[str]) -> list[DisciplineEntry]:
    """Entries in force with exactly one of the document numbers."""
    in_force = (
        DisciplineEntry.removed_at.is_(None),
        or_(DisciplineEntry.valid_to.is_(None), DisciplineEntry.valid_to > unit.now),
    )
    return _with_numbers(unit, agency_id, numbers, *in_force)


def matching_decisions(
    unit: Unit, agency_id: str, decisions: Mapping[str, str]
) -> list[DisciplineEntry]:
    """Entries in force by number and, where it is given, by the decision (文号): another court's
    entry about the same person stays. `decisions`: number → decision or "".
    """
    crypto = unit.engine.crypto
    wanted = {
        term: decision
        for number, decision in decisions.items()
        for term in crypto.terms(FIELD, normalised(number))
    }
    return [
        entry
        for entry in matching(unit, agency_id, decisions)
        if wanted[entry.term] in ("", shown(unit, entry)["decision"])
    ]


def removed(unit: Unit, agency_id: str, numbers: Iterable[str], reason: str) -> datetime | None:
    """When one of the numbers was last taken off the list for this reason."""
    for_it = (DisciplineEntry.removed_at.is_not(None), DisciplineEntry.removed_for == reason)
    found = _with_numbers(unit, agency_id, numbers, *for_it)
    return max((entry.removed_at for entry in found if entry.removed_at), default=None)


def _with_numbers(
    unit: Unit, agency_id: str, numbers: Iterable[str], *conditions: Any
) -> list[DisciplineEntry]:
    crypto = unit.engine.crypto
    terms = [term for number in numbers for term in crypto.terms(FIELD, normalised(number))]
    found: list[DisciplineEntry] = []
    for some in _batches(terms):
        query = select(DisciplineEntry).where(
            DisciplineEntry.agency_id == agency_id, DisciplineEntry.term.in_(some), *conditions
        )
        found += unit.session.scalars(query.order_by(DisciplineEntry.added_at, DisciplineEntry.id))
    return found


def _batches(values: Sequence[str]) -> Iterator[Sequence[str]]:
    return (values[at : at + _AT_ONCE] for at in range(0, len(values), _AT_ONCE))


def use(unit: Unit, instance: ProcessInstance, entry_id: str, restriction: str) -> None:
    """Record what a person decided on a matter because of an entry (task 6: each use logged)."""
    unit.session.add(
        DisciplineUse(
            id=new_id(),
            agency_id=instance.agency_id,
            entry_id=entry_id,
            business_key=instance.business_key,
            restriction=restriction,
            used_at=unit.now,
        )
    )
    unit.audit(
        "discipline.used",
        "discipline_entry",
        entry_id,
        instance=instance,
        detail={"restriction": restriction},
    )


def shown(unit: Unit, entry: DisciplineEntry) -> dict[str, Any]:
    """What a hit shows of the entry: masked name and number, decision, court."""
    return dict(unit.engine.crypto.open_json(entry.masked, PURPOSE, entry.id))

"""`watchlist.add`, `watchlist.remove`: 布控名单 of the agency (procedures B6 tasks 4, 11)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from engine import case_files
from engine.bpmn.model import Node
from engine.feel import to_python
from engine.queries.watch_list import FIELD, normalised
from engine.store.models import ProcessInstance, WatchEntry
from engine.store.types import new_id
from engine.store.unit_of_work import Unit
from engine.topics import inputs as given

PURPOSE = "watch_entry"
"""What the shown facts are sealed for, bound to the entry's id."""


def add(
    unit: Unit,
    instance: ProcessInstance,
    node: Node,
    task_id: str,
    inputs: Mapping[str, Any],
    variables: Mapping[str, Any],
) -> dict[str, Any]:
    """Enter the person of the case file under each of his documents, or bring these up to date.

    Inputs: `valid_to` (day or instant), `measure` (default: the variable). Sets `watch_listed`:
    false where no document number is known, for only numbers are searched; police_legal is told.
    Source: ZK-2.2-1, all valid documents of a person are linked.
    """
    known = case_files.read(unit, instance.agency_id, instance.business_key)
    numbers = _numbers(known)
    if not numbers:
        _tell_of_missing_number(unit, instance)
    measure = given.text(inputs, "measure") or _measure(variables)
    valid_to = given.end(inputs, "valid_to", node)
    for number in numbers:
        _enter(unit, instance, number, _shown(known, number, measure), valid_to)
    return {"watch_listed": bool(numbers)}


def _numbers(known: Mapping[str, Any]) -> list[str]:
    """Every document number of the person, each once."""
    others = [row.get("doc_no") for row in known.get("FG-PERSON.other_documents") or []]
    found = [normalised(str(number or "")) for number in (known.get(FIELD), *others)]
    return list(dict.fromkeys(number for number in found if number))


def _enter(
    unit: Unit,
    instance: ProcessInstance,
    number: str,
    shown: Mapping[str, Any],
    valid_to: datetime | None,
) -> None:
    term = unit.engine.crypto.term(FIELD, number)
    kept = [entry for entry in _entries(unit, instance) if entry.term == term]
    entry = kept[0] if kept else _new(unit, instance, term)
    entry.masked = unit.engine.crypto.seal_json(shown, PURPOSE, entry.id)
    entry.valid_to = valid_to
    unit.session.add(entry)
    unit.audit("watch_list.added", "watch_entry", entry.id, instance=instance)


def remove(
    unit: Unit,
    instance: ProcessInstance,
    node: Node,
    task_id: str,
    inputs: Mapping[str, Any],
    variables: Mapping[str, Any],
) -> dict[str, Any]:
    """Take everybody of this request off the list; input `reason`. Nobody on it: nothing to do."""
    entries = _entries(unit, instance)
    for entry in entries:
        entry.removed_at = unit.now
        detail = {"reason": given.text(inputs, "reason")}
        unit.audit("watch_list.removed", "watch_entry", entry.id, instance=instance, detail=detail)
    return {"watch_listed": False}


def _entries(unit: Unit, instance: ProcessInstance) -> list[WatchEntry]:
    query = select(WatchEntry).where(
        WatchEntry.agency_id == instance.agency_id,
        WatchEntry.business_key == instance.business_key,
        WatchEntry.removed_at.is_(None),
    )
    return list(unit.session.scalars(query))


def _new(unit: Unit, instance: ProcessInstance, term: str) -> WatchEntry:
    return WatchEntry(
        id=new_id(),
        agency_id=instance.agency_id,
        business_key=instance.business_key,
        instance_id=instance.id,
        term=term,
        added_at=unit.now,
    )


def _measure(variables: Mapping[str, Any]) -> str:
    found = to_python(variables.get("measure"))
    return found if isinstance(found, str) else ""


def _shown(known: Mapping[str, Any], number: str, measure: str) -> dict[str, Any]:
    """What a hit shows: enough to recognise the person, no more (masked until found)."""
    name = str(known.get("FG-PERSON.name") or "")
    return {
        "name": name[:1] + "某" * (len(name) > 1),
        "number": masked_number(number),
        "measure": measure,
    }


def masked_number(number: str) -> str:
    """First and last four characters: 4113****0005; a short number keeps its last two."""
    if len(number) < 12:
        return "*" * max(0, len(number) - 2) + number[-2:]
    return f"{number[:4]}****{number[-4:]}"


def _tell_of_missing_number(unit: Unit, instance: ProcessInstance) -> None:
    unit.notify(
        "watch_list.no_number",
        agency_id=instance.agency_id,
        role="police_legal",
        instance=instance,
    )

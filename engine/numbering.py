"""Numbers without gaps: requests, receipts, documents (procedures A4)."""

from __future__ import annotations

from sqlalchemy import update

from engine.store.models import Counter
from engine.store.unit_of_work import Unit
from engine.store.upsert import insert_if_absent
from engine.timing.zone import local


def next_number(unit: Unit, key: str) -> int:
    """The next value of the counter `key`; a rolled-back verb gives its number back."""
    step = update(Counter).where(Counter.key == key).values(value=Counter.value + 1)
    for _ in range(2):
        found = unit.session.scalar(step.returning(Counter.value))
        if found is not None:
            return int(found)
        insert_if_absent(unit.session, Counter, key=key, value=0)
    raise AssertionError(f"counter {key} cannot be made")


def request_number(unit: Unit, agency_id: str, kind: str) -> str:
    """`{agency}-{TYPE}-{yyyy}-{seq6}`, e.g. 豫1321-PER-2026-000012."""
    year = local(unit.now).year
    stem = f"{agency_id}-{kind}-{year}"
    return f"{stem}-{next_number(unit, stem):06d}"


def receipt_number(unit: Unit, agency_id: str) -> str:
    """Number of a 回执 of the receiving agency."""
    stem = f"{agency_id}-HZ-{local(unit.now).year}"
    return f"{stem}-{next_number(unit, stem):06d}"

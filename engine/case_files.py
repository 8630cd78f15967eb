"""协作卷: what an agency knows of a request, folded from submissions and messages (D5).

A flat map from case-file key (`FG-PERSON.name`, `<form id>.<field>`) to value; the latest wins,
history is in the submissions. Sealed at rest; personal data leave it only into a form, a letter
or an envelope.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import bindparam, select, update

from engine.feel import decode, encode
from engine.store.failures import LostRace
from engine.store.models import Base, CaseFile
from engine.store.unit_of_work import CaseFileSeen, Unit
from engine.store.upsert import insert_if_absent

PURPOSE = "case-file"
_FILES = Base.metadata.tables["case_file"]
_REPLACE = (
    update(_FILES)
    .where(
        _FILES.c.agency_id == bindparam("of_agency"),
        _FILES.c.business_key == bindparam("of_request"),
        _FILES.c.sealed == bindparam("seen"),
    )
    .values(sealed=bindparam("sealed"), updated_at=bindparam("updated_at"))
)


def read(unit: Unit, agency_id: str, business_key: str) -> dict[str, Any]:
    """All values by case-file key, as FEEL values; empty where there is no file yet."""
    seen = _seen(unit, agency_id, business_key)
    if seen.values is not None:
        return seen.values
    values = opened(unit, seen.sealed, agency_id, business_key)
    unit.case_files[agency_id, business_key] = CaseFileSeen(seen.sealed, values)
    return values


def note(unit: Unit, agency_id: str, business_key: str, sealed: bytes | None) -> None:
    """The file as a statement of the caller's has brought it along, unopened."""
    unit.case_files.setdefault((agency_id, business_key), CaseFileSeen(sealed))


def _seen(unit: Unit, agency_id: str, business_key: str) -> CaseFileSeen:
    if (agency_id, business_key) not in unit.case_files:
        query = select(CaseFile.sealed).where(
            CaseFile.agency_id == agency_id, CaseFile.business_key == business_key
        )
        note(unit, agency_id, business_key, unit.session.scalar(query))
    return unit.case_files[agency_id, business_key]


def opened(unit: Unit, sealed: bytes | None, agency_id: str, business_key: str) -> dict[str, Any]:
    """The values in a sealed case file."""
    if sealed is None:
        return {}
    bound = f"{agency_id}/{business_key}"
    stored = unit.engine.crypto.open_json(sealed, PURPOSE, bound)
    return {key: decode(value) for key, value in stored.items()}


def write(unit: Unit, agency_id: str, business_key: str, values: Mapping[str, Any]) -> None:
    """Store the whole file.

    Two instances of one request may fold into it at once. Raises `LostRace` when it is not as it
    was read any more: the verb runs again, and nothing of the other's is lost.
    """
    seen = _seen(unit, agency_id, business_key)
    stored = {key: encode(value) for key, value in values.items()}
    sealed = unit.engine.crypto.seal_json(stored, PURPOSE, f"{agency_id}/{business_key}")
    row = {"agency_id": agency_id, "business_key": business_key, "sealed": sealed}
    if not _replace(unit, row, seen.sealed):
        raise LostRace("verb.lost_race")
    unit.case_files[agency_id, business_key] = CaseFileSeen(sealed, dict(values))


def _replace(unit: Unit, row: dict[str, Any], seen: bytes | None) -> bool:
    """Whether the row was still as it was seen. No two seals are alike, so bytes tell."""
    if seen is None:
        return insert_if_absent(unit.session, CaseFile, **row, updated_at=unit.now)
    of = {"of_agency": row["agency_id"], "of_request": row["business_key"], "seen": seen}
    changed = unit.session.connection().execute(
        _REPLACE, of | {"sealed": row["sealed"], "updated_at": unit.now}
    )
    return changed.rowcount == 1


def chosen(values: Mapping[str, Any], prefixes: Iterable[str]) -> dict[str, Any]:
    """The values whose key is one of `prefixes` or stands below it (`FG-PERSON`)."""
    wanted = tuple(prefix.strip() for prefix in prefixes if prefix.strip())
    return {
        key: value
        for key, value in values.items()
        if any(key == prefix or key.startswith(prefix + ".") for prefix in wanted)
    }


def flat(values: Mapping[str, Any]) -> dict[str, Any]:
    """By field key alone, for conditions: `name` beside `FG-PERSON.name`; the latest wins."""
    return {key.rsplit(".", 1)[-1]: value for key, value in values.items()}

"""协作卷: what an agency knows of a request, folded from submissions and messages (D5).

A flat map from case-file key (`FG-PERSON.name`, `<form id>.<field>`) to value; the latest wins,
history is in the submissions. Sealed at rest; personal data leave it only into a form, a letter
or an envelope.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from engine.feel import decode, encode
from engine.store.models import CaseFile
from engine.store.unit_of_work import Unit
from engine.store.upsert import insert_or_update

PURPOSE = "case-file"


def read(unit: Unit, agency_id: str, business_key: str) -> dict[str, Any]:
    """All values by case-file key, as FEEL values; empty where there is no file yet."""
    query = select(CaseFile.sealed).where(
        CaseFile.agency_id == agency_id, CaseFile.business_key == business_key
    )
    return opened(unit, unit.session.scalar(query), agency_id, business_key)


def opened(unit: Unit, sealed: bytes | None, agency_id: str, business_key: str) -> dict[str, Any]:
    """The values in a sealed case file."""
    if sealed is None:
        return {}
    bound = f"{agency_id}/{business_key}"
    stored = unit.engine.crypto.open_json(sealed, PURPOSE, bound)
    return {key: decode(value) for key, value in stored.items()}


def write(unit: Unit, agency_id: str, business_key: str, values: Mapping[str, Any]) -> None:
    """Store the whole file."""
    stored = {key: encode(value) for key, value in values.items()}
    bound = f"{agency_id}/{business_key}"
    insert_or_update(
        unit.session,
        CaseFile,
        {"agency_id": agency_id, "business_key": business_key},
        {
            "sealed": unit.engine.crypto.seal_json(stored, PURPOSE, bound),
            "updated_at": unit.now,
        },
    )


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

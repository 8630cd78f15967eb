"""回执 (TPL-10) of a delivered message: made when it is asked for, from the envelope alone.

Nothing is stored: the envelope keeps number and instants, so the same receipt can always be made.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from engine import permissions
from engine.documents.sources import find_source
from engine.errors import NotFound
from engine.feel import Function, from_python, to_python
from engine.letters import Marks, fill, typesetter, words
from engine.store.models import Agency, Envelope, ProcessInstance
from engine.store.unit_of_work import Unit
from engine.timing.zone import local
from engine.verbs import verb

TEMPLATE = "TPL-10"


@verb
def receipt(unit: Unit, envelope_id: str, message_name: str) -> bytes:
    """The receipt as PDF, to either side of the message; recorded.

    `message_name`: how the message is called in the reader's language. Raises `NotFound`
    message.unknown, message.not_delivered.
    """
    envelope = unit.session.get(Envelope, envelope_id)
    if envelope is None or not _concerned(unit, envelope):
        raise NotFound("message.unknown", message=envelope_id)
    if envelope.receipt_no is None or envelope.delivered_at is None:
        raise NotFound("message.not_delivered", message=envelope_id)
    source = find_source(unit, None, TEMPLATE, "")
    filled = fill(source.letter, _names(unit, envelope, message_name))
    marks = Marks.of(filled, envelope.business_key, envelope.receipt_no, 1)
    detail = {"receipt": envelope.receipt_no}
    unit.audit("receipt.read", "envelope", envelope.id, detail=detail)
    return typesetter().pdf(source.typst, filled, marks, envelope.delivered_at)


def _concerned(unit: Unit, envelope: Envelope) -> bool:
    """Whoever sees an instance of the request in one of the two agencies."""
    if unit.actor.agency_id not in (envelope.from_agency, envelope.to_agency):
        return False
    query = select(ProcessInstance.id).where(
        ProcessInstance.business_key == envelope.business_key,
        permissions.sees_instance(unit.actor),
    )
    return unit.session.scalar(query.limit(1)) is not None


def _names(unit: Unit, envelope: Envelope, message_name: str) -> dict[str, Any]:
    assert envelope.delivered_at is not None
    numbers = [document["number"] for document in _documents(unit, envelope)]
    facts = {
        "agency": _name(unit, envelope.to_agency),
        "sender": _name(unit, envelope.from_agency),
        "request_no": envelope.business_key,
        "message_name": message_name,
        "message_documents": numbers or None,
        "received_at": envelope.delivered_at,
        "receipt_no": envelope.receipt_no,
        "number": envelope.receipt_no,
        "acknowledged_at": envelope.acknowledged_at,
        "issued_on": local(envelope.delivered_at).date(),
    }
    return {
        **{name: from_python(value) for name, value in facts.items()},
        "written": Function("written", ("value",), lambda value: words.written(to_python(value))),
    }


def _documents(unit: Unit, envelope: Envelope) -> list[dict[str, Any]]:
    if envelope.sealed is None:
        return []
    content = unit.engine.crypto.open_json(envelope.sealed, "envelope", envelope.id)
    found: list[dict[str, Any]] = content["documents"]
    return found


def _name(unit: Unit, agency_id: str) -> str:
    agency = unit.session.get(Agency, agency_id)
    return agency.name if agency is not None else agency_id

"""回执 (TPL-10) of a delivered message: made when it is asked for, from the envelope alone.

Nothing is stored: the envelope keeps number and instants, so the same receipt can always be made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from engine import permissions
from engine.documents.sources import find_source
from engine.errors import NotFound
from engine.feel import Function, from_python, to_python
from engine.letters import Marks, fill, typesetter, words
from engine.store.models import Agency, Document, Envelope, ProcessInstance
from engine.store.unit_of_work import Unit
from engine.timing.zone import local
from engine.verbs import verb

TEMPLATE = "TPL-10"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The receipt of a message that a document came or went with."""

    envelope_id: str
    message: str
    receipt_no: str
    to_name: str
    delivered_at: datetime
    acknowledged_at: datetime | None


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


def receipts_of(unit: Unit, document: Document) -> list[Receipt]:
    """The receipts of every message that the document, or its copy, travelled with."""
    query = (
        select(Envelope)
        .where(
            Envelope.business_key == document.business_key,
            Envelope.receipt_no.is_not(None),
            or_(
                Envelope.from_agency == document.agency_id,
                Envelope.to_agency == document.agency_id,
            ),
        )
        .order_by(Envelope.delivered_at)
    )
    return list(_receipts(unit, document, unit.session.scalars(query).all()))


def _receipts(unit: Unit, document: Document, sent: Sequence[Envelope]) -> Iterator[Receipt]:
    for one in sent:
        digests = {reference["pdf_sm3"] for reference in _documents(unit, one)}
        if document.pdf_sm3 in digests and one.receipt_no and one.delivered_at:
            yield Receipt(
                envelope_id=one.id,
                message=one.name,
                receipt_no=one.receipt_no,
                to_name=_name(unit, one.to_agency),
                delivered_at=one.delivered_at,
                acknowledged_at=one.acknowledged_at,
            )


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
        "message": envelope.name,
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

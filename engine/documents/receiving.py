"""Documents that came with a message: the receiver keeps a copy of its own (D13, SEC-12).

Agencies share no rows. What travels is a reference with its digest; on delivery the receiver's
instance gets the very PDF, to be read, never to be edited.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import undefer

from engine.documents.kept import PURPOSE
from engine.store.models import Document, ProcessInstance
from engine.store.types import new_id
from engine.store.unit_of_work import Unit


def receive(
    unit: Unit, instance: ProcessInstance, references: Iterable[Mapping[str, Any]]
) -> list[Document]:
    """Copy what is referred to into `instance`; what its agency has already is left alone."""
    ids = [str(reference["id"]) for reference in references]
    if not ids:
        return []
    query = select(Document).where(
        Document.id.in_(ids), Document.agency_id != instance.agency_id, Document.state == "issued"
    )
    sent = unit.session.scalars(query.options(undefer(Document.sealed), undefer(Document.pdf)))
    known = _known(unit, instance)
    return [
        _copy(unit, instance, one) for one in sent.all() if (one.number, one.version) not in known
    ]


def _known(unit: Unit, instance: ProcessInstance) -> set[tuple[str, int]]:
    query = select(Document.number, Document.version).where(
        Document.agency_id == instance.agency_id, Document.business_key == instance.business_key
    )
    return {(row.number, row.version) for row in unit.session.execute(query)}


def _copy(unit: Unit, instance: ProcessInstance, sent: Document) -> Document:
    id, crypto = new_id(), unit.engine.crypto
    words = crypto.open(sent.sealed, PURPOSE, sent.id)
    copy = Document(
        id=id,
        instance_id=instance.id,
        agency_id=instance.agency_id,
        business_key=instance.business_key,
        template=sent.template,
        title=sent.title,
        number=sent.number,
        version=sent.version,
        state="received",
        sealed=crypto.seal(words, PURPOSE, id),
        pdf=sent.pdf,
        pdf_sm3=sent.pdf_sm3,
        made_by=sent.made_by,
        made_at=unit.now,
    )
    unit.session.add(copy)
    detail = {"number": sent.number, "version": sent.version, "pdf_sm3": sent.pdf_sm3}
    unit.audit("document.received", "document", id, instance=instance, detail=detail)
    return copy

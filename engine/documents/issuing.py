"""Sealing and issuing what an instance has rendered; the state machine of a document.

draft → final → sealed → issued;  each of them → replaced by the next version
A record that those present sign goes from draft to issued without a seal.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from engine import case_files
from engine.feel import to_python
from engine.store.models import Attachment, Document, ProcessInstance
from engine.store.unit_of_work import Unit

SEALED_FILE = "document_seal.sealed_file"
"""Case-file key under which whoever seals hands in the sealed file."""


def seal(unit: Unit, instance: ProcessInstance, seal_status: str) -> Sequence[Document]:
    """What is final bears its seal now; where nothing is, every draft of the instance.

    `seal_status` in words (电子签章有效 …).
    """
    drafts = _in_state(unit, instance, "final") or _in_state(unit, instance, "draft")
    bearing_the_seal = _sealed_file(unit, instance)
    for document in drafts:
        document.state = "sealed"
        detail = {"number": document.number, "seal_status": seal_status, **bearing_the_seal}
        unit.audit("document.sealed", "document", document.id, instance=instance, detail=detail)
    return drafts


def issue(unit: Unit, instance: ProcessInstance) -> Sequence[Document]:
    """Every sealed document of the instance leaves the house; older versions are replaced."""
    sealed = _in_state(unit, instance, "sealed")
    before = {(old.number, old.version): old for old in _in_state(unit, instance, "issued")}
    for document in sealed:
        document.state = "issued"
        for (number, version), old in before.items():
            if number == document.number and version < document.version:
                old.state = "replaced"
        detail = {"number": document.number, "version": document.version}
        unit.audit("document.issued", "document", document.id, instance=instance, detail=detail)
    # A message thrown in the same run looks for them in the table.
    unit.session.flush()
    return sealed


def _sealed_file(unit: Unit, instance: ProcessInstance) -> dict[str, str]:
    """用印文书: the file that was handed in with the seal on it, and its digest."""
    known = case_files.read(unit, instance.agency_id, instance.business_key)
    found = to_python(known.get(SEALED_FILE))
    id = found[0] if isinstance(found, list) and found else found
    file = unit.session.get(Attachment, id) if isinstance(id, str) else None
    return {"file": file.id, "file_sm3": file.sm3} if file is not None else {}


def _in_state(unit: Unit, instance: ProcessInstance, state: str) -> Sequence[Document]:
    query = (
        select(Document)
        .where(Document.instance_id == instance.id, Document.state == state)
        .order_by(Document.made_at, Document.number, Document.version)
    )
    return unit.session.scalars(query).all()

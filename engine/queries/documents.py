"""Documents: the very bytes, and the page that tells everything about one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from engine import directory, permissions
from engine.actors import Actor
from engine.documents.access import seen
from engine.documents.editing import may_edit
from engine.documents.kept import Kept
from engine.documents.receipts import Receipt, receipts_of
from engine.engine import Engine
from engine.errors import NotFound
from engine.letters import Block, Edit
from engine.store.models import AuditRow, Document, ProcessDefinition, ProcessInstance
from engine.store.unit_of_work import Unit
from engine.verbs import verb

_MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
STATIONS = (
    "document.rendered",
    "document.edited",
    "document.final",
    "document.draft",
    "document.sealed",
    "document.issued",
    "document.received",
)
"""Audit actions that are told on a document's page; readings are the audit's alone."""


@dataclass(frozen=True)
class DocumentFile:
    """A document ready to be sent."""

    filename: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Station:
    """What happened to a version: audit action, when, by whom, with what."""

    action: str
    at: datetime
    person: str
    version: int
    detail: dict[str, Any]


@dataclass(frozen=True)
class Version:
    """One version of a document, the latest first."""

    id: str
    version: int
    state: str
    made_at: datetime
    made_by: str
    pdf_sm3: str | None
    has_docx: bool


@dataclass(frozen=True)
class DocumentPage:
    """All that the page of a document shows. Holds personal data."""

    document: Document
    instance: ProcessInstance
    made_with: dict[str, str]
    missing: int
    edits: Sequence[Edit]
    """What people changed of the template's words."""
    lost: Sequence[Edit]
    """What they had changed before the facts did."""
    versions: Sequence[Version]
    stations: Sequence[Station]
    receipts: Sequence[Receipt]
    people: dict[str, str]
    may_edit: bool


@verb
def read_document(unit: Unit, document_id: str, kind: str) -> DocumentFile:
    """The original as `pdf` or `docx`; a verb because the reading is recorded.

    Raises NotFound("document.unknown") where it does not exist or the actor may not see it.
    """
    if kind not in _MEDIA_TYPES:
        raise NotFound("document.unknown", id=document_id)
    document, instance = seen(unit, document_id)
    unit.session.refresh(document, [kind])
    content = getattr(document, kind)
    if content is None:
        raise NotFound("document.unknown", id=document_id)
    detail = {"number": document.number, "format": kind}
    unit.audit("document.read", "document", document.id, instance=instance, detail=detail)
    return DocumentFile(f"{document.number}.{kind}", _MEDIA_TYPES[kind], content)


@verb
def document_page(unit: Unit, document_id: str) -> DocumentPage:
    """Everything about a document but its pages; recorded. Raises `NotFound`."""
    document, instance = seen(unit, document_id)
    kept = Kept.of(unit, document)
    versions = _versions(unit, document)
    stations = _stations(unit, document.instance_id, versions)
    unit.audit("document.read", "document", document.id, instance=instance)
    mentioned = {one.made_by for one in versions} | {one.person for one in stations}
    return DocumentPage(
        document=document,
        instance=instance,
        made_with=dict(kept.made_with),
        missing=len(kept.filled.missing),
        edits=kept.edits,
        lost=kept.lost,
        versions=versions,
        stations=stations,
        receipts=receipts_of(unit, document),
        people=directory.names(unit.session, unit.engine.crypto, mentioned),
        may_edit=may_edit(unit, document, instance),
    )


@dataclass(frozen=True)
class Comparison:
    """Two versions of a document, block by block."""

    document: Document
    before: Version
    after: Version
    blocks_before: Sequence[Block]
    blocks_after: Sequence[Block]


@verb
def compare_versions(unit: Unit, document_id: str, other_id: str) -> Comparison:
    """`other_id` is an earlier version of the same document; recorded. Raises `NotFound`."""
    document, instance = seen(unit, document_id)
    by_id = {one.id: one for one in _versions(unit, document)}
    if other_id not in by_id:
        raise NotFound("document.unknown", id=other_id)
    other, _ = seen(unit, other_id)
    unit.audit("document.read", "document", document.id, instance=instance)
    return Comparison(
        document=document,
        before=by_id[other_id],
        after=by_id[document_id],
        blocks_before=Kept.of(unit, other).filled.blocks,
        blocks_after=Kept.of(unit, document).filled.blocks,
    )


@dataclass(frozen=True)
class Listed:
    """A line in the list of a request's documents."""

    document: Document
    process_name: str


def documents_of_request(engine: Engine, actor: Actor, instance_id: str) -> list[Listed]:
    """The documents of all instances of the request that the actor may see, without the versions
    that were replaced, the latest first. Raises `NotFound`.
    """
    with engine.database.read() as session:
        seen_here = permissions.sees_instance(actor)
        instance = session.scalars(
            select(ProcessInstance).where(ProcessInstance.id == instance_id, seen_here)
        ).one_or_none()
        if instance is None:
            raise NotFound("instance.unknown", instance=instance_id)
        query = (
            select(Document, ProcessDefinition.name)
            .join(ProcessInstance, ProcessInstance.id == Document.instance_id)
            .join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
            .where(Document.business_key == instance.business_key, Document.state != "replaced")
            .where(Document.agency_id == instance.agency_id, seen_here)
            .order_by(Document.made_at.desc(), Document.number)
        )
        return [Listed(document, name) for document, name in session.execute(query)]


def _versions(unit: Unit, document: Document) -> list[Version]:
    query = _same(document).order_by(Document.version.desc())
    return [
        Version(
            one.id,
            one.version,
            one.state,
            one.made_at,
            one.made_by,
            one.pdf_sm3,
            one.docx_sm3 is not None,
        )
        for one in unit.session.scalars(query)
    ]


def _same(document: Document) -> Select[Document]:
    """The versions of one document; of a copy that came, those that came to the same instance."""
    return select(Document).where(
        Document.instance_id == document.instance_id, Document.number == document.number
    )


def _stations(unit: Unit, chain: str, versions: Sequence[Version]) -> list[Station]:
    numbers = {one.id: one.version for one in versions}
    query = (
        select(AuditRow)
        .where(
            AuditRow.chain == chain,
            AuditRow.object_id.in_(numbers),
            AuditRow.action.in_(STATIONS),
        )
        .order_by(AuditRow.position)
    )
    rows = unit.session.scalars(query).all()
    edited = {row.object_id for row in rows if row.action == "document.edited"}
    return [
        Station(row.action, row.at, row.actor, numbers[row.object_id], dict(row.detail or {}))
        for row in rows
        # An edit makes its version: that is told once.
        if row.action != "document.rendered" or row.object_id not in edited
    ]

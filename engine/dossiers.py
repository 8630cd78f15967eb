"""卷宗: everything an agency holds of a request, gathered to be exported (SEC-22).

A verb, because the reading is recorded before anything is shown: who, when, why, which instances.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import undefer

from engine import directory, permissions, reasons
from engine.attachments import CONTENT, NAME
from engine.errors import NotFound, Refusal
from engine.queries import deadlines, envelopes, timeline
from engine.queries.deadlines import DeadlineView
from engine.queries.envelopes import EnvelopeView
from engine.queries.timeline import Event
from engine.store.crypto import sm3
from engine.store.models import (
    Agency,
    Attachment,
    Document,
    ProcessDefinition,
    ProcessInstance,
    Submission,
    UserTask,
)
from engine.store.unit_of_work import Unit
from engine.submissions import PURPOSE
from engine.verbs import verb


@dataclass(frozen=True, slots=True)
class Entered:
    """A form as it was handed in; `form` is its expanded schema."""

    step: str
    form: dict[str, Any]
    values: dict[str, Any]
    version: int
    by: str
    happened_at: datetime | None
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Paper:
    """A file of the dossier, as it is kept: its bytes have the digest of the day it came."""

    name: str
    title: str
    media_type: str
    content: bytes
    at: datetime


@dataclass(frozen=True, slots=True)
class Dossier:
    """All of it, in the order in which it happened."""

    request_no: str
    case_no: str | None
    agency: str
    instances: Sequence[tuple[ProcessInstance, str]]
    """Each with the name of its process."""
    entered: Sequence[Entered]
    documents: Sequence[Paper]
    attachments: Sequence[Paper]
    deadlines: Sequence[DeadlineView]
    envelopes: Sequence[EnvelopeView]
    events: Sequence[Event]
    people: dict[str, str]
    gathered_at: datetime


@verb
def gather_dossier(unit: Unit, instance_id: str, reason: str) -> Dossier:
    """The dossier of the request of an instance, as far as the actor sees its instances.

    Raises `NotFound`, `Refusal` (reason.missing; file.altered where a digest no longer fits).
    """
    reasons.require(reason)
    instances = _instances(unit, instance_id)
    first, _ = instances[0]
    ids = [instance.id for instance, _ in instances]
    for instance, _ in instances:
        detail = {"reason": reason}
        unit.audit("dossier.exported", "instance", instance.id, instance=instance, detail=detail)
    limits = deadlines.of_instances(unit.session, ids)
    mail = envelopes.of_request(unit.session, first.business_key, first.agency_id)
    rows = [instance for instance, _ in instances]
    story = timeline.events(unit.session, rows, limits, mail, first.agency_id)
    entered = list(_entered(unit, ids))
    mentioned = {event.person for event in story} | {one.by for one in entered}
    return Dossier(
        request_no=first.business_key,
        case_no=next((row.case_no for row in rows if row.case_no), None),
        agency=unit.session.get_one(Agency, first.agency_id).name,
        instances=instances,
        entered=entered,
        documents=list(_documents(unit, ids)),
        attachments=list(_attachments(unit, first)),
        deadlines=limits,
        envelopes=mail,
        events=story,
        people=directory.names(unit.session, unit.engine.crypto, mentioned),
        gathered_at=unit.now,
    )


def _instances(unit: Unit, instance_id: str) -> list[tuple[ProcessInstance, str]]:
    """The instances of the request that the actor sees, locked: each audits the reading."""
    seen = permissions.sees_instance(unit.actor)
    query = select(ProcessInstance).where(ProcessInstance.id == instance_id, seen)
    chosen = unit.session.scalars(query).one_or_none()
    if chosen is None:
        raise NotFound("instance.unknown", instance=instance_id)
    of_request = (
        select(ProcessInstance, ProcessDefinition.name)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
        .where(
            ProcessInstance.business_key == chosen.business_key,
            ProcessInstance.agency_id == chosen.agency_id,
            seen,
        )
        .order_by(ProcessInstance.id)
        .with_for_update(of=ProcessInstance)
    )
    found = [(instance, name) for instance, name in unit.session.execute(of_request)]
    return sorted(found, key=lambda one: one[0].started_at)


def _entered(unit: Unit, ids: Sequence[str]) -> Iterable[Entered]:
    query = (
        select(Submission, UserTask.name)
        .outerjoin(UserTask, UserTask.id == Submission.task_id)
        .where(Submission.instance_id.in_(ids))
        .order_by(Submission.recorded_at, Submission.id)
    )
    definitions, crypto = unit.engine.definitions, unit.engine.crypto
    for row, step in unit.session.execute(query):
        content = crypto.open(row.sealed, PURPOSE, row.id)
        yield Entered(
            step=step or "",
            form=definitions.form(unit.session, row.definition_id, row.form_key),
            values=orjson.loads(content),
            version=row.version,
            by=row.submitted_by,
            happened_at=row.happened_at,
            recorded_at=row.recorded_at,
        )


def _documents(unit: Unit, ids: Sequence[str]) -> Iterable[Paper]:
    query = (
        select(Document)
        .where(Document.instance_id.in_(ids), Document.pdf.is_not(None))
        .where(Document.state != "replaced")
        .options(undefer(Document.pdf))
        .order_by(Document.made_at, Document.number)
    )
    for row in unit.session.scalars(query):
        if row.pdf is None or (row.pdf_sm3 and sm3(row.pdf) != row.pdf_sm3):
            raise Refusal("file.altered", id=row.id)
        name, title = f"{row.number}.pdf", f"{row.title}（{row.number}）"
        yield Paper(name, title, "application/pdf", row.pdf, row.made_at)


def _attachments(unit: Unit, instance: ProcessInstance) -> Iterable[Paper]:
    query = (
        select(Attachment)
        .where(
            Attachment.business_key == instance.business_key,
            Attachment.agency_id == instance.agency_id,
        )
        .options(undefer(Attachment.sealed))
        .order_by(Attachment.uploaded_at, Attachment.id)
    )
    crypto = unit.engine.crypto
    for row in unit.session.scalars(query):
        content = crypto.open(row.sealed, CONTENT, row.id)
        if sm3(content) != row.sm3:
            raise Refusal("file.altered", id=row.id)
        name = crypto.open_text(row.filename, NAME, row.id)
        yield Paper(name, name, row.media_type, content, row.uploaded_at)

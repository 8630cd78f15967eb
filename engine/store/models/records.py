"""What officers enter and what the law counts: submissions, files, documents, deadlines."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.models.base import Base
from engine.store.types import Id, Json, new_id


class Submission(Base):
    """A completed form, encrypted; corrected only by a further version with a reason."""

    __tablename__ = "submission"
    __table_args__ = (Index("ix_submission_request", "agency_id", "business_key"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    task_id: Mapped[str | None] = mapped_column(Id, index=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), index=True)
    agency_id: Mapped[str] = mapped_column(String(32))
    business_key: Mapped[str] = mapped_column(String(80))
    form_key: Mapped[str] = mapped_column(String(120))
    definition_id: Mapped[str] = mapped_column(Id)
    version: Mapped[int] = mapped_column(default=1)
    reason: Mapped[str | None] = mapped_column(String(500))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[str] = mapped_column(String(64))
    submitted_by: Mapped[str] = mapped_column(String(64))
    happened_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime]


class CaseFile(Base):
    """协作卷: the folded submissions of a request, one per agency, encrypted."""

    __tablename__ = "case_file"

    agency_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    business_key: Mapped[str] = mapped_column(String(80), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    updated_at: Mapped[datetime]


class Draft(Base):
    """What a person has typed and not yet sent; theirs alone."""

    __tablename__ = "draft"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    """The task's id, or `start:<process key>`."""
    person_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    saved_at: Mapped[datetime]


class Attachment(Base):
    """An uploaded file, encrypted, at most 20 MB; kept from the moment it arrives."""

    __tablename__ = "attachment"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    agency_id: Mapped[str] = mapped_column(String(32))
    business_key: Mapped[str | None] = mapped_column(String(80), index=True)
    filename: Mapped[bytes] = mapped_column(LargeBinary)
    """Encrypted too: names of files name people."""
    media_type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int]
    sm3: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    uploaded_by: Mapped[str] = mapped_column(String(64))
    uploaded_at: Mapped[datetime]


class IndexTerm(Base):
    """HMAC of a normalised value, for exact search without the value."""

    __tablename__ = "index_term"
    __table_args__ = (Index("ix_index_term_search", "term", "field"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    term: Mapped[str] = mapped_column(String(64))
    field: Mapped[str] = mapped_column(String(80))
    agency_id: Mapped[str] = mapped_column(String(32))
    business_key: Mapped[str] = mapped_column(String(80), index=True)
    instance_id: Mapped[str] = mapped_column(Id)


class WatchEntry(Base):
    """布控名单: somebody the stations look for; removed when the request ends or is lifted."""

    __tablename__ = "watch_entry"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    agency_id: Mapped[str] = mapped_column(String(32), index=True)
    business_key: Mapped[str] = mapped_column(String(80), index=True)
    instance_id: Mapped[str] = mapped_column(Id)
    term: Mapped[str] = mapped_column(String(64), index=True)
    masked: Mapped[bytes] = mapped_column(LargeBinary)
    """Encrypted: what a hit shows (name, masked number, measure)."""
    valid_to: Mapped[datetime | None]
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class DisciplineEntry(Base):
    """失信名单 as the agency holds it: a row per document number; stays when it is off the list."""

    __tablename__ = "discipline_entry"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    agency_id: Mapped[str] = mapped_column(String(32))
    business_key: Mapped[str] = mapped_column(String(80), index=True)
    term: Mapped[str] = mapped_column(String(64), index=True)
    masked: Mapped[bytes] = mapped_column(LargeBinary)
    """Encrypted: what a hit shows (masked name and number, decision, court)."""
    valid_to: Mapped[datetime | None]
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    removed_for: Mapped[str | None] = mapped_column(String(40))


class DisciplineUse(Base):
    """What a person decided on a matter because of an entry: 限制, 提示, 不限制."""

    __tablename__ = "discipline_use"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    agency_id: Mapped[str] = mapped_column(String(32))
    entry_id: Mapped[str] = mapped_column(ForeignKey("discipline_entry.id"), index=True)
    business_key: Mapped[str] = mapped_column(String(80))
    restriction: Mapped[str] = mapped_column(String(16))
    used_at: Mapped[datetime]


class Document(Base):
    """An issued document: number, digests, the very bytes."""

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("agency_id", "number", "version"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), index=True)
    agency_id: Mapped[str] = mapped_column(String(32))
    business_key: Mapped[str] = mapped_column(String(80), index=True)
    template: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    number: Mapped[str] = mapped_column(String(80))
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(String(16))
    """draft · sealed · issued · replaced (a later version stands) · received (a copy)"""
    sealed: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    """Encrypted data the document was filled with."""
    pdf: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    docx: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    pdf_sm3: Mapped[str | None] = mapped_column(String(64))
    docx_sm3: Mapped[str | None] = mapped_column(String(64))
    made_by: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]


class Deadline(Base):
    """法定期限: a fold over its ledger; `due_at` is the exclusive end."""

    __tablename__ = "deadline"
    __table_args__ = (
        Index("ix_deadline_running", "state", "due_at"),
        Index("ix_deadline_overseen", "agency_id", "state", "due_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), index=True)
    agency_id: Mapped[str] = mapped_column(String(32))
    unit_id: Mapped[str | None] = mapped_column(String(32))
    business_key: Mapped[str] = mapped_column(String(80), index=True)
    period_id: Mapped[str] = mapped_column(String(60))
    element_id: Mapped[str] = mapped_column(String(120))
    """The timer event that draws it."""
    duty_element_id: Mapped[str] = mapped_column(String(120))
    """The activity whose end meets it."""
    job_id: Mapped[str | None] = mapped_column(Id)
    scope_id: Mapped[str] = mapped_column(Id)
    """The engine task of that activity: this entry of it, not another."""
    kind: Mapped[str] = mapped_column(String(12))
    """statutory · advisory · hint (提示: another limit of the duty was lawfully extended)"""
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(12))
    """running · overdue · met · met_late · void"""
    met_at: Mapped[datetime | None]
    provisional: Mapped[bool] = mapped_column(default=False)
    profile: Mapped[str] = mapped_column(String(40))
    norms_version: Mapped[str] = mapped_column(String(64))
    calendar_version: Mapped[str] = mapped_column(String(64))
    derivation: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    clause: Mapped[str] = mapped_column(String(200), default="")


class DeadlineEntry(Base):
    """One fact of a deadline's ledger: it happened then, it was recorded then."""

    __tablename__ = "deadline_entry"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    deadline_id: Mapped[str] = mapped_column(ForeignKey("deadline.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    """start · extension · hint · suspension · resumption · recomputed · reminder · overdue ·
    escalation · met · void"""
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    """The due instant after this entry."""
    actor: Mapped[str] = mapped_column(String(64))
    ground: Mapped[str | None] = mapped_column(String(500))
    clause: Mapped[str | None] = mapped_column(String(200))
    detail: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)

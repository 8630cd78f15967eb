"""What runs: instances, their open tasks, jobs, subscriptions, envelopes, incidents, history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, query_expression

from engine.store.models.base import Base
from engine.store.types import Id, Json, new_id


class ProcessInstance(Base):
    """One run of a process definition for one agency. The row every verb locks first."""

    __tablename__ = "process_instance"
    __table_args__ = (
        Index("ix_process_instance_request", "business_key", "agency_id"),
        # What supervisors list: by time, with both numbers to be searched in the index itself.
        Index(
            "ix_process_instance_listed",
            "agency_id",
            "started_at",
            "id",
            "business_key",
            "case_no",
        ),
        Index("ix_process_instance_procedure", "agency_id", "process_key", "started_at", "id"),
        Index("ix_process_instance_unit", "agency_id", "unit_id", "started_at", "id"),
        Index(
            "ix_process_instance_open",
            "agency_id",
            "started_at",
            "id",
            postgresql_where=text("ended_at IS NULL"),
            sqlite_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    definition_id: Mapped[str] = mapped_column(ForeignKey("process_definition.id"), index=True)
    process_key: Mapped[str] = mapped_column(String(120))
    business_key: Mapped[str] = mapped_column(String(80), index=True)
    case_no: Mapped[str | None] = mapped_column(String(80), index=True)
    origin_request: Mapped[str | None] = mapped_column(String(80), index=True)
    """Number of the request that this one is about or came out of."""
    agency_id: Mapped[str] = mapped_column(String(32))
    unit_id: Mapped[str | None] = mapped_column(String(32))
    """The unit that answers for it: the starter's, or the one the message was addressed to."""
    profile: Mapped[str] = mapped_column(String(40))
    norms_version: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16), index=True)
    """active · suspended · completed · cancelled · terminated"""
    outcome: Mapped[str | None] = mapped_column(String(120))
    """Name of the end event reached, e.g. 已移交."""
    incident_count: Mapped[int] = mapped_column(default=0)
    open_deadlines: Mapped[int] = mapped_column(default=0)
    """Deadlines neither met nor void: where there is none, nobody need look."""
    started_by: Mapped[str] = mapped_column(String(64))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    """Counted up by every verb; a client shows which one it saw."""
    variables: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    """FEEL values as engine.feel.codec encodes them; never personal data."""
    parties: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    """agency kind → agency id of the request's other sides."""
    audit_head: Mapped[str] = mapped_column(String(64), default="")
    audit_count: Mapped[int] = mapped_column(default=0)
    blob: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """Compressed engine state; gone when the instance has ended."""
    next_timer: Mapped[datetime | None] = query_expression()
    """No column: when the first waiting timer is due, read with the lock; None: nobody asked."""

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class UserTask(Base):
    """A form that waits for a person, or waited."""

    __tablename__ = "user_task"
    __table_args__ = (
        Index(
            "ix_user_task_open",
            "agency_id",
            "role",
            "unit_id",
            postgresql_where=text("state = 'open'"),
            sqlite_where=text("state = 'open'"),
        ),
        Index("ix_user_task_assignee", "assignee", "state"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), index=True)
    definition_id: Mapped[str] = mapped_column(ForeignKey("process_definition.id"))
    """Of the diagram the element stands in (a called process has its own)."""
    element_id: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(200))
    business_key: Mapped[str] = mapped_column(String(80), index=True)
    agency_id: Mapped[str] = mapped_column(String(32))
    role: Mapped[str] = mapped_column(String(64))
    unit_id: Mapped[str | None] = mapped_column(String(32))
    assignee: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    """open · completed · cancelled"""
    form_key: Mapped[str | None] = mapped_column(String(120))
    row_id: Mapped[str | None] = mapped_column(String(64))
    """The row of a repeating group that this multi-instance task is about."""
    variables: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    """What its form sees beside the instance's variables, as it was when the task was opened."""
    priority: Mapped[int] = mapped_column(default=50)
    created_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    """Exclusive end of the earliest running deadline above it, or camunda:dueDate."""
    deadline_id: Mapped[str | None] = mapped_column(Id)
    completed_at: Mapped[datetime | None]
    completed_by: Mapped[str | None] = mapped_column(String(64))


class Job(Base):
    """Something that happens by itself at `due_at`: a timer, a delivery, a reminder, a retry."""

    __tablename__ = "job"
    __table_args__ = (
        Index(
            "ix_job_due",
            "due_at",
            "id",
            postgresql_where=text("state = 'waiting'"),
            sqlite_where=text("state = 'waiting'"),
        ),
        Index("ix_job_instance", "instance_id", "state"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(16))
    """timer · message · wake · signal · async · ladder · urgent · timer_start · signal_start"""
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("process_instance.id"))
    task_id: Mapped[str | None] = mapped_column(Id)
    """Timer, signal, async: the engine task. Message, urgent: the envelope; ladder: deadline;
    timer_start, signal_start: the process definition."""
    element_id: Mapped[str | None] = mapped_column(String(120))
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    """waiting · done · cancelled · failed"""
    retries: Mapped[int] = mapped_column(default=3)
    error: Mapped[str | None] = mapped_column(String(1000))
    detail: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    created_at: Mapped[datetime]
    fired_at: Mapped[datetime | None]


class Subscription(Base):
    """A message or signal that an instance waits for."""

    __tablename__ = "subscription"
    __table_args__ = (Index("ix_subscription_message", "kind", "name", "business_key"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    """The waiting engine task."""
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), index=True)
    agency_id: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(12))
    """message · signal"""
    name: Mapped[str] = mapped_column(String(120))
    business_key: Mapped[str] = mapped_column(String(80))
    element_id: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime]


class Envelope(Base):
    """A message between agencies (procedures A5), stored once by its message id."""

    __tablename__ = "envelope"
    __table_args__ = (Index("ix_envelope_waiting", "to_agency", "state"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    business_key: Mapped[str] = mapped_column(String(80), index=True)
    from_agency: Mapped[str] = mapped_column(String(32))
    from_unit: Mapped[str | None] = mapped_column(String(32))
    from_person: Mapped[str | None] = mapped_column(String(64))
    to_agency: Mapped[str] = mapped_column(String(32))
    to_unit: Mapped[str | None] = mapped_column(String(32))
    to_process: Mapped[str | None] = mapped_column(String(120))
    """The participant at the other end of the message flow, where one is drawn."""
    case_no: Mapped[str | None] = mapped_column(String(80))
    profile: Mapped[str] = mapped_column(String(40))
    sender_instance: Mapped[str | None] = mapped_column(Id)
    variables: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Encrypted case-file fields and document references that travel."""
    payload_sm3: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16), index=True)
    """delivered · waiting (no subscriber yet, 待接) · correlated · ambiguous"""
    urgent: Mapped[bool] = mapped_column(default=False)
    sent_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
    receipt_no: Mapped[str | None] = mapped_column(String(80))
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None] = mapped_column(String(64))
    correlated_at: Mapped[datetime | None]
    instance_id: Mapped[str | None] = mapped_column(Id)


class Incident(Base):
    """Something the engine could not do by itself; a person must look."""

    __tablename__ = "incident"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("process_instance.id"), index=True)
    job_id: Mapped[str | None] = mapped_column(Id)
    envelope_id: Mapped[str | None] = mapped_column(String(64))
    element_id: Mapped[str | None] = mapped_column(String(120))
    code: Mapped[str] = mapped_column(String(80))
    params: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    state: Mapped[str] = mapped_column(String(12), default="open", index=True)
    """open · resolved"""
    raised_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[str | None] = mapped_column(String(64))
    resolution: Mapped[str | None] = mapped_column(String(500))


class ExternalTask(Base):
    """A service task whose topic a worker outside answers: fetched, locked, done."""

    __tablename__ = "external_task"
    __table_args__ = (Index("ix_external_task_fetch", "topic", "state", "lock_expires_at"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    """The waiting engine task."""
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), index=True)
    definition_id: Mapped[str] = mapped_column(Id)
    element_id: Mapped[str] = mapped_column(String(120))
    agency_id: Mapped[str] = mapped_column(String(32))
    business_key: Mapped[str] = mapped_column(String(80))
    topic: Mapped[str] = mapped_column(String(120))
    priority: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(12), default="open")
    """open · done · cancelled"""
    worker_id: Mapped[str | None] = mapped_column(String(120))
    lock_expires_at: Mapped[datetime | None]
    retries: Mapped[int | None]
    """None until a worker has failed once; 0 needs a person."""
    error_message: Mapped[str | None] = mapped_column(String(666))
    error_details: Mapped[str | None] = mapped_column(Text)
    inputs: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    """Local variables of the task, as engine.feel.codec encodes them."""
    created_at: Mapped[datetime]


class Activity(Base):
    """History: one entry of one element, as the timeline and the diagram show it."""

    __tablename__ = "activity"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    """The engine task."""
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), index=True)
    definition_id: Mapped[str] = mapped_column(Id)
    element_id: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(12))
    """active · completed · cancelled"""
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    flow_id: Mapped[str | None] = mapped_column(String(120))
    """The sequence flow by which the token came: the way taken, and what scenarios cover."""

"""Programs that speak to the REST interface, and what they or people note on tasks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.models.base import Base
from engine.store.types import Id, Json, new_id


class Client(Base):
    """A program with an account: it belongs to a unit and holds roles there, as a person does."""

    __tablename__ = "client"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    """`client-` and the name its administrator gave it."""
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"), index=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    roles: Mapped[list[str]] = mapped_column(Json, default=list)
    topics: Mapped[list[str]] = mapped_column(Json, default=list)
    """External tasks it may work on, by topic; empty: none."""
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """The token itself is shown once and stored nowhere."""
    created_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class TaskComment(Base):
    """A note on a user task; sealed, for it may name people."""

    __tablename__ = "task_comment"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    task_id: Mapped[str] = mapped_column(ForeignKey("user_task.id"), index=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), index=True)
    author: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime]

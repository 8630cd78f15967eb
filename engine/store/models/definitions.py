"""What analysts publish: deployments, their files, the process definitions in them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.models.base import Base
from engine.store.types import Id, Json, new_id


class Deployment(Base):
    """One publication of a folder: all its files or none."""

    __tablename__ = "deployment"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(120))
    digest: Mapped[str] = mapped_column(String(64), index=True)
    note: Mapped[str] = mapped_column(String(500), default="")
    deployed_at: Mapped[datetime]
    deployed_by: Mapped[str] = mapped_column(String(64))


class Resource(Base):
    """One file of a deployment, byte for byte as it was handed in."""

    __tablename__ = "resource"

    deployment_id: Mapped[str] = mapped_column(ForeignKey("deployment.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(255), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))


class ProcessDefinition(Base):
    """An executable process of a diagram; (key, version) is what instances stay on."""

    __tablename__ = "process_definition"
    __table_args__ = (UniqueConstraint("key", "version"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    deployment_id: Mapped[str] = mapped_column(ForeignKey("deployment.id"), index=True)
    key: Mapped[str] = mapped_column(String(120))
    version: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    agency_kind: Mapped[str] = mapped_column(String(32), default="")
    """The pool's property `agency`: court, police, …; empty outside a collaboration."""
    resource_name: Mapped[str] = mapped_column(String(255))
    digest: Mapped[str] = mapped_column(String(64))
    startable_by: Mapped[list[str]] = mapped_column(Json, default=list)
    """Role codes that may start it by hand (none start event); empty = not by hand."""
    start_form: Mapped[str | None] = mapped_column(String(120))
    start_messages: Mapped[list[str]] = mapped_column(Json, default=list)
    start_timers: Mapped[list[dict[str, str]]] = mapped_column(Json, default=list)
    """`element`: a start event that begins by itself."""
    start_signals: Mapped[list[dict[str, str]]] = mapped_column(Json, default=list)
    """`element`, `signal`."""
    suspended: Mapped[bool] = mapped_column(default=False)


class StudioDraft(Base):
    """A file as an analyst has changed it and not yet published; theirs alone."""

    __tablename__ = "studio_draft"

    person_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    procedure: Mapped[str] = mapped_column(String(120), primary_key=True)
    """`Deployment.name` of what it will be published as."""
    name: Mapped[str] = mapped_column(String(255), primary_key=True)
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Byte for byte as it was handed in; None: the file shall go."""
    base_sha256: Mapped[str] = mapped_column(String(64), default="")
    """The published content the work began on; empty where there was none."""
    saved_at: Mapped[datetime]

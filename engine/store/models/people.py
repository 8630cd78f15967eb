"""Who works here: agencies, units, people, their posts, sessions; what they are told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.models.base import Base
from engine.store.types import Id, Json, new_id


class Agency(Base):
    """A court or a public security bureau: a tenant."""

    __tablename__ = "agency"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    """A court's code (豫1321), a bureau's area code with its letter (公411321)."""
    kind: Mapped[str] = mapped_column(String(32))
    """court · police · local_court · procuratorate"""
    name: Mapped[str] = mapped_column(String(120))
    profile: Mapped[str] = mapped_column(String(40))
    counterpart_id: Mapped[str | None] = mapped_column(String(32))
    """Where its requests go unless a form says otherwise."""
    settings: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)


class Unit(Base):
    """A division, station, team of one agency."""

    __tablename__ = "unit"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    area_code: Mapped[str | None] = mapped_column(String(12))
    closed_at: Mapped[datetime | None]


class Person(Base):
    """An account. Name and phone are encrypted; the login is not a personal number."""

    __tablename__ = "person"

    id: Mapped[str] = mapped_column(String(64), primary_key=True, default=new_id)
    login: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[bytes] = mapped_column(LargeBinary)
    phone: Mapped[bytes | None] = mapped_column(LargeBinary)
    certificate_no: Mapped[bytes | None] = mapped_column(LargeBinary)
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"), index=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    demo: Mapped[bool] = mapped_column(default=False)
    failed_sign_ins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    active: Mapped[bool] = mapped_column(default=True)
    left_at: Mapped[datetime | None]


class Post(Base):
    """A person holds a role in a unit, for a time."""

    __tablename__ = "post"
    __table_args__ = (
        Index(
            "uq_post_held",
            "person_id",
            "unit_id",
            "role",
            unique=True,
            postgresql_where=text("until IS NULL"),
            sqlite_where=text("until IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"), index=True)
    role: Mapped[str] = mapped_column(String(64), index=True)
    since: Mapped[datetime]
    until: Mapped[datetime | None]


class PasswordReset(Base):
    """A password given by an administrator; counts from `confirmed_at` to `changed_at`."""

    __tablename__ = "password_reset"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    agency_id: Mapped[str] = mapped_column(String(32))
    password_hash: Mapped[str] = mapped_column(String(200))
    asked_by: Mapped[str] = mapped_column(String(64))
    asked_at: Mapped[datetime]
    confirmer: Mapped[str | None] = mapped_column(String(64))
    confirmed_at: Mapped[datetime | None]
    changed_at: Mapped[datetime | None]


class DirectoryEntry(Base):
    """名录 (B27): who is a liaison officer, which unit answers for a matter; never overwritten."""

    __tablename__ = "directory_entry"
    __table_args__ = (Index("ix_directory_entry", "agency_id", "place", "valid_from"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"))
    place: Mapped[str] = mapped_column(String(60))
    """What is to be filled without gap: a role (联络员, 第二联络员, …) or a matter."""
    unit_id: Mapped[str] = mapped_column(String(32))
    name: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone: Mapped[bytes | None] = mapped_column(LargeBinary)
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime | None]
    """Not included; None: until somebody follows."""
    business_key: Mapped[str] = mapped_column(String(80))
    """The request by which it came."""
    recorded_at: Mapped[datetime]


class WebSession(Base):
    """A signed-in browser; the cookie holds only its random key."""

    __tablename__ = "web_session"

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    data: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)


class SignInFailures(Base):
    """Failed sign-ins from one address within the last stretch of time."""

    __tablename__ = "sign_in_failures"

    address: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
    first_at: Mapped[datetime]


class Notification(Base):
    """A notice in somebody's inbox: to one person, or to whoever holds the role in the unit."""

    __tablename__ = "notification"
    __table_args__ = (
        Index("ix_notification_person", "person_id", "read_at"),
        Index("ix_notification_role", "agency_id", "role", "unit_id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    agency_id: Mapped[str] = mapped_column(String(32))
    person_id: Mapped[str | None] = mapped_column(String(64))
    role: Mapped[str | None] = mapped_column(String(64))
    unit_id: Mapped[str | None] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(40))
    """reminder · overdue · escalation · message · task · incident · correction"""
    level: Mapped[int] = mapped_column(default=0)
    instance_id: Mapped[str | None] = mapped_column(Id, index=True)
    business_key: Mapped[str | None] = mapped_column(String(80))
    params: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    at: Mapped[datetime] = mapped_column(index=True)
    read_at: Mapped[datetime | None]
    read_by: Mapped[str | None] = mapped_column(String(64))


class Outbox(Base):
    """What leaves the house after the commit: mail, webhook, push."""

    __tablename__ = "outbox"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    channel: Mapped[str] = mapped_column(String(16))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(12), default="waiting", index=True)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]

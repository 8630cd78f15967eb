"""What watches over the rest: audit chain and seals, idempotency, settings, the calendar."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.models.base import Base
from engine.store.types import Id, Json, new_id


class AuditRow(Base):
    """One act or one reading of personal data. Chained per instance, else per day."""

    __tablename__ = "audit"
    __table_args__ = (UniqueConstraint("chain", "position"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    chain: Mapped[str] = mapped_column(String(64), index=True)
    """An instance id, or `day:2026-11-20` for acts outside instances."""
    position: Mapped[int]
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(64), index=True)
    agency_id: Mapped[str | None] = mapped_column(String(32))
    address: Mapped[str | None] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(60))
    object_kind: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[str] = mapped_column(String(120))
    detail: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditChain(Base):
    """Head of a day chain (instance chains keep theirs in the instance row)."""

    __tablename__ = "audit_chain"

    chain: Mapped[str] = mapped_column(String(64), primary_key=True)
    head: Mapped[str] = mapped_column(String(64), default="")
    count: Mapped[int] = mapped_column(default=0)


class AuditSeal(Base):
    """A Merkle root over the heads of chains that moved since the last seal, keyed outside."""

    __tablename__ = "audit_seal"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    position: Mapped[int] = mapped_column(unique=True)
    """Seals are ordered by this: clocks may step."""
    at: Mapped[datetime]
    rows: Mapped[int]
    """Audit rows written since the seal before."""
    root: Mapped[str] = mapped_column(String(64))
    heads: Mapped[dict[str, Any]] = mapped_column(Json)
    """chain → [rows, hash of the last row]"""
    mac: Mapped[str] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64), default="")


class IdempotencyKey(Base):
    """The stored answer to a request that a client may send twice; kept for seven days."""

    __tablename__ = "idempotency_key"

    actor: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    request_digest: Mapped[str] = mapped_column(String(64))
    answer: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    at: Mapped[datetime] = mapped_column(index=True)


class Setting(Base):
    """A fact about this installation, e.g. whether it was made as a demo."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[Any] = mapped_column(Json)


class CalendarYear(Base):
    """One imported version of a year of the working-day calendar; never overwritten."""

    __tablename__ = "calendar_year"
    __table_args__ = (UniqueConstraint("year", "version"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    year: Mapped[int]
    version: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))
    imported_by: Mapped[str] = mapped_column(String(64))
    imported_at: Mapped[datetime]


class Counter(Base):
    """Gapless numbers: requests, documents, receipts; one row per agency, kind and year."""

    __tablename__ = "counter"

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    value: Mapped[int] = mapped_column(default=0)

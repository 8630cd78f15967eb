"""Chains audit rows: each carries a keyed hash over itself and the hash before it.

One chain per instance and one per day for everything else: a single chain would make all writers
wait for each other (measured: 42 % fewer commits). The heads lie in the instance row, which the
verb has locked anyway, and in `audit_chain` for the days. The key lies outside the database, so
that nobody who can write rows can also forge a chain.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import RowMapping, bindparam, insert, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from engine.store.crypto import CryptoProvider
from engine.store.failures import LostRace
from engine.store.models import AuditChain, Base, ProcessInstance
from engine.store.types import new_id
from engine.store.unit_of_work import AuditEntry, Unit
from engine.store.upsert import insert_if_absent
from engine.timing.zone import local

PURPOSE = "audit"
"""The derived key that audit hashes are made with."""
_INSERT = insert(Base.metadata.tables["audit"])
_INSTANCES = Base.metadata.tables["process_instance"]
_MOVE_HEAD = (
    update(_INSTANCES)
    .where(
        _INSTANCES.c.id == bindparam("of"),
        _INSTANCES.c.audit_head == bindparam("seen"),
        _INSTANCES.c.audit_count == bindparam("seen_count"),
    )
    .values(audit_head=bindparam("audit_head"), audit_count=bindparam("audit_count"))
)
_HASHED = (
    "id", "chain", "position", "actor", "agency_id", "address",
    "action", "object_kind", "object_id", "detail", "previous",
)  # fmt: skip


def message(row: Mapping[str, Any] | RowMapping) -> bytes:
    """The bytes a row's hash is made of: every column but the hash, in fixed order."""
    values = [instant_text(row["at"]), *(row[name] for name in _HASHED)]
    return orjson.dumps(values, option=orjson.OPT_SORT_KEYS)


def instant_text(at: datetime) -> str:
    """One spelling for one instant, whatever zone it comes in."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def write(unit: Unit) -> None:
    """Insert the rows of `unit` and move the heads of their chains; one INSERT for all.

    Raises `LostRace` when somebody moved an unlocked head meanwhile.
    """
    chains: dict[str, list[AuditEntry]] = {}
    for entry in unit.entries:
        chain = entry.instance.id if entry.instance else day_chain(unit.now)
        chains.setdefault(chain, []).append(entry)
    rows: list[dict[str, Any]] = []
    with unit.session.no_autoflush:
        # Instances first, by id, days last: every unit locks in this order.
        for chain in sorted(chains, key=lambda name: (name.startswith("day:"), name)):
            rows += _extend(unit, chain, chains[chain])
        if rows:
            unit.session.connection().execute(_INSERT, rows)
    unit.entries.clear()


def day_chain(now: datetime) -> str:
    """Name of the chain of acts outside instances on that day in China."""
    return f"day:{local(now).date().isoformat()}"


def _extend(unit: Unit, chain: str, entries: list[AuditEntry]) -> list[dict[str, Any]]:
    instance = entries[0].instance
    holder = instance or lock_chain(unit.session, chain)
    head, count = _head(holder)
    rows = []
    for entry in entries:
        row = _row(unit, entry, chain, count + 1, head)
        head, count = seal_row(unit.engine.crypto, row), count + 1
        rows.append(row)
    if instance:
        _move_instance(unit.session, instance, head, count)
    elif isinstance(holder, AuditChain):
        holder.head, holder.count = head, count
    return rows


def _head(holder: ProcessInstance | AuditChain) -> tuple[str, int]:
    if isinstance(holder, AuditChain):
        return holder.head, holder.count
    # Of an instance that is not flushed yet the defaults are not there either.
    return holder.audit_head or "", holder.audit_count or 0


def _row(unit: Unit, entry: AuditEntry, chain: str, position: int, previous: str) -> dict[str, Any]:
    return {
        "id": new_id(),
        "chain": chain,
        "position": position,
        "at": unit.now,
        "actor": unit.actor.id,
        "agency_id": unit.actor.agency_id,
        "address": unit.actor.address,
        "action": entry.action,
        "object_kind": entry.object_kind,
        "object_id": entry.object_id,
        # As it will be read back: what is hashed must be what is stored.
        "detail": orjson.loads(orjson.dumps(entry.detail)),
        "previous": previous,
    }


def seal_row(crypto: CryptoProvider, row: dict[str, Any]) -> str:
    """Put the keyed hash into `row` and return it."""
    row["hash"] = crypto.code(PURPOSE, message(row))
    return str(row["hash"])


def lock_chain(session: Session, chain: str) -> AuditChain:
    """The head of a chain outside instances, locked; made on its first use."""
    found = session.get(AuditChain, chain, with_for_update=True)
    if found is None:
        insert_if_absent(session, AuditChain, chain=chain, head="", count=0)
        found = session.get_one(AuditChain, chain, with_for_update=True)
    return found


def _move_instance(session: Session, instance: ProcessInstance, head: str, count: int) -> None:
    """Ride along with the instance's own UPDATE; without one, change the head and nothing else.

    A reading must not count up the instance's version: the officer who has the form open would be
    told that his page is stale.
    """
    if instance in session.new or session.is_modified(instance):
        instance.audit_head, instance.audit_count = head, count
        return
    seen = {"of": instance.id, "seen": instance.audit_head, "seen_count": instance.audit_count}
    moved = session.connection().execute(
        _MOVE_HEAD, seen | {"audit_head": head, "audit_count": count}
    )
    if moved.rowcount != 1:
        raise LostRace("verb.lost_race")
    set_committed_value(instance, "audit_head", head)
    set_committed_value(instance, "audit_count", count)

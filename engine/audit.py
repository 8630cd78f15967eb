"""The audit trail: readings are recorded before the data is shown, seals close what was written,
and `verify_audit` finds what somebody with access to the database has done to it.

A row is keyed and chained (engine/store/audit_chain.py). A head tells how long its chain is. A
seal holds the heads that moved since the seal before it, their Merkle root (RFC 6962, with SM3)
and an authentication code; seals are chained too. So a changed row breaks its hash, a removed or
exchanged row its neighbours, a cut tail the head, a cut tail with a mended head the last seal, and
a removed chain likewise. What was written after the last seal and cut together with its head is
beyond proof from inside the database: seal often, and carry the newest seal's code outside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.store.audit_chain import instant_text, lock_chain
from engine.store.crypto import sm3
from engine.store.models import AuditChain, AuditSeal, ProcessInstance
from engine.store.types import new_id
from engine.store.unit_of_work import Unit
from engine.verbs import verb

SEALS = "seals"
"""The row of `audit_chain` that holds the newest seal's code and the number of seals."""
PURPOSE = "audit-seal"

Head = tuple[int, str]
"""How many rows a chain has, and the hash of its last."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What `seal_audit` closed: chains that had moved, and the code to carry outside."""

    chains: int
    rows: int
    mac: str


@verb
def record_reading(
    unit: Unit,
    object_kind: str,
    object_id: str,
    *,
    instance_id: str | None = None,
    fields: Sequence[str] = (),
    purpose: str = "",
) -> None:
    """Record that the actor is about to be shown personal data; call it before decrypting.

    `fields`: names of what is shown; `purpose`: why (a request number). When this raises, nothing
    may be shown: no log, no data (SEC-02). Raises `NotFound` for an unknown instance.
    """
    instance = _locked_instance(unit.session, instance_id) if instance_id else None
    detail: dict[str, Any] = {"fields": list(fields), "purpose": purpose}
    unit.audit("data.read", object_kind, object_id, instance=instance, detail=detail)


def _locked_instance(session: Session, instance_id: str) -> ProcessInstance:
    instance = session.get(ProcessInstance, instance_id, with_for_update=True)
    if instance is None:
        raise NotFound("instance.unknown", id=instance_id)
    return instance


@verb
def seal_audit(unit: Unit) -> Sealed:
    """Close what was written since the last seal. Two sealers at once queue for the same row."""
    newest = lock_chain(unit.session, SEALS)
    before = sealed_heads(unit.session)
    moved = {
        chain: head
        for chain, head in chain_heads(unit.session).items()
        if before.get(chain) != head
    }
    rows = sum(count - before.get(chain, (0, ""))[0] for chain, (count, _) in moved.items())
    seal = AuditSeal(
        id=new_id(),
        at=unit.now,
        rows=rows,
        root=merkle_root(moved),
        heads={chain: list(head) for chain, head in sorted(moved.items())},
        previous=newest.head,
        position=newest.count + 1,
    )
    seal.mac = unit.engine.crypto.code(PURPOSE, seal_message(seal))
    unit.session.add(seal)
    newest.head, newest.count = seal.mac, seal.position
    return Sealed(len(moved), rows, seal.mac)


def chain_heads(session: Session) -> dict[str, Head]:
    """Every chain's head as it stands now, instances and days."""
    instances = select(
        ProcessInstance.id, ProcessInstance.audit_count, ProcessInstance.audit_head
    ).where(ProcessInstance.audit_count > 0)
    days = select(AuditChain.chain, AuditChain.count, AuditChain.head).where(
        AuditChain.chain != SEALS, AuditChain.count > 0
    )
    found = [*session.execute(instances), *session.execute(days)]
    return {chain: (count, head) for chain, count, head in found}


def sealed_heads(session: Session) -> dict[str, Head]:
    """Every chain's head as the newest seal that names it has it."""
    heads: dict[str, Head] = {}
    for seal in session.scalars(select(AuditSeal).order_by(AuditSeal.position)):
        heads.update({chain: (count, head) for chain, (count, head) in seal.heads.items()})
    return heads


def seal_message(seal: AuditSeal) -> bytes:
    """The bytes a seal's code is made of."""
    at = instant_text(seal.at)
    return orjson.dumps([seal.id, seal.position, at, seal.rows, seal.root, seal.previous])


def merkle_root(heads: dict[str, Head]) -> str:
    """Merkle tree hash (RFC 6962 section 2.1) over the heads in order of their chains' names."""
    leaves = [orjson.dumps([chain, *head]) for chain, head in sorted(heads.items())]
    return _tree_hash(leaves).hex()


def _tree_hash(leaves: Sequence[bytes]) -> bytes:
    if not leaves:
        return bytes.fromhex(sm3(b""))
    if len(leaves) == 1:
        return bytes.fromhex(sm3(b"\0" + leaves[0]))
    # The largest power of two smaller than the number of leaves.
    left = 1 << (len(leaves) - 1).bit_length() - 1
    return bytes.fromhex(sm3(b"\1" + _tree_hash(leaves[:left]) + _tree_hash(leaves[left:])))

"""Reads the whole audit trail and says what somebody has done to it (SEC-03)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy import RowMapping, select
from sqlalchemy.orm import Session

from engine import audit
from engine.audit import Head
from engine.store import audit_chain
from engine.store.crypto import CryptoProvider
from engine.store.models import AuditChain, AuditRow, AuditSeal

if TYPE_CHECKING:
    from engine.engine import Engine

_COLUMNS = AuditRow.__table__.columns
_BATCH = 2000


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that cannot be if nobody tampered.

    `code`: audit.altered · missing · broken_link · truncated · head_missing · head_differs ·
    chain_missing · sealed_differs · seal_forged · seal_missing · seal_broken_link.
    `chain`: an instance id, `day:…` or `seals`; `position`: where in it, from 1.
    """

    code: str
    chain: str
    position: int


def verify_audit(engine: Engine) -> list[Finding]:
    """Every finding, chain by chain; empty when the trail is whole.

    Reads one snapshot, streaming; some 30,000 rows a second and core.
    """
    with engine.database.read() as session:
        findings = list(_check_seals(session, engine.crypto))
        heads, sealed = audit.chain_heads(session), audit.sealed_heads(session)
        seen: set[str] = set()
        for chain, rows in groupby(_rows(session), key=lambda row: str(row["chain"])):
            seen.add(chain)
            findings += _check_chain(
                engine.crypto, chain, rows, heads.get(chain), sealed.get(chain, (0, ""))
            )
        lost = (heads.keys() | sealed.keys()) - seen
        return findings + [Finding("audit.chain_missing", chain, 1) for chain in sorted(lost)]


def _rows(session: Session) -> Iterable[RowMapping]:
    statement = select(*_COLUMNS).order_by(AuditRow.chain, AuditRow.position)
    return session.execute(statement.execution_options(yield_per=_BATCH)).mappings()


def _check_chain(
    crypto: CryptoProvider,
    chain: str,
    rows: Iterable[RowMapping],
    head: Head | None,
    sealed: Head,
) -> Iterator[Finding]:
    last: Head = (0, "")
    for row in rows:
        yield from _check_row(crypto, row, last)
        last = (row["position"], row["hash"])
        if last[0] == sealed[0] and last[1] != sealed[1]:
            yield Finding("audit.sealed_differs", chain, last[0])
    yield from _check_end(chain, last, head, sealed)


def _check_row(crypto: CryptoProvider, row: RowMapping, before: Head) -> Iterator[Finding]:
    chain, position = row["chain"], row["position"]
    if not crypto.is_code(audit_chain.PURPOSE, audit_chain.message(row), row["hash"]):
        yield Finding("audit.altered", chain, position)
    if position != before[0] + 1:
        yield Finding("audit.missing", chain, before[0] + 1)
    elif row["previous"] != before[1]:
        yield Finding("audit.broken_link", chain, position)


def _check_end(chain: str, last: Head, head: Head | None, sealed: Head) -> Iterator[Finding]:
    if head is None:
        yield Finding("audit.head_missing", chain, last[0])
    elif last[0] < max(head[0], sealed[0]):
        yield Finding("audit.truncated", chain, last[0] + 1)
    elif last != head:
        yield Finding("audit.head_differs", chain, last[0])


def _check_seals(session: Session, crypto: CryptoProvider) -> Iterator[Finding]:
    last: Head = (0, "")
    for seal in session.scalars(select(AuditSeal).order_by(AuditSeal.position)):
        if not _is_genuine(crypto, seal):
            yield Finding("audit.seal_forged", audit.SEALS, seal.position)
        if seal.position != last[0] + 1:
            yield Finding("audit.seal_missing", audit.SEALS, last[0] + 1)
        elif seal.previous != last[1]:
            yield Finding("audit.seal_broken_link", audit.SEALS, seal.position)
        last = (seal.position, seal.mac)
    newest = session.get(AuditChain, audit.SEALS)
    if last != ((newest.count, newest.head) if newest else (0, "")):
        yield Finding("audit.seal_missing", audit.SEALS, last[0] + 1)


def _is_genuine(crypto: CryptoProvider, seal: AuditSeal) -> bool:
    heads = {chain: (count, head) for chain, (count, head) in seal.heads.items()}
    return audit.merkle_root(heads) == seal.root and crypto.is_code(
        audit.PURPOSE, audit.seal_message(seal), seal.mac
    )

"""Names of units and agencies by id; people's are `directory.names`, which decrypts them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.store.models import Agency, Unit


def units(session: Session, ids: Iterable[str | None]) -> dict[str, str]:
    """Unit id → name."""
    return _names(session, Unit, ids)


def agencies(session: Session, ids: Iterable[str | None]) -> dict[str, str]:
    """Agency id → name."""
    return _names(session, Agency, ids)


def _names(
    session: Session, table: type[Unit] | type[Agency], ids: Iterable[str | None]
) -> dict[str, str]:
    wanted = {one for one in ids if one}
    if not wanted:
        return {}
    found = session.execute(select(table.id, table.name).where(table.id.in_(wanted)))
    return {row.id: row.name for row in found}

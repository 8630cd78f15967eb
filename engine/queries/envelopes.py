"""The messages of a request between the agencies, as one of them sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.engine import Engine
from engine.errors import NotFound
from engine.queries import names
from engine.store.models import Envelope


@dataclass(frozen=True)
class EnvelopeView:
    """A message with its stations: sent, delivered, receipted. Its content is not shown."""

    id: str
    name: str
    from_agency: str
    from_name: str
    to_agency: str
    to_name: str
    state: str
    urgent: bool
    sent_at: datetime
    delivered_at: datetime | None
    receipt_no: str | None
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    correlated_at: datetime | None

    @property
    def waiting(self) -> bool:
        """Nobody takes it up yet: 〔待接〕."""
        return self.state == "waiting"


def of_request(session: Session, business_key: str, agency_id: str | None) -> list[EnvelopeView]:
    """Envelopes of the request that the agency sent or received, oldest first."""
    found = session.scalars(
        select(Envelope)
        .where(
            Envelope.business_key == business_key,
            or_(Envelope.from_agency == agency_id, Envelope.to_agency == agency_id),
        )
        .order_by(Envelope.sent_at, Envelope.id)
    ).all()
    known = names.agencies(session, _agencies(found))
    return [_view(envelope, known) for envelope in found]


def _agencies(found: Sequence[Envelope]) -> set[str]:
    return {agency for one in found for agency in (one.from_agency, one.to_agency)}


def _view(envelope: Envelope, known: dict[str, str]) -> EnvelopeView:
    return EnvelopeView(
        id=envelope.id,
        name=envelope.name,
        from_agency=envelope.from_agency,
        from_name=known.get(envelope.from_agency, envelope.from_agency),
        to_agency=envelope.to_agency,
        to_name=known.get(envelope.to_agency, envelope.to_agency),
        state=envelope.state,
        urgent=envelope.urgent,
        sent_at=envelope.sent_at,
        delivered_at=envelope.delivered_at,
        receipt_no=envelope.receipt_no,
        acknowledged_at=envelope.acknowledged_at,
        acknowledged_by=envelope.acknowledged_by,
        correlated_at=envelope.correlated_at,
    )


def name_of(engine: Engine, envelope_id: str) -> str:
    """The message's name, for whoever puts it into words. Raises `NotFound` message.unknown."""
    with engine.database.read() as session:
        found = session.scalar(select(Envelope.name).where(Envelope.id == envelope_id))
    if found is None:
        raise NotFound("message.unknown", message=envelope_id)
    return found

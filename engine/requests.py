"""One procedure starts another: the start waits in an envelope until the process can begin.

The new request has a number of its own (procedures A4); it names the one it came out of in the
variable `origin_request`, and its case file begins with what was carried over. A process without
`request.type` has no numbers of its own: it becomes a further instance of the same request, or of
one item in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from sqlalchemy import select

from engine import case_files, numbering, origins
from engine.actors import load_actor
from engine.definitions import latest
from engine.errors import Forbidden
from engine.feel import decode, encode
from engine.handing_over import Holder, handed_over
from engine.instances import Beginning, begin
from engine.projection.envelopes import PURPOSE, delivery
from engine.store.crypto import sm3
from engine.store.models import Agency, Envelope, ProcessDefinition, ProcessInstance
from engine.store.types import new_id
from engine.store.unit_of_work import Unit

STARTING = "request.start"
"""Name of the envelopes that ask for a start; no diagram subscribes to it."""


def ask_for(
    unit: Unit,
    origin: ProcessInstance,
    *,
    process: str,
    to_agency: str,
    fields: Iterable[str],
    variables: Mapping[str, Any],
    item: str = "",
    urgent: bool = False,
) -> Envelope:
    """Ask for an instance of `process`; `variables` are FEEL values, `fields` case-file prefixes.

    `item`: one of several things in the request, which gets a number below it (`…-000001/02`, A4).
    Where nothing of that key is deployed the envelope waits and is shown as 〔待接〕.
    """
    told = {**origins.about(origin), **variables}
    envelope = Envelope(
        id=new_id(),
        name=STARTING,
        business_key=f"{origin.business_key}/{item}" if item else origin.business_key,
        from_agency=origin.agency_id,
        from_unit=origin.unit_id,
        from_person=_asker(unit, origin),
        to_agency=to_agency,
        to_process=process,
        case_no=origin.case_no,
        profile=origin.profile,
        sender_instance=origin.id,
        variables={name: encode(value) for name, value in told.items()},
        payload_sm3="",
        state="delivered",
        urgent=urgent,
        sent_at=unit.now,
        delivered_at=unit.now,
    )
    _carry(unit, origin, envelope, tuple(fields))
    unit.session.add(envelope)
    unit.session.add(delivery(unit, envelope.id))
    unit.audit("request.asked_for", "envelope", envelope.id, instance=origin)
    return envelope


def _asker(unit: Unit, origin: ProcessInstance) -> str:
    """Who acts; where the engine acts by itself (a message came), whoever started the origin."""
    return unit.actor.id if unit.actor.kind == "person" else origin.started_by


def _carry(
    unit: Unit, origin: ProcessInstance, envelope: Envelope, fields: tuple[str, ...]
) -> None:
    found = origins.carried(unit, origin, fields)
    carried = {key: encode(value) for key, value in found.items()}
    content = {"fields": carried, "documents": []}
    envelope.payload_sm3 = sm3(orjson.dumps([envelope.variables, content]))
    if carried:
        envelope.sealed = unit.engine.crypto.seal_json(content, PURPOSE, envelope.id)


def begin_requested(unit: Unit, envelope: Envelope) -> None:
    """Begin what the envelope asks for, in the name of who asked; part of its job's transaction."""
    definition = _definition(unit, envelope)
    if definition is None:
        envelope.state = "waiting"
        return
    as_asked = _in_the_name_of(unit, envelope)
    key = _number(unit, envelope, definition)
    _fold(unit, envelope, key)
    instance, _ = begin(as_asked, _beginning(unit, envelope, definition, key))
    envelope.state, envelope.correlated_at = "correlated", unit.now
    envelope.instance_id = instance.id
    detail = {"origin": envelope.business_key}
    as_asked.audit("instance.started", "instance", instance.id, instance=instance, detail=detail)


def _number(unit: Unit, envelope: Envelope, definition: ProcessDefinition) -> str:
    model = unit.engine.definitions.process(unit.session, definition.id).model
    kind = model.properties.get("request.type")
    if kind is None:
        return envelope.business_key
    return numbering.request_number(unit, envelope.to_agency, kind)


def wake_waiting(unit: Unit) -> None:
    """After a deployment: deliver the starts whose process can now begin."""
    query = select(Envelope).where(Envelope.name == STARTING, Envelope.state == "waiting")
    for envelope in unit.session.scalars(query).all():
        if _definition(unit, envelope) is not None:
            envelope.state = "delivered"
            unit.session.add(delivery(unit, envelope.id))


def _definition(unit: Unit, envelope: Envelope) -> ProcessDefinition | None:
    """The process of that key for the receiver's kind: `key`, or its other half `key__police`."""
    kind = unit.session.get_one(Agency, envelope.to_agency).kind
    for key in (envelope.to_process or "", f"{envelope.to_process}__{kind}"):
        found = latest(unit.session, key)
        if found is not None and not found.suspended and found.agency_kind in ("", kind):
            return found
    return None


def _in_the_name_of(unit: Unit, envelope: Envelope) -> Unit:
    """The same unit acting as whoever asked: the new tasks of his role are his first."""
    try:
        actor = load_actor(unit.session, envelope.from_person or "", unit.now)
    except Forbidden:
        return unit
    return unit.acting_as(actor) if actor.agency_id == envelope.to_agency else unit


def _fold(unit: Unit, envelope: Envelope, business_key: str) -> None:
    if envelope.sealed is None:
        return
    content = unit.engine.crypto.open_json(envelope.sealed, PURPOSE, envelope.id)
    fields = {key: decode(value) for key, value in content["fields"].items()}
    sender = unit.session.get(ProcessInstance, envelope.sender_instance or "")
    origin = Holder(envelope.from_agency, sender.business_key if sender else business_key)
    fields = handed_over(unit, fields, [origin], Holder(envelope.to_agency, business_key))
    known = case_files.read(unit, envelope.to_agency, business_key)
    case_files.write(unit, envelope.to_agency, business_key, {**fields, **known})


def _beginning(
    unit: Unit, envelope: Envelope, definition: ProcessDefinition, key: str
) -> Beginning:
    same = envelope.from_agency == envelope.to_agency
    return Beginning(
        definition=definition,
        business_key=key,
        agency_id=envelope.to_agency,
        unit_id=envelope.from_unit if same else envelope.to_unit,
        profile=envelope.profile,
        parties=_parties(unit, envelope),
        start_event=None,
        variables={name: decode(value) for name, value in envelope.variables.items()},
    )


def _parties(unit: Unit, envelope: Envelope) -> dict[str, str]:
    """The sides of the request that asked, the receiver's own among them."""
    origin = unit.session.get(ProcessInstance, envelope.sender_instance or "")
    parties = dict(origin.parties) if origin is not None else {}
    receiver = unit.session.get_one(Agency, envelope.to_agency)
    return {**parties, receiver.kind: receiver.id}

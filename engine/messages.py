"""Messages between agencies: delivered once, correlated or kept until somebody waits (A5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from engine import case_files, numbering, running, unacknowledged
from engine.bpmn.execution import Execution
from engine.documents.receiving import receive
from engine.errors import Conflict, Forbidden, NotFound, Refusal
from engine.feel import decode, encode, from_python
from engine.handing_over import Holder, handed_over
from engine.incidents import raise_incident
from engine.instances import Beginning, begin
from engine.joining import sees_request
from engine.projection.envelopes import PURPOSE, delivery
from engine.requests import STARTING, begin_requested
from engine.store.models import (
    Agency,
    Envelope,
    ProcessDefinition,
    ProcessInstance,
    Subscription,
)
from engine.store.types import new_id
from engine.store.unit_of_work import Unit
from engine.verbs import verb

# delivering ---------------------------------------------------------------------------


def deliver(unit: Unit, envelope: Envelope) -> None:
    """Bring an envelope to whoever waits for it; part of its job's transaction.

    One subscriber catches it; none: a process may start with it, else it waits (待接); several:
    an incident, never a guess.
    """
    if envelope.state not in ("delivered", "waiting"):
        return
    if unit.session.get(Agency, envelope.to_agency) is None:
        envelope.state = "waiting"
        return
    if envelope.name == STARTING:
        begin_requested(unit, envelope)
        return
    _receipt(unit, envelope)
    if envelope.urgent and envelope.acknowledged_at is None:
        unacknowledged.watch(unit, envelope)
    waiting = _subscribers(unit, envelope)
    if len(waiting) == 1:
        correlate(unit, envelope, waiting[0])
    elif waiting:
        _ambiguous(unit, envelope, waiting)
    else:
        start_or_keep(unit, envelope)


def _receipt(unit: Unit, envelope: Envelope) -> None:
    """Every delivered message yields a 回执 by itself (A5)."""
    if envelope.receipt_no is None:
        envelope.receipt_no = numbering.receipt_number(unit, envelope.to_agency)


def _subscribers(unit: Unit, envelope: Envelope) -> list[Subscription]:
    query = select(Subscription).where(
        Subscription.kind == "message",
        Subscription.name == envelope.name,
        Subscription.business_key == envelope.business_key,
        Subscription.agency_id == envelope.to_agency,
    )
    found = unit.session.scalars(query).all()
    return [s for s in found if s.instance_id != envelope.sender_instance] or list(found)


def correlate(unit: Unit, envelope: Envelope, subscription: Subscription) -> None:
    """Hand the envelope to the one that waits for it; it waits itself where that one has ended."""
    instance = running.lock(unit.session, subscription.instance_id)
    if instance.state not in running.ALIVE:
        envelope.state = "waiting"
        return
    fields = _fold(unit, envelope, instance.business_key)
    payload = _payload(envelope)
    running.run(unit, instance, lambda execution: _catch(execution, subscription.id, payload))
    _correlated(unit, envelope, instance, fields)


def _catch(execution: Execution, task_id: str, payload: Mapping[str, Any]) -> None:
    """The subscription may have gone with a timer that fired first: then try again."""
    if not execution.waits_for(task_id):
        raise Conflict("message.subscriber_gone", task=task_id)
    execution.catch(task_id, payload)


def _correlated(unit: Unit, envelope: Envelope, instance: ProcessInstance, fields: int) -> None:
    envelope.state, envelope.correlated_at = "correlated", unit.now
    envelope.instance_id = instance.id
    if envelope.sealed is not None:
        content = unit.engine.crypto.open_json(envelope.sealed, PURPOSE, envelope.id)
        receive(unit, instance, content["documents"])
    detail = {"message": envelope.name, "fields": fields}
    unit.audit("message.correlated", "envelope", envelope.id, instance=instance, detail=detail)


def _payload(envelope: Envelope) -> dict[str, Any]:
    """Mapped variables, and `message` with what the envelope says of itself."""
    payload = {name: decode(value) for name, value in envelope.variables.items()}
    facts = {
        "id": envelope.id,
        "name": envelope.name,
        "from": envelope.from_agency,
        "from_unit": envelope.from_unit,
        "business_key": envelope.business_key,
        "sent_at": envelope.sent_at,
        "delivered_at": envelope.delivered_at,
    }
    payload["message"] = from_python(facts)
    return payload


def came_from(unit: Unit, envelope: Envelope) -> list[Holder]:
    """In whose files lies what travels: those of the request, and of what sent it where that has
    a number of its own (a lift to its target).
    """
    sender = unit.session.get(ProcessInstance, envelope.sender_instance or "")
    keys = {envelope.business_key, sender.business_key if sender else envelope.business_key}
    return [Holder(envelope.from_agency, key) for key in sorted(keys)]


def _fold(unit: Unit, envelope: Envelope, business_key: str) -> int:
    """Put the fields that travelled into the receiver's case file; how many."""
    if envelope.sealed is None:
        return 0
    content = unit.engine.crypto.open_json(envelope.sealed, PURPOSE, envelope.id)
    fields = {key: decode(value) for key, value in content["fields"].items()}
    if fields:
        to = Holder(envelope.to_agency, business_key)
        fields = handed_over(unit, fields, came_from(unit, envelope), to)
        known = case_files.read(unit, envelope.to_agency, business_key)
        case_files.write(unit, envelope.to_agency, business_key, {**known, **fields})
    return len(fields)


def _ambiguous(unit: Unit, envelope: Envelope, waiting: list[Subscription]) -> None:
    envelope.state = "ambiguous"
    incident = raise_incident(
        unit,
        None,
        instance=unit.session.get(ProcessInstance, waiting[0].instance_id),
        envelope_id=envelope.id,
        code="message.several_subscribers",
    )
    incident.params = {"message": envelope.name, "count": len(waiting)}


def start_or_keep(unit: Unit, envelope: Envelope) -> None:
    """Start the process that begins with the message; else the envelope waits (待接)."""
    definition = started_by(unit, envelope)
    if definition is None or _already_runs(unit, envelope, definition):
        envelope.state = "waiting"
        return
    fields = _fold(unit, envelope, envelope.business_key)
    instance, _ = begin(unit, _beginning(unit, envelope, definition))
    unit.audit("instance.started", "instance", instance.id, instance=instance)
    _correlated(unit, envelope, instance, fields)


def started_by(unit: Unit, envelope: Envelope) -> ProcessDefinition | None:
    """The newest version of the one process that the message starts on the receiver's side."""
    agency = unit.session.get_one(Agency, envelope.to_agency)
    newest = (
        select(ProcessDefinition.key, func.max(ProcessDefinition.version).label("version"))
        .group_by(ProcessDefinition.key)
        .subquery()
    )
    query = select(ProcessDefinition).join(
        newest,
        (ProcessDefinition.key == newest.c.key) & (ProcessDefinition.version == newest.c.version),
    )
    found = [
        row
        for row in unit.session.scalars(query)
        if envelope.name in row.start_messages
        and not row.suspended
        and row.agency_kind in ("", agency.kind)
        and envelope.to_process in (None, row.key)
    ]
    return found[0] if len(found) == 1 else None


def _already_runs(unit: Unit, envelope: Envelope, definition: ProcessDefinition) -> bool:
    """A request has one instance of a process: a second start message waits for the first."""
    query = select(ProcessInstance.id).where(
        ProcessInstance.business_key == envelope.business_key,
        ProcessInstance.agency_id == envelope.to_agency,
        ProcessInstance.process_key == definition.key,
        ProcessInstance.state.in_(running.ALIVE),
    )
    return unit.session.scalar(query.limit(1)) is not None


def _beginning(unit: Unit, envelope: Envelope, definition: ProcessDefinition) -> Beginning:
    model = unit.engine.definitions.process(unit.session, definition.id).model
    start = next(
        node.id
        for node in model.starts(model.id)
        if node.event and node.event.kind == "message" and node.event.reference == envelope.name
    )
    parties = {}
    for agency_id in (envelope.from_agency, envelope.to_agency):
        agency = unit.session.get(Agency, agency_id)
        if agency is not None:
            parties[agency.kind] = agency.id
    return Beginning(
        definition=definition,
        business_key=envelope.business_key,
        agency_id=envelope.to_agency,
        unit_id=envelope.to_unit,
        profile=envelope.profile,
        parties=parties,
        start_event=start,
        variables=_payload(envelope),
    )


# verbs --------------------------------------------------------------------------------


@verb
def receive_message(
    unit: Unit,
    name: str,
    business_key: str,
    to_agency: str,
    *,
    from_agency: str,
    variables: Mapping[str, Any] | None = None,
    message_id: str | None = None,
    profile: str | None = None,
) -> str:
    """Take in a message from outside, once by its id; it is delivered by its job at once.

    Raises `Refusal` message.unknown_agency.
    """
    known = message_id and unit.session.get(Envelope, message_id)
    if known:
        return known.id
    agency = unit.session.get(Agency, to_agency)
    if agency is None:
        raise Refusal("message.unknown_agency", found=to_agency)
    encoded = {k: encode(from_python(v)) for k, v in (variables or {}).items()}
    envelope = Envelope(
        id=message_id or new_id(),
        name=name,
        business_key=business_key,
        from_agency=from_agency,
        to_agency=to_agency,
        profile=profile or agency.profile,
        variables=encoded,
        payload_sm3=unit.engine.crypto.code(PURPOSE, repr(sorted(encoded.items())).encode()),
        state="delivered",
        sent_at=unit.now,
        delivered_at=unit.now,
    )
    unit.session.add(envelope)
    unit.session.add(delivery(unit, envelope.id))
    unit.audit("message.received", "envelope", envelope.id)
    return envelope.id


@verb
def acknowledge_envelope(unit: Unit, envelope_id: str) -> None:
    """A person of the receiving agency who sees the request has seen the message (签收)."""
    envelope = unit.session.get(Envelope, envelope_id)
    if envelope is None or envelope.to_agency != unit.actor.agency_id:
        raise NotFound("message.unknown", message=envelope_id)
    if not unit.actor.posts:
        raise Forbidden("message.may_not_acknowledge")
    if unit.actor.kind == "person" and not sees_request(unit, envelope.business_key):
        raise NotFound("message.unknown", message=envelope_id)
    if envelope.acknowledged_at is None:
        envelope.acknowledged_at, envelope.acknowledged_by = unit.now, unit.actor.id
        unit.audit("message.acknowledged", "envelope", envelope.id)

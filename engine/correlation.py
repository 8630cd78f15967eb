"""A message from a program of the agency, brought at once to the one that waits for it.

Unlike an envelope from another agency it does not wait: without a subscriber it is refused, so that
whoever sends it knows. Each correlation leaves an envelope behind, as every message does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from engine import instances, messages, numbering, permissions, running
from engine.bpmn.state import load_variables
from engine.errors import Forbidden, Refusal
from engine.feel import encode
from engine.incidents import reporting_faults
from engine.instances import LONGEST_KEY
from engine.projection.envelopes import PURPOSE
from engine.store.models import Agency, Envelope, ProcessInstance, Subscription
from engine.store.types import new_id
from engine.store.unit_of_work import Unit
from engine.submissions import adopted
from engine.verbs import verb


@dataclass(frozen=True, slots=True)
class Correlated:
    """Where the message went. `task_id` is the waiting event; None: it started the instance."""

    instance_id: str
    task_id: str | None


@dataclass(frozen=True, slots=True)
class Search:
    """Whom a message is for: what is None or empty is not asked."""

    business_key: str | None = None
    instance_id: str | None = None
    matching: Mapping[str, Any] | None = None
    """Variables of the instance that must be so."""


@verb
@reporting_faults
def correlate_message(
    unit: Unit,
    name: str,
    search: Search,
    variables: Mapping[str, Any] | None = None,
    *,
    everyone: bool = False,
) -> list[Correlated]:
    """Hand the message to the one instance that waits for it, or start what begins with it.

    `everyone`: to all that wait, and start, too. Raises `Refusal` message.no_subscriber,
    message.several_subscribers, message.already_runs; `Forbidden` message.may_not_send.
    """
    if not permissions.may_speak_for(unit.actor) or unit.actor.agency_id is None:
        raise Forbidden("message.may_not_send")
    _fit(search.business_key)
    waiting = _waiting(unit, name, search)
    if len(waiting) > 1 and not everyone:
        raise Refusal("message.several_subscribers", message=name, count=len(waiting))
    payload = {key: encode(value) for key, value in adopted(variables or {}).items()}
    found = [_hand_over(unit, name, payload, one) for one in waiting]
    if search.instance_id is None and (everyone or not found):
        found += _start(unit, name, search, payload)
    if not found:
        raise Refusal("message.no_subscriber", message=name, key=search.business_key or "")
    return found


def _fit(business_key: str | None) -> None:
    if business_key is not None and not 0 < len(business_key) <= LONGEST_KEY:
        raise Refusal("instance.business_key", found=len(business_key), longest=LONGEST_KEY)


def _waiting(unit: Unit, name: str, search: Search) -> list[Subscription]:
    query = (
        select(Subscription, ProcessInstance)
        .join(ProcessInstance, ProcessInstance.id == Subscription.instance_id)
        .where(
            Subscription.kind == "message",
            Subscription.name == name,
            Subscription.agency_id == unit.actor.agency_id,
            ProcessInstance.state.in_(running.ALIVE),
        )
        .order_by(ProcessInstance.id, Subscription.id)
    )
    if search.business_key is not None:
        query = query.where(Subscription.business_key == search.business_key)
    if search.instance_id is not None:
        query = query.where(Subscription.instance_id == search.instance_id)
    wanted = adopted(search.matching or {})
    return [
        subscription
        for subscription, instance in unit.session.execute(query)
        if not wanted or _fits(instance, wanted)
    ]


def _fits(instance: ProcessInstance, wanted: Mapping[str, Any]) -> bool:
    known = load_variables(instance.variables)
    return all(name in known and known[name] == value for name, value in wanted.items())


def _hand_over(
    unit: Unit, name: str, payload: Mapping[str, Any], subscription: Subscription
) -> Correlated:
    instance = running.lock(unit.session, subscription.instance_id)
    running.require_active(instance)
    envelope = _envelope(unit, name, instance.business_key, instance.profile, payload)
    unit.session.add(envelope)
    task_id = subscription.id
    messages.correlate(unit, envelope, subscription)
    return Correlated(instance.id, task_id)


def _start(unit: Unit, name: str, search: Search, payload: Mapping[str, Any]) -> list[Correlated]:
    agency = unit.session.get_one(Agency, unit.actor.agency_id)
    envelope = _envelope(unit, name, search.business_key or "", agency.profile, payload)
    definition = messages.started_by(unit, envelope)
    if definition is None:
        return []
    if search.business_key is None:
        kind = instances.request_kind(unit, definition)
        envelope.business_key = numbering.request_number(unit, agency.id, kind)
    unit.session.add(envelope)
    messages.start_or_keep(unit, envelope)
    if envelope.instance_id is None:
        raise Refusal("message.already_runs", message=name, key=envelope.business_key)
    return [Correlated(envelope.instance_id, None)]


def _envelope(
    unit: Unit, name: str, business_key: str, profile: str, payload: Mapping[str, Any]
) -> Envelope:
    agency_id = unit.actor.agency_id or ""
    return Envelope(
        id=new_id(),
        name=name,
        business_key=business_key,
        from_agency=agency_id,
        from_unit=unit.actor.unit_id,
        from_person=unit.actor.id,
        to_agency=agency_id,
        to_unit=unit.actor.unit_id,
        profile=profile,
        variables=dict(payload),
        payload_sm3=unit.engine.crypto.code(PURPOSE, repr(sorted(payload.items())).encode()),
        state="delivered",
        urgent=False,
        sent_at=unit.now,
        delivered_at=unit.now,
    )

"""Thrown messages → envelopes: what travels, to whom, and the job that delivers it (A5)."""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import select

from engine import case_files, signal_starts
from engine.bpmn.execution import Execution
from engine.bpmn.faults import Fault
from engine.bpmn.journal import ThrownMessage
from engine.bpmn.model import Diagram
from engine.feel import encode
from engine.store.crypto import sm3
from engine.store.models import Agency, Document, Envelope, Job, ProcessInstance, Subscription
from engine.store.types import new_id
from engine.store.unit_of_work import Unit

PURPOSE = "envelope"


def write(unit: Unit, instance: ProcessInstance, execution: Execution) -> None:
    """Put every thrown message into an envelope; wake what waits for those that just subscribed."""
    for thrown in execution.journal.thrown:
        if thrown.kind == "message":
            _send(unit, instance, execution, thrown)
        else:
            _broadcast(unit, instance, thrown)
    _wake(unit, instance, execution)


def _send(
    unit: Unit, instance: ProcessInstance, execution: Execution, thrown: ThrownMessage
) -> None:
    to_process, to_kind = _addressee(unit, thrown)
    to_agency = thrown.addressee or _party(unit, instance, to_kind)
    if to_agency is None:
        raise Fault("message.no_addressee", element=thrown.element_id, message=thrown.name)
    envelope = Envelope(
        id=new_id(),
        name=thrown.name,
        business_key=_key(execution, thrown) or instance.business_key,
        from_agency=instance.agency_id,
        from_unit=instance.unit_id,
        from_person=unit.actor.id,
        to_agency=str(to_agency),
        to_process=to_process,
        case_no=instance.case_no,
        profile=instance.profile,
        sender_instance=instance.id,
        variables={name: encode(value) for name, value in thrown.variables.items()},
        payload_sm3="",
        state="delivered",
        urgent=thrown.properties.get("urgent") == "true",
        sent_at=unit.now,
        delivered_at=unit.now,
    )
    _fill(unit, instance, envelope, thrown)
    unit.session.add(envelope)
    unit.session.add(delivery(unit, envelope.id))
    unit.audit("message.sent", "envelope", envelope.id, instance=instance)


def _key(execution: Execution, thrown: ThrownMessage) -> str | None:
    """`message.key`: another request's number, e.g. the target of a lift; a mapped variable."""
    name = thrown.properties.get("message.key")
    if not name:
        return None
    found = thrown.variables.get(name, execution.task_tree.data.get(name))
    return None if found is None else str(found)


def _addressee(unit: Unit, thrown: ThrownMessage) -> tuple[str | None, str | None]:
    """Process and agency kind at the other end of the message flow, where one is drawn."""
    diagram: Diagram = unit.engine.definitions.diagram(unit.session, thrown.definition_id)
    for flow in diagram.message_flows:
        if flow.source == thrown.element_id:
            process_id = diagram.process_of(flow.target)
            if process_id is None:
                return None, None
            return process_id, diagram.processes[process_id].agency_kind
    return None, None


def _party(unit: Unit, instance: ProcessInstance, kind: str | None) -> str | None:
    """The other side of the request, else the agency's usual counterpart."""
    others = {k: a for k, a in instance.parties.items() if a != instance.agency_id}
    if kind and kind in others:
        return others[kind]
    if others and kind is None:
        return next(iter(others.values()))
    counterpart = select(Agency.counterpart_id).where(Agency.id == instance.agency_id)
    return unit.session.scalar(counterpart)


def _fill(unit: Unit, instance: ProcessInstance, envelope: Envelope, thrown: ThrownMessage) -> None:
    """Seal the case-file fields and document references that travel; digest the whole."""
    content: dict[str, Any] = {"fields": {}, "documents": []}
    wanted = thrown.properties.get("message.fields", "")
    if wanted:
        known = case_files.read(unit, instance.agency_id, instance.business_key)
        fields = case_files.chosen(known, wanted.split(","))
        content["fields"] = {key: encode(value) for key, value in fields.items()}
    if thrown.properties.get("message.documents") == "true":
        content["documents"] = _documents(unit, instance)
    envelope.payload_sm3 = sm3(orjson.dumps([envelope.variables, content]))
    if content["fields"] or content["documents"]:
        envelope.sealed = unit.engine.crypto.seal_json(content, PURPOSE, envelope.id)


def _documents(unit: Unit, instance: ProcessInstance) -> list[dict[str, Any]]:
    query = select(Document.id, Document.title, Document.number, Document.pdf_sm3).where(
        Document.agency_id == instance.agency_id,
        Document.business_key == instance.business_key,
        Document.state == "issued",
    )
    return [dict(row._mapping) for row in unit.session.execute(query)]


def delivery(unit: Unit, envelope_id: str) -> Job:
    """The job that brings an envelope to whoever waits for it: due at once."""
    return Job(
        id=new_id(),
        kind="message",
        task_id=envelope_id,
        due_at=unit.now,
        detail={},
        created_at=unit.now,
    )


def _broadcast(unit: Unit, instance: ProcessInstance, thrown: ThrownMessage) -> None:
    """A signal reaches every other instance of the installation that waits for it, and begins
    the processes that begin with it.
    """
    query = select(Subscription.instance_id, Subscription.id).where(
        Subscription.kind == "signal",
        Subscription.name == thrown.name,
        Subscription.instance_id != instance.id,
    )
    variables = {name: encode(value) for name, value in thrown.variables.items()}
    for instance_id, task_id in unit.session.execute(query):
        unit.session.add(
            Job(
                kind="signal",
                instance_id=instance_id,
                task_id=task_id,
                due_at=unit.now,
                created_at=unit.now,
                detail={"variables": variables},
            )
        )
    signal_starts.hear(unit, thrown.name, variables)


def _wake(unit: Unit, instance: ProcessInstance, execution: Execution) -> None:
    """An envelope that came too early is looked for once the subscription is committed.

    By a job, not now: one that another transaction is just about to put aside would be missed.
    """
    names = {s.name for s in execution.journal.subscriptions if s.kind == "message"}
    if names:
        wanted = {
            "agency": instance.agency_id,
            "business_key": instance.business_key,
            "names": sorted(names),
        }
        job = Job(
            id=new_id(),
            kind="wake",
            due_at=unit.now,
            detail=wanted,
            created_at=unit.now,
        )
        unit.session.add(job)


def wake(unit: Unit, job: Job) -> None:
    """Deliver again what waits for the names that an instance now waits for."""
    query = select(Envelope).where(
        Envelope.to_agency == job.detail["agency"],
        Envelope.business_key == job.detail["business_key"],
        Envelope.state == "waiting",
        Envelope.name.in_(job.detail["names"]),
    )
    for envelope in unit.session.scalars(query.with_for_update()):
        envelope.state = "delivered"
        unit.session.add(delivery(unit, envelope.id))

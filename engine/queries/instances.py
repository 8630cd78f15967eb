"""The page of an instance: its diagram's states, limits, tasks, messages, incidents, timeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import directory, permissions
from engine.actors import Actor
from engine.errors import NotFound
from engine.queries import deadlines, element_states, envelopes, names, timeline
from engine.queries.deadlines import DeadlineView
from engine.queries.element_states import ElementState
from engine.queries.envelopes import EnvelopeView
from engine.queries.raised import Raised, raised_about
from engine.queries.task_rows import TaskRow, task_rows, tasks, urgent_first
from engine.queries.timeline import Event
from engine.store.models import (
    Activity,
    Document,
    Incident,
    ProcessDefinition,
    ProcessInstance,
    Resource,
    UserTask,
)

if TYPE_CHECKING:
    from engine.engine import Engine


@dataclass(frozen=True)
class DiagramRef:
    """A diagram that the instance runs on: its own, or one of a called process."""

    definition_id: str
    key: str
    name: str
    version: int


@dataclass(frozen=True)
class IncidentView:
    """An open incident."""

    id: str
    instance_id: str | None
    element_id: str | None
    code: str
    params: Mapping[str, Any]
    raised_at: datetime


@dataclass(frozen=True)
class DocumentView:
    """An issued document, without its bytes."""

    id: str
    title: str
    number: str
    version: int
    state: str
    made_at: datetime
    has_pdf: bool
    has_docx: bool


@dataclass(frozen=True)
class InstancePage:
    """All that the page of one instance shows."""

    instance: ProcessInstance
    process_name: str
    process_version: int
    siblings: Sequence[tuple[ProcessInstance, str]]
    """The other instances of the request that the actor may see, each with its process name."""
    about: Sequence[tuple[ProcessInstance, str]]
    """Instances of the request that this one is about, where the actor may see them."""
    raised: Sequence[Raised]
    """What has been raised about the request, under numbers of its own."""
    diagrams: Sequence[DiagramRef]
    deadlines: Sequence[DeadlineView]
    tasks: Sequence[TaskRow]
    open_to_me: frozenset[str]
    """Ids of the open tasks whose form the actor may open."""
    envelopes: Sequence[EnvelopeView]
    incidents: Sequence[IncidentView]
    documents: Sequence[DocumentView]
    timeline: Sequence[Event]
    people: Mapping[str, str]
    """Names of everybody the page mentions, by id."""
    unit_name: str | None
    may_supervise: bool
    """Whether the actor may step in."""

    @property
    def flags(self) -> list[str]:
        """What the request shows of the open ones raised about it, e.g. 有审查建议 (A4)."""
        return sorted({one.flag for one in self.raised if one.flag})


def instance_page(engine: Engine, actor: Actor, instance_id: str) -> InstancePage:
    """Raises NotFound where there is no such instance or the actor may not see it."""
    with engine.database.read() as session:
        instance = _visible(session, actor, instance_id)
        definition = session.get_one(ProcessDefinition, instance.definition_id)
        ids = [instance.id]
        limits = deadlines.of_instances(session, ids)
        mail = envelopes.of_request(session, instance.business_key, instance.agency_id)
        story = timeline.events(session, [instance], limits, mail, instance.agency_id)
        open_tasks = _open_tasks(session, ids)
        mentioned = {event.person for event in story} | {task.assignee for task in open_tasks}
        mentioned |= {event.params.get("given_to") for event in story}
        return InstancePage(
            instance=instance,
            process_name=definition.name,
            process_version=definition.version,
            siblings=_siblings(session, actor, instance),
            about=_of_request(session, actor, instance, instance.origin_request),
            raised=raised_about(engine, session, actor, instance),
            diagrams=_diagrams(session, instance, definition),
            deadlines=limits,
            tasks=open_tasks,
            open_to_me=_open_to(session, actor, ids),
            envelopes=mail,
            incidents=_incidents(session, ids),
            documents=_documents(session, ids),
            timeline=story,
            people=directory.names(session, engine.crypto, mentioned | {instance.started_by}),
            unit_name=names.units(session, [instance.unit_id]).get(instance.unit_id or ""),
            may_supervise=permissions.supervises(actor, instance),
        )


def diagram_states(
    engine: Engine, actor: Actor, instance_id: str, definition_id: str
) -> tuple[dict[str, ElementState], dict[str, str]]:
    """Element id → state on this diagram, over the request's instances that the actor may see;
    and the names of the people who hold its tasks. Raises NotFound."""
    with engine.database.read() as session:
        instance = _visible(session, actor, instance_id)
        ids = [instance.id, *(one.id for one, _ in _siblings(session, actor, instance))]
        now = engine.clock.now()
        states = element_states.of_diagram(session, definition_id, ids, now)
        holders = {holder for state in states.values() for holder in state.holders}
        return states, directory.names(session, engine.crypto, holders)


def diagram(engine: Engine, actor: Actor, definition_id: str) -> bytes:
    """The .bpmn file that the definition stands in. A diagram holds no personal data: whoever
    is signed in may read it. Raises NotFound."""
    with engine.database.read() as session:
        definition = session.get(ProcessDefinition, definition_id)
        if definition is None or not actor.id:
            raise NotFound("definition.unknown", id=definition_id)
        file = session.get_one(Resource, (definition.deployment_id, definition.resource_name))
        content: bytes = file.content
        return content


def _visible(session: Session, actor: Actor, instance_id: str) -> ProcessInstance:
    found = session.scalar(
        select(ProcessInstance).where(
            ProcessInstance.id == instance_id, permissions.sees_instance(actor)
        )
    )
    if found is None:
        raise NotFound("instance.unknown", id=instance_id)
    return found


def _siblings(
    session: Session, actor: Actor, instance: ProcessInstance
) -> list[tuple[ProcessInstance, str]]:
    return _of_request(session, actor, instance, instance.business_key)


def _of_request(
    session: Session, actor: Actor, seen_from: ProcessInstance, number: str | None
) -> list[tuple[ProcessInstance, str]]:
    """The agency's other instances under the number that the actor may see, each with its name."""
    statement = (
        select(ProcessInstance, ProcessDefinition.name)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
        .where(
            ProcessInstance.business_key == number,
            ProcessInstance.agency_id == seen_from.agency_id,
            ProcessInstance.id != seen_from.id,
            permissions.sees_instance(actor),
        )
        .order_by(ProcessInstance.started_at, ProcessInstance.id)
    )
    return [(one, name) for one, name in session.execute(statement)]


def _diagrams(
    session: Session, instance: ProcessInstance, own: ProcessDefinition
) -> list[DiagramRef]:
    entered = select(Activity.definition_id).where(Activity.instance_id == instance.id).distinct()
    called = session.scalars(
        select(ProcessDefinition)
        .where(ProcessDefinition.id.in_(entered), ProcessDefinition.id != own.id)
        .order_by(ProcessDefinition.name)
    )
    return [DiagramRef(one.id, one.key, one.name, one.version) for one in (own, *called)]


def _open_tasks(session: Session, ids: Sequence[str]) -> list[TaskRow]:
    statement = urgent_first(tasks(UserTask.instance_id.in_(ids), UserTask.state == "open"))
    return task_rows(session.execute(statement))


def _open_to(session: Session, actor: Actor, ids: Sequence[str]) -> frozenset[str]:
    mine = select(UserTask.id).where(
        UserTask.instance_id.in_(ids), UserTask.state == "open", permissions.sees_task(actor)
    )
    return frozenset(session.scalars(mine))


def _incidents(session: Session, ids: Sequence[str]) -> list[IncidentView]:
    found = session.scalars(
        select(Incident)
        .where(Incident.instance_id.in_(ids), Incident.state == "open")
        .order_by(Incident.raised_at)
    )
    return [
        IncidentView(one.id, one.instance_id, one.element_id, one.code, one.params, one.raised_at)
        for one in found
    ]


def _documents(session: Session, ids: Sequence[str]) -> list[DocumentView]:
    found = session.execute(
        select(
            Document.id,
            Document.title,
            Document.number,
            Document.version,
            Document.state,
            Document.made_at,
            Document.pdf_sm3.isnot(None),
            Document.docx_sm3.isnot(None),
        )
        .where(Document.instance_id.in_(ids))
        .order_by(Document.made_at, Document.version)
    )
    return [DocumentView(*row) for row in found]

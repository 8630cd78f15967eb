"""What was deployed: deployments, their files, process definitions; and how busy they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, exists, func, select, true
from sqlalchemy.orm import aliased

from engine import permissions
from engine.actors import Actor
from engine.definitions import EXPANDED
from engine.queries.rest.listing import (
    Filter,
    Listing,
    after,
    before,
    equal,
    everything,
    flag,
    like,
    number,
    one_of,
    switch,
)
from engine.store.models import (
    Activity,
    Deployment,
    Incident,
    Job,
    ProcessDefinition,
    ProcessInstance,
    Resource,
)

if TYPE_CHECKING:
    from engine.engine import Engine


def _anybody(_: Actor) -> ColumnElement[bool]:
    """What is published may be read by every account: it holds no personal data."""
    return true()


DEPLOYMENTS = Listing(
    rows=select(Deployment),
    key=Deployment.id,
    visible=_anybody,
    filters={
        "id": equal(Deployment.id),
        "name": equal(Deployment.name),
        "nameLike": like(Deployment.name),
        "source": equal(Deployment.note),
        "after": after(Deployment.deployed_at),
        "before": before(Deployment.deployed_at),
        "tenantIdIn": Filter("texts", lambda *_: ~true()),
        "withoutTenantId": everything(),
        "includeDeploymentsWithoutTenantId": everything(),
    },
    sorts={
        "id": Deployment.id,
        "name": Deployment.name,
        "deploymentTime": Deployment.deployed_at,
        "tenantId": Deployment.id,
    },
)

_newer = aliased(ProcessDefinition)
_LATEST = ~exists().where(
    _newer.key == ProcessDefinition.key, _newer.version > ProcessDefinition.version
)

DEFINITIONS = Listing(
    rows=select(ProcessDefinition, Deployment.deployed_at).join(
        Deployment, Deployment.id == ProcessDefinition.deployment_id
    ),
    key=ProcessDefinition.id,
    visible=_anybody,
    filters={
        "processDefinitionId": equal(ProcessDefinition.id),
        "processDefinitionIdIn": one_of(ProcessDefinition.id),
        "name": equal(ProcessDefinition.name),
        "nameLike": like(ProcessDefinition.name),
        "deploymentId": equal(ProcessDefinition.deployment_id),
        "deployedAfter": after(Deployment.deployed_at),
        "deployedAt": Filter("instant", lambda value, _: Deployment.deployed_at == value),
        "key": equal(ProcessDefinition.key),
        "keysIn": one_of(ProcessDefinition.key),
        "keyLike": like(ProcessDefinition.key),
        "version": number(ProcessDefinition.version),
        "latestVersion": flag(_LATEST),
        "resourceName": equal(ProcessDefinition.resource_name),
        "resourceNameLike": like(ProcessDefinition.resource_name),
        "active": flag(ProcessDefinition.suspended.is_(False)),
        "suspended": flag(ProcessDefinition.suspended.is_(True)),
        "tenantIdIn": Filter("texts", lambda *_: ~true()),
        "withoutTenantId": everything(),
        "includeProcessDefinitionsWithoutTenantId": everything(),
        "withoutVersionTag": everything(),
        "startableInTasklist": switch(ProcessDefinition.startable_by != []),
        "notStartableInTasklist": flag(ProcessDefinition.startable_by == []),
    },
    sorts={
        "id": ProcessDefinition.id,
        "key": ProcessDefinition.key,
        "name": ProcessDefinition.name,
        "version": ProcessDefinition.version,
        "category": ProcessDefinition.key,
        "deploymentId": ProcessDefinition.deployment_id,
        "deployTime": Deployment.deployed_at,
        "tenantId": ProcessDefinition.key,
    },
)


def latest_definition(engine: Engine, key: str) -> str | None:
    """Id of the newest version."""
    query = select(ProcessDefinition.id).where(ProcessDefinition.key == key, _LATEST)
    with engine.database.read() as session:
        return session.scalar(query)


def definitions_of(engine: Engine, *keys: str) -> Sequence[str]:
    """Ids of every version of the processes."""
    query = select(ProcessDefinition.id).where(ProcessDefinition.key.in_(keys))
    with engine.database.read() as session:
        return session.scalars(query).all()


@dataclass(frozen=True, slots=True)
class FileOfDeployment:
    """A file without its content. Its id is its name: unique within the deployment."""

    deployment_id: str
    name: str


def files(engine: Engine, deployment_id: str) -> list[FileOfDeployment]:
    """What was handed in, by name; what the engine made of it is left out."""
    query = select(Resource.name).where(
        Resource.deployment_id == deployment_id, Resource.name.not_like(f"%{EXPANDED}")
    )
    with engine.database.read() as session:
        found = session.scalars(query.order_by(Resource.name))
        return [FileOfDeployment(deployment_id, name) for name in found]


def content(engine: Engine, deployment_id: str, name: str) -> bytes | None:
    """A file byte for byte as it was handed in."""
    query = select(Resource.content).where(
        Resource.deployment_id == deployment_id, Resource.name == name
    )
    with engine.database.read() as session:
        return session.scalar(query)


def contents(engine: Engine, deployment_id: str) -> dict[str, bytes]:
    """All files that were handed in."""
    query = select(Resource.name, Resource.content).where(
        Resource.deployment_id == deployment_id, Resource.name.not_like(f"%{EXPANDED}")
    )
    with engine.database.read() as session:
        return dict(session.execute(query).all())


def newest_of_name(engine: Engine, name: str) -> str | None:
    """Id of the newest deployment of that name."""
    query = select(Deployment.id).where(Deployment.name == name)
    newest = query.order_by(Deployment.deployed_at.desc(), Deployment.id.desc()).limit(1)
    with engine.database.read() as session:
        return session.scalar(newest)


# statistics ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Load:
    """How many instances or tokens there are, and what failed in them."""

    instances: Counter[str]
    failed_jobs: Counter[str]
    incidents: dict[str, Counter[str]]
    """By definition or element: code → how many."""


def load_of_definitions(engine: Engine, actor: Actor) -> Load:
    """By definition, of the instances that run and that the actor sees."""
    mine = (ProcessInstance.ended_at.is_(None), permissions.sees_instance(actor))
    by = ProcessInstance.definition_id
    return _load(engine, by, select(by, func.count()).where(*mine).group_by(by), mine)


def load_of_elements(engine: Engine, actor: Actor, definition_id: str) -> Load:
    """By element of one definition, of the running instances that the actor sees."""
    mine = (
        ProcessInstance.ended_at.is_(None),
        ProcessInstance.definition_id == definition_id,
        permissions.sees_instance(actor),
    )
    tokens = (
        select(Activity.element_id, func.count())
        .join(ProcessInstance, ProcessInstance.id == Activity.instance_id)
        .where(Activity.state == "active", Activity.definition_id == definition_id, *mine)
        .group_by(Activity.element_id)
    )
    return _load(engine, None, tokens, mine)


def _load(engine: Engine, by: Any, tokens: Any, mine: Iterable[Any]) -> Load:
    """`by`: what jobs and incidents are counted by; None: the element they stand at."""
    job_key = Job.element_id if by is None else by
    incident_key = Incident.element_id if by is None else by
    jobs = (
        select(job_key, func.count())
        .select_from(Job)
        .join(ProcessInstance, ProcessInstance.id == Job.instance_id)
        .where(Job.state == "failed", *mine)
        .group_by(job_key)
    )
    incidents = (
        select(incident_key, Incident.code, func.count())
        .select_from(Incident)
        .join(ProcessInstance, ProcessInstance.id == Incident.instance_id)
        .where(Incident.state == "open", *mine)
        .group_by(incident_key, Incident.code)
    )
    with engine.database.read() as session:
        found: dict[str, Counter[str]] = {}
        for key, code, count in session.execute(incidents):
            found.setdefault(key, Counter())[code] += count
        return Load(
            Counter(dict(session.execute(tokens).all())),
            Counter(dict(session.execute(jobs).all())),
            found,
        )

"""What analysts see: procedures with their versions, files and how many instances run on each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import directory, permissions, studio_drafts
from engine.actors import Actor
from engine.deployments import known_keys
from engine.errors import Forbidden, NotFound
from engine.statutes import NAME as NORMS
from engine.store.models import Deployment, ProcessDefinition, ProcessInstance, StudioDraft
from engine.studio_drafts import StudioFile, Workspace

if TYPE_CHECKING:
    from engine.engine import Engine


@dataclass(frozen=True, slots=True)
class DefinitionRow:
    """One process of a version; `running`: its instances that have not ended."""

    id: str
    key: str
    name: str
    version: int
    running: int


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One publication of a procedure."""

    deployment_id: str
    published_at: datetime
    published_by: str | None
    """The person's name; None: the command line."""
    note: str
    definitions: Sequence[DefinitionRow]

    @property
    def number(self) -> int:
        """The version of its processes: they are counted together; 0 where there is none."""
        return max((one.version for one in self.definitions), default=0)

    @property
    def running(self) -> int:
        return sum(one.running for one in self.definitions)


@dataclass(frozen=True, slots=True)
class ProcedureRow:
    """A procedure in the list. `latest` is None where it has only been drafted."""

    procedure: str
    latest: VersionRow | None
    running: int
    drafted_at: datetime | None

    @property
    def name(self) -> str:
        """As its own process calls it."""
        definitions = self.latest.definitions if self.latest else ()
        own = [one for one in definitions if one.key == self.procedure] or definitions
        return own[0].name if own else self.procedure


@dataclass(frozen=True, slots=True)
class ProcedurePage:
    """All about one procedure: the reader's workspace and the versions, newest first."""

    workspace: Workspace
    versions: Sequence[VersionRow]


def procedures(engine: Engine, actor: Actor) -> Sequence[ProcedureRow]:
    """Everything that was published or that the actor drafts, by its name. Raises `Forbidden`."""
    _may_draw(actor)
    with engine.database.read() as session:
        versions = _versions(engine, session)
        drafts = _drafts(session, actor.id)
    return sorted(
        (
            _row(procedure, versions.get(procedure, ()), drafts.get(procedure))
            for procedure in versions.keys() | drafts.keys()
        ),
        key=lambda row: (row.name, row.procedure),
    )


def procedure_page(engine: Engine, actor: Actor, procedure: str) -> ProcedurePage:
    """Raises `NotFound` studio.no_procedure, `Forbidden`."""
    _may_draw(actor)
    with engine.database.read() as session:
        found = studio_drafts.workspace(session, actor.id, procedure)
        versions = _versions(engine, session, procedure)
    return ProcedurePage(found, versions.get(procedure, ()))


def files_of(
    engine: Engine, actor: Actor, procedure: str, deployment_id: str
) -> Mapping[str, StudioFile]:
    """The files of one version. Raises `NotFound` studio.no_version, `Forbidden`."""
    _may_draw(actor)
    with engine.database.read() as session:
        deployment = session.get(Deployment, deployment_id)
        if deployment is None or deployment.name != procedure or procedure == NORMS:
            raise NotFound("studio.no_version", procedure=procedure)
        return studio_drafts.published(session, deployment_id)


def workspace(engine: Engine, actor: Actor, procedure: str) -> Workspace:
    """The reader's files of a procedure. Raises `NotFound`, `Forbidden`."""
    _may_draw(actor)
    with engine.database.read() as session:
        return studio_drafts.workspace(session, actor.id, procedure)


def process_keys(engine: Engine) -> set[str]:
    """Every process that was ever published: what call activities may name."""
    with engine.database.read() as session:
        return known_keys(session)


def _may_draw(actor: Actor) -> None:
    if not permissions.may_draw(actor):
        raise Forbidden("studio.may_not_draw")


def _row(
    procedure: str, versions: Sequence[VersionRow], drafted_at: datetime | None
) -> ProcedureRow:
    running = sum(version.running for version in versions)
    return ProcedureRow(procedure, versions[0] if versions else None, running, drafted_at)


def _drafts(session: Session, person_id: str) -> dict[str, datetime]:
    rows = session.execute(
        select(StudioDraft.procedure, func.max(StudioDraft.saved_at).label("saved_at"))
        .where(StudioDraft.person_id == person_id)
        .group_by(StudioDraft.procedure)
    )
    return {row.procedure: row.saved_at for row in rows}


def _versions(
    engine: Engine, session: Session, procedure: str | None = None
) -> dict[str, list[VersionRow]]:
    """Procedure → its versions, newest first."""
    query = (
        select(Deployment)
        .where(Deployment.name != NORMS)
        .order_by(Deployment.deployed_at.desc(), Deployment.id.desc())
    )
    if procedure is not None:
        query = query.where(Deployment.name == procedure)
    deployments = session.scalars(query).all()
    definitions = _definitions(session, [one.id for one in deployments])
    people = directory.names(session, engine.crypto, {one.deployed_by for one in deployments})
    found: dict[str, list[VersionRow]] = defaultdict(list)
    for one in deployments:
        found[one.name].append(
            VersionRow(
                one.id,
                one.deployed_at,
                people.get(one.deployed_by),
                one.note,
                definitions.get(one.id, ()),
            )
        )
    return found


def _definitions(session: Session, deployments: Iterable[str]) -> dict[str, list[DefinitionRow]]:
    running = (
        select(ProcessInstance.definition_id, func.count().label("number"))
        .where(ProcessInstance.state.in_(("active", "suspended")))
        .group_by(ProcessInstance.definition_id)
        .subquery()
    )
    rows = session.execute(
        select(ProcessDefinition, func.coalesce(running.c.number, 0))
        .outerjoin(running, running.c.definition_id == ProcessDefinition.id)
        .where(ProcessDefinition.deployment_id.in_(list(deployments)))
        .order_by(ProcessDefinition.key)
    )
    found: dict[str, list[DefinitionRow]] = defaultdict(list)
    for one, number in rows:
        row = DefinitionRow(one.id, one.key, one.name, one.version, number)
        found[one.deployment_id].append(row)
    return found

"""What an analyst has changed and not yet published: files kept per person and procedure.

A procedure is a deployment's name: its newest files are what the drafts lie over. Bytes are kept
as they were handed in.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from engine import permissions
from engine.definitions import EXPANDED
from engine.deployments import Deployed, deploy
from engine.errors import Conflict, Forbidden, NotFound, Refusal
from engine.statutes import NAME as NORMS
from engine.store.models import Deployment, Resource, StudioDraft
from engine.store.unit_of_work import Unit
from engine.store.upsert import insert_or_update
from engine.verbs import verb

KINDS = (".bpmn", ".dmn", ".form")
"""What the studio opens; a deployment's other files stay as they are."""
LONGEST_NAME = 120
LARGEST_FILE = 5 * 1024 * 1024
_PROCEDURE = re.compile(r"[a-z][a-z0-9_]{1,79}")
_FORBIDDEN = re.compile(r"[/\\:*?\"<>|\x00-\x1f\u202a-\u202e\u2066-\u2069]")
"""Also what turns the direction of writing: such a name shows another ending than it has."""


@dataclass(frozen=True, slots=True)
class StudioFile:
    """A file of a workspace. `sha256` is the content's own, `base_sha256` the published one's."""

    name: str
    content: bytes
    sha256: str
    base_sha256: str = ""
    saved_at: datetime | None = None
    """When it was last saved as a draft; None: as published."""


@dataclass(slots=True)
class Workspace:
    """The newest published files of a procedure with one person's drafts laid over them."""

    procedure: str
    deployment_id: str | None
    files: dict[str, StudioFile] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)
    """Published files that the drafts take out."""
    overtaken: list[str] = field(default_factory=list)
    """Drafted files that somebody else has published anew since the work on them began."""

    @property
    def drafted(self) -> bool:
        """Whether anything differs from what is published."""
        return bool(self.removed) or any(one.saved_at for one in self.files.values())

    @property
    def contents(self) -> dict[str, bytes]:
        """File name → bytes: what would be published."""
        return {name: one.content for name, one in self.files.items()}

    def file(self, name: str) -> StudioFile:
        """Raises `NotFound` studio.no_file."""
        if name not in self.files:
            raise NotFound("studio.no_file", file=name, procedure=self.procedure)
        return self.files[name]


def workspace(session: Session, person_id: str, procedure: str) -> Workspace:
    """The person's view of the procedure. Raises `NotFound` where neither side knows it."""
    newest = newest_deployment(session, procedure)
    found = Workspace(procedure, newest)
    for file in published(session, newest).values() if newest else ():
        found.files[file.name] = file
    drafts = session.scalars(
        select(StudioDraft)
        .where(StudioDraft.person_id == person_id, StudioDraft.procedure == procedure)
        .order_by(StudioDraft.name)
    ).all()
    if newest is None and not drafts:
        raise NotFound("studio.no_procedure", procedure=procedure)
    for draft in drafts:
        _lay_over(found, draft)
    return found


def _lay_over(found: Workspace, draft: StudioDraft) -> None:
    below = found.files.pop(draft.name, None)
    base = below.sha256 if below else ""
    if draft.base_sha256 != base:
        found.overtaken.append(draft.name)
    if draft.content is None:
        found.removed += [draft.name] if below else []
        return
    sha256 = hashlib.sha256(draft.content).hexdigest()
    found.files[draft.name] = StudioFile(draft.name, draft.content, sha256, base, draft.saved_at)


def newest_deployment(session: Session, procedure: str) -> str | None:
    """The id of what was published last under that name; the norms are no procedure."""
    if procedure == NORMS:
        return None
    query = (
        select(Deployment.id)
        .where(Deployment.name == procedure)
        .order_by(Deployment.deployed_at.desc(), Deployment.id.desc())
        .limit(1)
    )
    return session.scalar(query)


def published(session: Session, deployment_id: str) -> dict[str, StudioFile]:
    """The files of a deployment as they were handed in, by name."""
    rows = session.execute(
        select(Resource.name, Resource.content, Resource.sha256)
        .where(Resource.deployment_id == deployment_id)
        .order_by(Resource.name)
    )
    return {
        name: StudioFile(name, content, sha256, sha256)
        for name, content, sha256 in rows
        if not name.endswith(EXPANDED)
    }


@verb
def save_draft_file(
    unit: Unit, procedure: str, name: str, content: bytes, base_sha256: str | None = None
) -> datetime:
    """Keep a changed file; when it was kept.

    `base_sha256`: of the published content the page had opened, empty for a new file; None: of
    what is published now. A draft that exists keeps its own base.
    Raises `Refusal` studio.file_name, studio.file_size, `Forbidden`.
    """
    _may_draw(unit)
    _check_name(name)
    if len(content) > LARGEST_FILE:
        raise Refusal("studio.file_size", file=name, found=len(content), expected=LARGEST_FILE)
    known = unit.session.get(StudioDraft, (unit.actor.id, procedure, name))
    if known is not None and base_sha256 is not None:
        base_sha256 = known.base_sha256
    _keep(unit, procedure, name, content, base_sha256)
    return unit.now


@verb
def take_in(unit: Unit, procedure: str, files: Mapping[str, bytes]) -> None:
    """Keep uploaded files as drafts over what is published now.

    Raises `Refusal` studio.procedure_name, studio.file_name, studio.file_size, `Forbidden`.
    """
    _may_draw(unit)
    if newest_deployment(unit.session, procedure) is None:
        _check_new(procedure)
    for name, content in files.items():
        save_draft_file.within(unit, procedure, name, content)


@verb
def begin_procedure(unit: Unit, procedure: str, name: str, content: bytes) -> None:
    """A new procedure: one drafted diagram, published by nobody yet.

    Raises `Refusal` studio.procedure_name, `Conflict` studio.procedure_exists, `Forbidden`.
    """
    _may_draw(unit)
    _check_new(procedure)
    query = select(StudioDraft.name).where(
        StudioDraft.person_id == unit.actor.id, StudioDraft.procedure == procedure
    )
    begun = unit.session.scalar(query.limit(1)) is not None
    if begun or newest_deployment(unit.session, procedure) is not None:
        raise Conflict("studio.procedure_exists", procedure=procedure)
    save_draft_file.within(unit, procedure, name, content, "")


@verb
def remove_file(unit: Unit, procedure: str, name: str) -> None:
    """Leave the file out of the next version; a file that was never published just goes."""
    _may_draw(unit)
    found = workspace(unit.session, unit.actor.id, procedure).file(name)
    if found.base_sha256:
        _keep(unit, procedure, name, None, found.base_sha256)
    else:
        _forget(unit, procedure, name)


@verb
def discard_drafts(unit: Unit, procedure: str, name: str | None = None) -> None:
    """Back to what is published: one file, or all of the procedure."""
    _may_draw(unit)
    _forget(unit, procedure, name)


@verb
def publish(unit: Unit, procedure: str, note: str, groups: Mapping[str, bytes]) -> Deployed:
    """Make the workspace a new version; running instances stay on theirs. The drafts go.

    Raises `Refusal` studio.note_missing, deployment.refused (with `complaints`), `Conflict`
    studio.overtaken where somebody else published a drafted file meanwhile, `Forbidden`.
    """
    _may_draw(unit)
    if not note.strip():
        raise Refusal("studio.note_missing")
    found = workspace(unit.session, unit.actor.id, procedure)
    if found.overtaken:
        raise Conflict("studio.overtaken", files=found.overtaken)
    deployed = deploy.within(unit, procedure, found.contents, groups, note.strip())
    _forget(unit, procedure)
    return deployed


def _may_draw(unit: Unit) -> None:
    if not permissions.may_draw(unit.actor):
        raise Forbidden("studio.may_not_draw")


def _check_new(procedure: str) -> None:
    if procedure == NORMS or not _PROCEDURE.fullmatch(procedure):
        raise Refusal("studio.procedure_name", found=procedure)


def _check_name(name: str) -> None:
    odd = name.startswith(".") or _FORBIDDEN.search(name) or len(name) > LONGEST_NAME
    if odd or PurePosixPath(name).suffix not in KINDS:
        raise Refusal("studio.file_name", found=name, expected=KINDS)


def _keep(
    unit: Unit, procedure: str, name: str, content: bytes | None, base_sha256: str | None
) -> None:
    if base_sha256 is None:
        newest = newest_deployment(unit.session, procedure)
        below = published(unit.session, newest).get(name) if newest else None
        base_sha256 = below.sha256 if below else ""
    insert_or_update(
        unit.session,
        StudioDraft,
        {"person_id": unit.actor.id, "procedure": procedure, "name": name},
        {"content": content, "base_sha256": base_sha256, "saved_at": unit.now},
    )


def _forget(unit: Unit, procedure: str, name: str | None = None) -> None:
    statement = delete(StudioDraft).where(
        StudioDraft.person_id == unit.actor.id, StudioDraft.procedure == procedure
    )
    if name is not None:
        statement = statement.where(StudioDraft.name == name)
    unit.session.execute(statement.execution_options(synchronize_session=False))

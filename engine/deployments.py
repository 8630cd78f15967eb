"""Deployments: checked and stored as a whole; a new version only where something changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import orjson
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import permissions, timer_starts
from engine.bearings import (
    decision_bearings,
    form_bearings,
    letter_bearings,
    unknown_clauses,
)
from engine.bpmn.lint import Surroundings, lint
from engine.bpmn.lint.references import form_key
from engine.bpmn.model import Diagram, Process
from engine.bpmn.reading import read_diagram
from engine.definitions import EXPANDED
from engine.documents.sources import FOLDER
from engine.engine import Engine
from engine.errors import Forbidden, LiandongError, Refusal
from engine.feel.decisions import DecisionModel
from engine.feel.decisions import load as load_decisions
from engine.letters import Letter, read_letter
from engine.ports import Bearing, Complaint
from engine.requests import wake_waiting
from engine.store.models import Deployment, ProcessDefinition, Resource
from engine.store.types import new_id
from engine.store.unit_of_work import Unit
from engine.verbs import verb


@dataclass(frozen=True, slots=True)
class Deployed:
    """What was published: (key, version) of each process; `unchanged` where nothing was new."""

    deployment_id: str
    definitions: list[tuple[str, int]]
    unchanged: bool


@dataclass(slots=True)
class Checked:
    """One folder's files, read; complaints about all of them together."""

    complaints: list[Complaint] = field(default_factory=list)
    diagrams: list[Diagram] = field(default_factory=list)
    forms: dict[str, bytes] = field(default_factory=dict)
    """File name → expanded form as JSON."""
    decisions: list[DecisionModel] = field(default_factory=list)
    letters: dict[str, Letter] = field(default_factory=dict)
    """File name → what was read."""
    bearings: list[Bearing] = field(default_factory=list)
    """Fields, decisions and letters that name clauses; elements say it in their diagrams."""

    @property
    def errors(self) -> list[Complaint]:
        """What forbids deployment; warnings do not."""
        return [c for c in self.complaints if c.severity == "error"]


def check(
    engine: Engine,
    files: Mapping[str, bytes],
    groups: Mapping[str, bytes],
    known_processes: Iterable[str] | None,
) -> Checked:
    """Read and judge the files of one deployment; nothing is stored.

    `groups`: field groups that forms may include, by file name. `known_processes`: keys that call
    activities may name besides those in `files`; None: not checked.
    """
    found = Checked()
    for name, content in sorted(files.items()):
        reader = _READERS.get(PurePosixPath(name).suffix)
        if reader is None:
            continue
        try:
            reader(engine, found, name, content, groups)
        except LiandongError as problem:
            found.complaints += _complaints_of(problem, name)
    around = _surroundings(engine, found, known_processes)
    for diagram in found.diagrams:
        found.complaints += lint(diagram, around)
    found.bearings = [
        *form_bearings(engine.forms, found.forms, files, groups),
        *decision_bearings(found.decisions),
        *letter_bearings(found.letters, files),
    ]
    found.complaints += unknown_clauses(found.bearings, engine.statutes.current)
    return found


def _complaints_of(problem: LiandongError, name: str) -> list[Complaint]:
    nested = problem.params.get("complaints")
    if nested:
        return list(nested)
    params = {k: v for k, v in problem.params.items() if k not in ("file", "line", "element")}
    line, element = problem.params.get("line"), problem.params.get("element")
    return [Complaint("error", name, problem.code, line, element, params=params)]


def _read_bpmn(
    engine: Engine, found: Checked, name: str, content: bytes, groups: Mapping[str, bytes]
) -> None:
    found.diagrams.append(read_diagram(content, name))


def _read_form(
    engine: Engine, found: Checked, name: str, content: bytes, groups: Mapping[str, bytes]
) -> None:
    complaints = engine.forms.check(name, content, groups)
    found.complaints += complaints
    if any(c.severity == "error" for c in complaints):
        found.forms[name] = b""
        return
    found.forms[name] = orjson.dumps(engine.forms.expand(content, groups))


def _read_dmn(
    engine: Engine, found: Checked, name: str, content: bytes, groups: Mapping[str, bytes]
) -> None:
    model = load_decisions(content, name)
    found.decisions.append(model)
    for problem in model.problems:
        found.complaints += _complaints_of(problem, name)


def _read_letter(
    engine: Engine, found: Checked, name: str, content: bytes, groups: Mapping[str, bytes]
) -> None:
    if PurePosixPath(name).parent.name == FOLDER:
        found.letters[name] = read_letter(name, content)


_READERS = {
    ".bpmn": _read_bpmn,
    ".form": _read_form,
    ".dmn": _read_dmn,
    ".yaml": _read_letter,
}


def _surroundings(
    engine: Engine, found: Checked, known_processes: Iterable[str] | None
) -> Surroundings:
    own = {process for diagram in found.diagrams for process in diagram.processes}
    norms = engine.statutes.current
    return Surroundings(
        forms=frozenset(PurePosixPath(name).stem for name in found.forms),
        decisions=frozenset(d.id for model in found.decisions for d in model.decisions),
        processes=None if known_processes is None else frozenset({*own, *known_processes}),
        topics=frozenset(engine.topics),
        roles=norms.roles,
        norms=norms,
    )


@verb
def deploy(
    unit: Unit,
    name: str,
    files: Mapping[str, bytes],
    groups: Mapping[str, bytes] | None = None,
    note: str = "",
    also_known: Iterable[str] = (),
) -> Deployed:
    """Publish the files of one folder. The same files again change nothing.

    `also_known`: processes that are deployed together with this folder, in whatever order.
    Running instances stay on their version. Raises `Refusal` deployment.refused with
    `complaints`: nothing is stored then; `Forbidden`.
    """
    if not permissions.may_deploy(unit.actor):
        raise Forbidden("deployment.may_not_deploy")
    known = {*known_keys(unit.session), *also_known}
    checked = check(unit.engine, files, groups or {}, known)
    if checked.errors:
        raise Refusal("deployment.refused", deployment=name, complaints=checked.complaints)
    stored = {**files, **{form + EXPANDED: body for form, body in checked.forms.items()}}
    digest = _digest(stored)
    same = _same(unit.session, name, digest)
    if same is not None:
        return Deployed(same, _versions(unit.session, same), unchanged=True)
    return _publish(unit, name, note, stored, digest, checked)


def processes_in(files: Mapping[str, bytes]) -> set[str]:
    """Keys of the processes drawn in the diagrams that can be read."""
    keys: set[str] = set()
    for name, content in files.items():
        if name.endswith(".bpmn"):
            try:
                keys |= set(read_diagram(content, name).processes)
            except Refusal:
                continue
    return keys


def known_keys(session: Session) -> set[str]:
    """Keys of all processes that were ever deployed."""
    return set(session.scalars(select(ProcessDefinition.key).distinct()))


def _digest(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\0{len(files[name])}\0".encode() + files[name])
    return digest.hexdigest()


def _same(session: Session, name: str, digest: str) -> str | None:
    """The newest deployment of that name, if its files are the same."""
    query = (
        select(Deployment.id, Deployment.digest)
        .where(Deployment.name == name)
        .order_by(Deployment.deployed_at.desc(), Deployment.id.desc())
        .limit(1)
    )
    row = session.execute(query).first()
    return row.id if row is not None and row.digest == digest else None


def _versions(session: Session, deployment_id: str) -> list[tuple[str, int]]:
    query = select(ProcessDefinition.key, ProcessDefinition.version).where(
        ProcessDefinition.deployment_id == deployment_id
    )
    return [(key, version) for key, version in session.execute(query)]


def _publish(
    unit: Unit, name: str, note: str, stored: Mapping[str, bytes], digest: str, checked: Checked
) -> Deployed:
    deployment = Deployment(
        id=new_id(),
        name=name,
        digest=digest,
        note=note,
        deployed_at=unit.now,
        deployed_by=unit.actor.id,
    )
    unit.session.add(deployment)
    unit.session.flush()
    for file, content in stored.items():
        sha256 = hashlib.sha256(content).hexdigest()
        row = Resource(deployment_id=deployment.id, name=file, content=content, sha256=sha256)
        unit.session.add(row)
    definitions = [
        _define(unit, deployment, diagram, process)
        for diagram in checked.diagrams
        for process in diagram.processes.values()
        if process.executable
    ]
    unit.session.flush()
    for definition in definitions:
        timer_starts.arm(unit, definition)
    wake_waiting(unit)
    detail = {"name": name, "digest": digest, "note": note}
    unit.audit("deployment.made", "deployment", deployment.id, detail=detail)
    return Deployed(deployment.id, [(d.key, d.version) for d in definitions], unchanged=False)


def _define(
    unit: Unit, deployment: Deployment, diagram: Diagram, process: Process
) -> ProcessDefinition:
    newest = select(func.max(ProcessDefinition.version)).where(ProcessDefinition.key == process.id)
    plain = [node for node in process.starts(process.id) if node.event is None]
    by_event = [node for node in process.starts(process.id) if node.event is not None]
    definition = ProcessDefinition(
        id=new_id(),
        deployment_id=deployment.id,
        key=process.id,
        version=(unit.session.scalar(newest) or 0) + 1,
        name=process.name,
        agency_kind=process.agency_kind,
        resource_name=diagram.file,
        digest=deployment.digest,
        startable_by=_starters(process) if plain else [],
        start_form=form_key(plain[0]) if plain else None,
        start_messages=[
            n.event.reference or "" for n in by_event if n.event and n.event.kind == "message"
        ],
        start_timers=[{"element": n.id} for n in by_event if n.event and n.event.kind == "timer"],
        start_signals=[
            {"element": n.id, "signal": n.event.reference or ""}
            for n in by_event
            if n.event and n.event.kind == "signal"
        ],
    )
    unit.session.add(definition)
    return definition


def _starters(process: Process) -> list[str]:
    """Roles that may start it: camunda:candidateStarterGroups."""
    groups = process.camunda.get("candidateStarterGroups", "")
    return [group.strip() for group in groups.split(",") if group.strip()]

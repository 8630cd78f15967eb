"""What was deployed, ready to use: specs, forms, decisions, each made once per version and kept.

A deployment never changes, so a cache entry is never wrong; only its size is bounded.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.bpmn.building import build_process
from engine.bpmn.model import Diagram
from engine.bpmn.process import ProcessSpec
from engine.bpmn.reading import read_diagram
from engine.errors import NotFound
from engine.feel.decisions import DecisionModel
from engine.feel.decisions import load as load_decisions
from engine.store.models import ProcessDefinition, Resource

KEPT = 64
"""Deployments kept in memory; the least recently used goes first."""
EXPANDED = ".expanded.json"
"""Suffix under which a deployment stores a form with its groups written out."""


@dataclass(slots=True)
class Bundle:
    """All files of one deployment and what has been made of them so far."""

    deployment_id: str
    files: dict[str, bytes]
    diagrams: dict[str, Diagram] = field(default_factory=dict)
    specs: dict[str, ProcessSpec] = field(default_factory=dict)
    forms: dict[str, dict[str, Any]] = field(default_factory=dict)
    decisions: dict[str, DecisionModel] | None = None

    def diagram(self, name: str) -> Diagram:
        """The diagram in the file `name`."""
        if name not in self.diagrams:
            self.diagrams[name] = read_diagram(self.files[name], name)
        return self.diagrams[name]

    def form(self, key: str) -> dict[str, Any]:
        """The expanded form with that id. Raises `NotFound`."""
        if key not in self.forms:
            found = self._named(key, f".form{EXPANDED}")
            self.forms[key] = orjson.loads(self.files[found])
        return self.forms[key]

    def _named(self, stem: str, ending: str) -> str:
        for name in self.files:
            if PurePosixPath(name).name == stem + ending:
                return name
        raise NotFound("form.unknown", form=stem, deployment=self.deployment_id)

    def decision(self, reference: str) -> DecisionModel:
        """The model in which the decision `reference` (id) stands. Raises `NotFound`."""
        if self.decisions is None:
            self.decisions = self._load_decisions()
        if reference not in self.decisions:
            raise NotFound("decision.unknown", decision=reference)
        return self.decisions[reference]

    def _load_decisions(self) -> dict[str, DecisionModel]:
        sources = {name: content for name, content in self.files.items() if name.endswith(".dmn")}
        models = (load_decisions(content, name) for name, content in sources.items())
        return {decision.id: model for model in models for decision in model.decisions}


class Definitions:
    """Specs, forms and decisions by deployment and definition; shared by all threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._bundles: OrderedDict[str, Bundle] = OrderedDict()
        self._rows: dict[str, ProcessDefinition] = {}

    def row(self, session: Session, definition_id: str) -> ProcessDefinition:
        """The definition's row; only what never changes in it may be used. Raises `NotFound`."""
        found = self._rows.get(definition_id)
        if found is None:
            found = session.get(ProcessDefinition, definition_id)
            if found is None:
                raise NotFound("definition.unknown", definition=definition_id)
            session.expunge(found)
            self._rows[definition_id] = found
        return found

    def bundle(self, session: Session, deployment_id: str) -> Bundle:
        """Everything of one deployment."""
        with self._lock:
            found = self._bundles.get(deployment_id)
            if found is not None:
                self._bundles.move_to_end(deployment_id)
                return found
        query = select(Resource.name, Resource.content).where(
            Resource.deployment_id == deployment_id
        )
        bundle = Bundle(deployment_id, dict(session.execute(query).all()))
        with self._lock:
            bundle = self._bundles.setdefault(deployment_id, bundle)
            while len(self._bundles) > KEPT:
                self._bundles.popitem(last=False)
        return bundle

    def differing(self, deployment_id: str, files: Mapping[str, bytes]) -> Definitions:
        """The same, but for files of one deployment that is in memory: a rehearsal's What if."""
        found = Definitions()
        with self._lock:
            found._bundles = OrderedDict(self._bundles)
            found._rows = self._rows
            before = self._bundles[deployment_id]
        found._bundles[deployment_id] = Bundle(deployment_id, {**before.files, **files})
        return found

    def process(self, session: Session, definition_id: str) -> ProcessSpec:
        """The process, ready to run."""
        row = self.row(session, definition_id)
        bundle = self.bundle(session, row.deployment_id)
        if definition_id not in bundle.specs:
            model = bundle.diagram(row.resource_name).processes[row.key]
            bundle.specs[definition_id] = build_process(model, definition_id)
        return bundle.specs[definition_id]

    def diagram(self, session: Session, definition_id: str) -> Diagram:
        """The whole diagram the process is drawn in, with its message flows."""
        row = self.row(session, definition_id)
        return self.bundle(session, row.deployment_id).diagram(row.resource_name)

    def form(self, session: Session, definition_id: str, key: str) -> dict[str, Any]:
        """An expanded form of the definition's deployment. Raises `NotFound`."""
        row = self.row(session, definition_id)
        return self.bundle(session, row.deployment_id).form(key)

    def decision(self, session: Session, definition_id: str, reference: str) -> DecisionModel:
        """A decision of the definition's deployment. Raises `NotFound`."""
        row = self.row(session, definition_id)
        return self.bundle(session, row.deployment_id).decision(reference)


def latest(session: Session, key: str) -> ProcessDefinition | None:
    """The newest version of a process, if there is one."""
    query = (
        select(ProcessDefinition)
        .where(ProcessDefinition.key == key)
        .order_by(ProcessDefinition.version.desc())
        .limit(1)
    )
    return session.scalars(query).first()

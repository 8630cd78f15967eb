"""Decisions of all deployments. They stand in DMN files, which are read once and kept.

A decision's version counts the deployments that held one of its id; its own id is
`key:version:deployment`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.feel.decisions import DecisionModel, load
from engine.feel.decisions.model import DecisionTable
from engine.queries.rest.listing import MOST
from engine.store.models import Deployment, Resource

if TYPE_CHECKING:
    from engine.engine import Engine

_Held = tuple[tuple[str, str, str], ...]
"""(id, name, model's name) of each decision in a file."""


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One decision in one deployment."""

    key: str
    version: int
    name: str
    resource: str
    model_id: str
    deployment_id: str
    deployed_at: datetime

    @property
    def id(self) -> str:
        return f"{self.key}:{self.version}:{self.deployment_id}"

    @property
    def model_key(self) -> str:
        return f"{self.model_id}:{self.version}:{self.deployment_id}"


@dataclass(frozen=True, slots=True)
class Evaluated:
    """Rows of results by output name; one row for any decision that is no table."""

    rows: list[dict[str, Any]]


class Decisions:
    """Every decision of an installation; what a deployment holds never changes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self) -> list[DecisionRow]:
        """The oldest deployment first."""
        with self._engine.database.read() as session:
            versions: Counter[str] = Counter()
            found = []
            for deployment_id, name, deployed_at in _files(session):
                for key, label, model in self._held(session, deployment_id, name):
                    versions[key] += 1
                    place = (label, name, model, deployment_id, deployed_at)
                    found.append(DecisionRow(key, versions[key], *place))
            return found

    def _held(self, session: Session, deployment_id: str, name: str) -> _Held:
        bundle = self._engine.definitions.bundle(session, deployment_id)
        return _decisions_in(deployment_id, name, bundle.files[name])

    def latest(self, key: str) -> DecisionRow | None:
        """The newest version."""
        return max(
            (row for row in self.all() if row.key == key), key=lambda row: row.version, default=None
        )

    def by_id(self, id: str) -> DecisionRow | None:
        return next((row for row in self.all() if row.id == id), None)

    def evaluate(self, row: DecisionRow, values: Mapping[str, Any]) -> Evaluated:
        """Decide with these FEEL values. Raises `Refusal`, `FeelLimitExceeded`."""
        with self._engine.database.read() as session:
            bundle = self._engine.definitions.bundle(session, row.deployment_id)
        model: DecisionModel = bundle.decision(row.key)
        now = self._engine.clock.now()
        found = model.evaluate(row.key, model.typed(row.key, values), now=now).value
        results = found if isinstance(found, list) else [] if found is None else [found]
        name = _output_name(model, row.key)
        return Evaluated([one if isinstance(one, dict) else {name: one} for one in results])


def _files(session: Session) -> Sequence[tuple[str, str, datetime]]:
    query = (
        select(Deployment.id, Resource.name, Deployment.deployed_at)
        .join(Resource, Resource.deployment_id == Deployment.id)
        .where(Resource.name.like("%.dmn"))
        .order_by(Deployment.deployed_at, Deployment.id, Resource.name)
    )
    return session.execute(query).all()


@lru_cache(maxsize=MOST)
def _decisions_in(
    deployment_id: str, name: str, content: bytes
) -> tuple[tuple[str, str, str], ...]:
    model = load(content, name)
    return tuple((one.id, one.place.name or one.id, model.name) for one in model.decisions)


def _output_name(model: DecisionModel, key: str) -> str:
    """What a single result is called: the table's output, else the decision."""
    logic = next(one.logic for one in model.decisions if one.id == key)
    named = logic.outputs[0].name if isinstance(logic, DecisionTable) else None
    return named or key

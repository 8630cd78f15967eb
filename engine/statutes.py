"""The norms in force and every version that a running instance still stands on (D6).

Norms are deployed like diagrams: their files are resources of a deployment named `norms`, found
again by version. The calendar is not pinned: days do not belong to a procedure.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.store.models import Deployment, Resource
from engine.store.unit_of_work import Unit
from engine.timing.norms import Norms

NAME = "norms"


class Statutes:
    """Norms by version; `current` is what new instances take."""

    def __init__(self, current: Norms) -> None:
        self.current = current
        self._known = {current.version: current}

    def version(self, session: Session, version: str) -> Norms:
        """The norms of that version, counting with today's calendar. Raises `NotFound`."""
        if version not in self._known:
            found = self._stored(session, version)
            self._known[version] = found.with_calendar(self.current.calendar)
        return self._known[version]

    def _stored(self, session: Session, version: str) -> Norms:
        query = (
            select(Resource.name, Resource.content)
            .join(Deployment, Deployment.id == Resource.deployment_id)
            .where(Deployment.name == NAME, Deployment.digest.startswith(version))
        )
        files = dict(session.execute(query).all())
        if not files:
            raise NotFound("norm.version_unknown", found=version)
        return Norms.read(files)

    def replace(self, norms: Norms) -> None:
        """New norms or a new calendar are in force from now on."""
        self._known = {
            version: known.with_calendar(norms.calendar) for version, known in self._known.items()
        }
        self._known[norms.version] = norms
        self.current = norms


def keep(unit: Unit, norms: Norms, files: Mapping[str, bytes]) -> bool:
    """Store the files of a version unless they are there; whether they are new."""
    query = select(Deployment.id).where(Deployment.name == NAME, Deployment.digest == norms.sha256)
    if unit.session.scalar(query) is not None:
        return False
    deployment = Deployment(
        name=NAME, digest=norms.sha256, deployed_at=unit.now, deployed_by=unit.actor.id
    )
    unit.session.add(deployment)
    unit.session.flush()
    for name, content in files.items():
        sha256 = norms.sha256
        row = Resource(deployment_id=deployment.id, name=name, content=content, sha256=sha256)
        unit.session.add(row)
    unit.audit("norms.deployed", "norms", norms.version)
    return True

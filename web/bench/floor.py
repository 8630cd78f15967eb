"""The floor: fifteen plain SQLAlchemy Core statements and a commit, on the same database."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select, update

from engine.store.models import Base
from engine.store.types import new_id
from web.bench.ground import Ground
from web.bench.lives import milliseconds

_INSTANCES = Base.metadata.tables["process_instance"]
_HISTORY = Base.metadata.tables["activity"]
_THEN = datetime(2026, 1, 5, tzinfo=UTC)
ROUNDS = 5
"""Each reads a row, writes one and changes it: fifteen statements."""


class Floor:
    """What any program pays that asks the database fifteen things for one form."""

    def __init__(self, ground: Ground) -> None:
        self._database = ground.engine.database
        first = select(_INSTANCES.c.id, _INSTANCES.c.definition_id).limit(1)
        with self._database.read() as session:
            # Its history hangs on an instance, so one must have lived before.
            self._instance_id, self._definition_id = session.execute(first).one()

    def cost(self) -> float:
        """CPU milliseconds of one transaction."""
        return milliseconds(self._transaction)[0]

    def _transaction(self) -> None:
        with self._database.writer.begin() as connection:
            for _ in range(ROUNDS):
                self._three(connection, new_id())

    def _three(self, connection: Connection, id: str) -> None:
        wanted = select(_INSTANCES).where(_INSTANCES.c.id == self._instance_id)
        connection.execute(wanted).one()
        connection.execute(
            insert(_HISTORY).values(
                id=id,
                instance_id=self._instance_id,
                definition_id=self._definition_id,
                element_id="floor",
                kind="userTask",
                name="floor",
                state="active",
                started_at=_THEN,
            )
        )
        ended = update(_HISTORY).where(_HISTORY.c.id == id)
        connection.execute(ended.values(state="completed", ended_at=_THEN))

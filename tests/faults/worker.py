"""A worker that may be killed at any moment: `python -m tests.faults.worker URL NOW`.

It does what is due until nothing is. It says `(` when a transaction begins, `.` before and `)`
after its commit, so that whoever kills it knows what was hit. Without its database it tries again.
"""

import os
import sys
from datetime import datetime
from time import sleep

from sqlalchemy import event

from engine import jobs
from engine.errors import Unavailable
from engine.store import database as store
from engine.store.database import Database
from engine.timing.clock import SettableClock
from tests.engine.house import engine_on

PATIENCE = 300
"""Attempts without a database, a tenth of a second apart."""


def main(url: str, now: str) -> None:
    database = Database(url)
    event.listen(database.writer, "begin", lambda _: os.write(1, b"("))
    event.listen(database.writer, "commit", lambda _: os.write(1, b"."))
    _tell_commits()
    engine = engine_on(database, SettableClock(datetime.fromisoformat(now)))
    for _ in range(PATIENCE):
        try:
            while jobs.due_jobs(engine):
                jobs.run_due(engine)
            return
        except Unavailable:
            sleep(0.1)
    raise SystemExit("the database did not come back")


def _tell_commits() -> None:
    commit = store._commit

    def told(session: object) -> None:
        commit(session)  # type: ignore[arg-type]
        os.write(1, b")")

    store._commit = told  # type: ignore[assignment]


if __name__ == "__main__":
    main(*sys.argv[1:])

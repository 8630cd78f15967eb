"""A worker that may be killed at any moment: `python -m tests.faults.worker URL NOW`.

It does what is due until nothing is, and says `.` to whoever started it at every commit.
"""

import os
import sys
from datetime import datetime

from sqlalchemy import event

from engine import jobs
from engine.store.database import Database
from engine.timing.clock import SettableClock
from tests.engine.house import engine_on


def main(url: str, now: str) -> None:
    database = Database(url)
    # Before the commit itself: a kill at this sign hits the transaction at its most delicate.
    event.listen(database.writer, "commit", lambda _: os.write(1, b"."))
    engine = engine_on(database, SettableClock(datetime.fromisoformat(now)))
    while jobs.due_jobs(engine):
        jobs.run_due(engine)


if __name__ == "__main__":
    main(*sys.argv[1:])

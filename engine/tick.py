"""The tick: looks for due jobs four times a second, in this process, beside the pages (D4, D11).

What is due is decided by rows alone, so two processes may tick and any of them may die. The looking
is a thread that waits by the monotonic clock: APScheduler, which does the housekeeping, reckons by
the wall clock and was deaf for twenty seconds after that had been set back by twenty.
"""

from __future__ import annotations

import logging
from threading import Event, Thread

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from engine.audit import seal_audit
from engine.calendars import refresh
from engine.engine import Engine
from engine.errors import LiandongError
from engine.jobs import run_due, until_next
from engine.sign_in import forget_old_sessions
from engine.verbs import forget_old_requests

PERIOD = 0.25
"""Seconds between two looks at most; a job that falls due earlier is not kept waiting for it."""
CALENDAR = 60
"""Seconds until a calendar that another process imported counts here too."""
FULL_SWEEPS = 20
"""Batches in a row at most, so that one tick ends and says so."""

log = logging.getLogger("liandong.tick")


class Tick:
    """Start it once per process; stop it before the process ends."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._failing = False
        self._stopped = Event()
        self._looking = Thread(target=self._keep_looking, name="tick", daemon=True)
        self._scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._scheduler.add_job(self._tidy, "interval", hours=1, id="tidy")
        self._scheduler.add_job(self._take_over, "interval", seconds=CALENDAR, id="calendar")

    def start(self) -> None:
        """Begin with the calendar as it was imported; returns at once."""
        self._take_over()
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._scheduler.start()
        self._looking.start()

    def stop(self) -> None:
        """Finish the job under way, then end."""
        self._stopped.set()
        self._scheduler.shutdown(wait=True)
        self._looking.join()

    def _keep_looking(self) -> None:
        pause = 0.0
        while not self._stopped.wait(pause):
            pause = self._look()

    def _look(self) -> float:
        """Do what is due; seconds until the next look."""
        try:
            pause = self._sweep()
        except Exception as problem:
            # Whatever it was, the next look may go better; a tick never ends by itself.
            self._tell(problem)
            return PERIOD
        self._failing = False
        return pause

    def _sweep(self) -> float:
        for _ in range(FULL_SWEEPS):
            if not run_due(self._engine):
                return until_next(self._engine, PERIOD)
        return 0.0

    def _tell(self, problem: Exception) -> None:
        """Once per outage: a database that is away would fill the log four times a second."""
        if not self._failing:
            name = problem.code if isinstance(problem, LiandongError) else type(problem).__name__
            log.error("the tick could not look for due jobs: %s", name)
        self._failing = True

    def _take_over(self) -> None:
        try:
            refresh(self._engine)
        except LiandongError as problem:
            log.warning("the calendar could not be read: %s", problem.code)

    def _tidy(self) -> None:
        """Seal the audit trail; forget what nobody may use any more."""
        try:
            seal_audit(self._engine, "system")
            forget_old_requests(self._engine, "system")
            forget_old_sessions(self._engine, "system")
        except LiandongError as problem:
            log.warning("housekeeping stopped: %s", problem.code)

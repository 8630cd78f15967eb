"""The tick: looks for due jobs four times a second, in this process, beside the pages (D4, D11).

APScheduler calls it and nothing more: coalesced, one at a time, in memory. What is due is decided
by rows alone, so two processes may tick and any of them may die.
"""

from __future__ import annotations

import logging

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from engine.audit import seal_audit
from engine.calendars import refresh
from engine.engine import Engine
from engine.errors import LiandongError
from engine.jobs import run_due
from engine.sign_in import forget_old_sessions
from engine.verbs import forget_old_requests

PERIOD = 0.25
"""Seconds between two looks."""
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
        self._scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._scheduler.add_job(self._look, "interval", seconds=PERIOD, id="tick")
        self._scheduler.add_job(self._tidy, "interval", hours=1, id="tidy")
        self._scheduler.add_job(self._take_over, "interval", seconds=CALENDAR, id="calendar")

    def start(self) -> None:
        """Begin with the calendar as it was imported; returns at once."""
        self._take_over()
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._scheduler.start()

    def stop(self) -> None:
        """Finish the job under way, then end."""
        self._scheduler.shutdown(wait=True)

    def _look(self) -> None:
        try:
            for _ in range(FULL_SWEEPS):
                if not run_due(self._engine):
                    break
        except LiandongError as problem:
            self._tell(problem)
        else:
            self._failing = False

    def _tell(self, problem: LiandongError) -> None:
        """Once per outage: a database that is away would fill the log four times a second."""
        if not self._failing:
            log.error("the tick could not look for due jobs: %s", problem.code)
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

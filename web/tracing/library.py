"""The trace as the page shows it: of the folder that this installation was given.

Reading some thirty procedures and their scenarios takes seconds, so it is done once, and again
when a file has changed.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from threading import Lock

from engine.engine import Engine
from web.rehearsal.procedures import read_procedures
from web.tracing.trace import Trace
from web.tracing.tracing import gather, weighed

_READ = ("*.bpmn", "*.form", "*.dmn", "*.yaml")
Stamp = tuple[tuple[str, int], ...]


@cache
def library(workflows: Path) -> Library:
    """The one of this process for the folder."""
    return Library(workflows)


class Library:
    """One folder of procedures. Safe to share between threads."""

    def __init__(self, workflows: Path) -> None:
        self._workflows = workflows
        self._lock = Lock()
        self._known: tuple[Stamp, Trace] | None = None

    def trace(self, engine: Engine) -> Trace:
        """The trace by what the files say; no scenario is played."""
        with self._lock:
            stamp = self._stamp()
            if self._known is None or self._known[0] != stamp:
                procedures = read_procedures(engine, self._workflows)
                self._known = stamp, weighed(procedures, gather(procedures), None)
            return self._known[1]

    def _stamp(self) -> Stamp:
        found = (path for ending in _READ for path in self._workflows.rglob(ending))
        return tuple(sorted((path.as_posix(), path.stat().st_mtime_ns) for path in found))

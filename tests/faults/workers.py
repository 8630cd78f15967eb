"""Worker processes on one database, and how they die."""

import os
import random
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Timer

from engine.store.database import Database
from tests.faults.timer_rows import AT

ROOT = Path(__file__).parents[2]
BEGUN, OUTSIDE = b"(", b")"


@dataclass
class Deaths:
    """What was hit by SIGKILL."""

    kills: int = 0
    inside: int = 0
    """In the middle of a transaction."""


class Worker:
    """One process of `tests.faults.worker`."""

    def __init__(self, database: Database) -> None:
        url = database.url.render_as_string(hide_password=False)
        command = [sys.executable, "-m", "tests.faults.worker", url, AT.isoformat()]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
        assert self.process.stdout is not None
        self.signs = self.process.stdout.fileno()
        self.last = OUTSIDE

    def read(self, number: int) -> bool:
        """Wait for so many signs; False when it ended before."""
        for _ in range(number):
            sign = os.read(self.signs, 1)
            if not sign:
                return False
            self.last = sign
        return True

    def kill(self) -> bool:
        """SIGKILL; whether a transaction was open, told by the last sign before it stood still."""
        self.process.send_signal(signal.SIGSTOP)
        os.waitpid(self.process.pid, os.WUNTRACED)
        while select.select([self.signs], [], [], 0)[0] and self.read(1):
            pass
        self.process.kill()
        self.finish()
        return self.last != OUTSIDE

    def stand_still(self, seconds: float) -> None:
        """Stopped in the middle of its next transaction, and going on by itself later."""
        while self.read(1) and self.last != BEGUN:
            pass
        self.process.send_signal(signal.SIGSTOP)
        Timer(seconds, self.process.send_signal, [signal.SIGCONT]).start()

    def finish(self) -> int:
        """Let it do what is left; its exit code."""
        stream = self.process.stdout
        assert stream is not None
        if not stream.closed:
            while self.read(1):
                pass
            stream.close()
        return self.process.wait()


@contextmanager
def two_workers(database: Database) -> Iterator[list[Worker]]:
    """Whoever is left at the end is ended."""
    running = [Worker(database), Worker(database)]
    try:
        yield running
    finally:
        for worker in running:
            worker.process.send_signal(signal.SIGCONT)
            worker.process.kill()
            worker.finish()


def kill_in_turns(
    database: Database, running: list[Worker], kills: int, chance: random.Random, most: int = 12
) -> Deaths:
    """One after the other dies after so many signs by chance, and another takes its place."""
    deaths = Deaths()
    for turn in range(kills):
        place = turn % 2
        if running[place].read(chance.randint(1, most)):
            deaths.inside += running[place].kill()
            deaths.kills += 1
        else:
            running[place].finish()
        running[place] = Worker(database)
    return deaths

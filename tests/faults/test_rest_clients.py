"""Many tasks, four workers over HTTP, one of them killed with locks in its hands."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.store.database import Database
from engine.store.models import Activity, Base, ExternalTask, ProcessInstance
from tests.engine.drawing import element, flows, process
from tests.engine.house import House
from tests.faults.rest_worker import LOCK, TOPIC
from tests.web.rest.conftest import token_of
from tests.web.rest.server import serving
from web import WebSettings, create_app

ROOT = Path(__file__).parents[2]
TASKS = 500 if os.environ.get("LIANDONG_FAULTS") == "full" else 60


def source() -> bytes:
    work = element("serviceTask", "work", camunda_type="external", camunda_topic=TOPIC)
    ends = element("startEvent", "s") + work + element("endEvent", "end")
    return process("weighing", ends, flows("s -> work -> end"))


@pytest.mark.slow
def test_each_task_is_completed_once_in_effect_though_a_worker_dies(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'liandong.db'}")
    Base.metadata.create_all(database.writer)
    house = House(database)
    house.deploy("weighing", source())
    for _ in range(TASKS):
        house.start("weighing")
    app = create_app(house.engine, WebSettings(secret_key=b"s" * 32, secure_cookies=False))
    token = token_of(house, "worker")
    with serving(app) as url:
        dying = worker(url, token, "dying", "--hang")
        held = int(dying.stdout.readline())
        three = [worker(url, token, f"w{number}") for number in range(3)]
        first = [done(process) for process in three]
        dying.kill()
        dying.wait()
        assert held > 0
        assert len(house.rows(select(ExternalTask.id).where(ExternalTask.state == "open"))) == held
        house.clock.advance(timedelta(milliseconds=LOCK))
        last = done(worker(url, token, "w3"))
    completed = [task for tasks in [*first, last] for task in tasks]
    assert len(completed) == len(set(completed)) == TASKS
    assert len(last) == held
    visits = Counter(house.rows(select(Activity.element_id)))
    assert visits == {"s": TASKS, "work": TASKS, "end": TASKS}
    assert set(house.rows(select(ProcessInstance.state))) == {"completed"}
    database.close()


def worker(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.faults.rest_worker", *arguments],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def done(process: subprocess.Popen[str]) -> list[str]:
    """Ids of the tasks that the worker completed."""
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return output.split()

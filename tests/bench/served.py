"""`liandong serve` as a process of its own, and a program's account that may work on it."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep

from app import Installation, Settings
from engine import deployments, directory, rest_clients
from engine.engine import Engine
from tests.engine.drawing import element, flows, process, user
from web.commands.init import prepare

ROOT = Path(__file__).parents[2]
KEY, AGENCY, UNIT, ROLE = "bench_rest", "豫1321", "bench-unit", "court_handler"
SOURCE = process(
    KEY, element("startEvent", "s"), user("one"), element("endEvent", "end"),
    flows("s -> one -> end"),
)  # fmt: skip


def environment(folder: str | Path, url: str | None = None) -> dict[str, str]:
    """Of an installation in `folder`; without an address on SQLite."""
    own = {"LIANDONG_DATA": str(folder)}
    return own | ({"DATABASE_URL": url} if url else {})


def install(settings: dict[str, str]) -> tuple[Installation, str]:
    """An installation with the procedure; the token of its program."""
    installation = Installation(Settings.of({**os.environ, **settings}))
    prepare(installation)
    return installation, set_up(installation.engine())


def set_up(engine: Engine) -> str:
    """An agency, a procedure, a program; the program's token."""
    directory.add_agency(engine, "system", AGENCY, "court", "某县人民法院", "nanzhao_2021")
    directory.add_unit(engine, "system", AGENCY, UNIT, "执行局")
    deployments.deploy(engine, "system", KEY, {f"{KEY}.bpmn": SOURCE})
    made = rest_clients.add_client(engine, "system", AGENCY, UNIT, "bench")
    rest_clients.allow_client(engine, "system", made.client_id, [ROLE])
    return made.token


@contextmanager
def server(settings: dict[str, str], processes: int = 1) -> Iterator[tuple[int, int]]:
    """Port and process id while the block runs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "app.py", "serve", "--port", str(port)]
    running = subprocess.Popen(
        [*command, "--processes", str(processes)],
        cwd=ROOT, env={**os.environ, **settings}, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _await(port)
        yield port, running.pid
    finally:
        running.terminate()
        running.wait()


def _await(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            sleep(0.1)
    raise SystemExit("the server does not answer")


class Caller:
    """One connection that is kept open."""

    def __init__(self, port: int, token: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def status(self, method: str, path: str, body: str | None = None) -> tuple[int, bytes]:
        """Status and content of the answer; 0 where the connection broke."""
        try:
            self._connection.request(method, f"/engine-rest{path}", body, self._headers)
            answer = self._connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            return 0, b""

    def ask(self, method: str, path: str, body: str | None = None) -> object:
        """What a successful answer holds; anything else ends the bench."""
        status, content = self.status(method, path, body)
        if not 200 <= status < 300:
            raise SystemExit(f"{status} {content.decode()}")
        return json.loads(content) if content else None


def own_and_below(pid: int) -> list[int]:
    """A process and its children, from /proc."""
    below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, below)]


def memory(pid: int) -> int:
    """Resident megabytes of a process and its children; 0 where there is no /proc."""
    try:
        return sum(_resident(one) for one in own_and_below(pid)) // 1024
    except OSError:
        return 0


def _resident(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)

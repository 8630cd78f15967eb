"""Start and complete over HTTP: requests per second and CPU per request, one process and two,
beside the service layer's figure. Two processes need PostgreSQL.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from time import monotonic, process_time, sleep

from app import Installation, Settings
from engine import deployments, directory, instances, rest_clients, user_tasks
from engine.engine import Engine
from tests.engine.drawing import element, flows, process, user
from tests.postgres import Unavailable, end_shared_cluster, shared_cluster
from web.commands.init import prepare

LIVES, THREADS = 300, 8
ROOT = Path(__file__).parents[2]
KEY, AGENCY, UNIT, ROLE = "bench_rest", "豫1321", "bench-unit", "court_handler"
SOURCE = process(
    KEY, element("startEvent", "s"), user("one"), element("endEvent", "end"),
    flows("s -> one -> end"),
)  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """Of one kind of request."""

    per_second: float
    cpu_ms: float
    """Server CPU of one request, system time included; milliseconds."""


def set_up(engine: Engine) -> str:
    """An agency, a procedure, a program; the program's token."""
    directory.add_agency(engine, "system", AGENCY, "court", "某县人民法院", "nanzhao_2021")
    directory.add_unit(engine, "system", AGENCY, UNIT, "执行局")
    deployments.deploy(engine, "system", KEY, {f"{KEY}.bpmn": SOURCE})
    made = rest_clients.add_client(engine, "system", AGENCY, UNIT, "bench")
    rest_clients.allow_client(engine, "system", made.client_id, [ROLE])
    return made.token


def of_verbs(engine: Engine) -> dict[str, Figure]:
    """The service layer by itself, one thread."""
    tasks: list[str] = []

    def start() -> None:
        begun = instances.start_process(engine, "client-bench", KEY)
        tasks.append(str(begun.next_task_id))

    def complete() -> None:
        user_tasks.complete_user_task(engine, "client-bench", tasks.pop(), {})

    return {"start": _in_process(start), "complete": _in_process(complete)}


def _in_process(act: object) -> Figure:
    begun, cpu = monotonic(), process_time()
    for _ in range(LIVES):
        act()  # type: ignore[operator]
    return Figure(LIVES / (monotonic() - begun), (process_time() - cpu) * 1000 / LIVES)


@contextmanager
def server(environment: dict[str, str], processes: int) -> Iterator[tuple[int, int]]:
    """Port and process id of `liandong serve`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "app.py", "serve", "--port", str(port),
               "--processes", str(processes)]  # fmt: skip
    running = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.DEVNULL
    )
    try:
        _await(port)
        yield port, running.pid
    finally:
        running.terminate()
        running.wait()


def _await(port: int) -> None:
    for _ in range(200):
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

    def ask(self, method: str, path: str, body: str | None = None) -> object:
        self._connection.request(method, f"/engine-rest{path}", body, self._headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status >= 300:
            raise SystemExit(f"{answer.status} {content.decode()}")
        return json.loads(content) if content else None


def over_http(port: int, pid: int, token: str) -> dict[str, Figure]:
    callers = [Caller(port, token) for _ in range(THREADS)]
    for caller in callers:
        caller.ask("GET", "/version")
    path = f"/process-definition/key/{KEY}/start"
    start = _measured(callers, pid, [("POST", path, "{}")] * LIVES)
    found = callers[0].ask("GET", f"/task?processDefinitionKey={KEY}&maxResults={LIVES}")
    completions = [("POST", f"/task/{task['id']}/complete", "{}") for task in found]
    return {"start": start, "complete": _measured(callers, pid, completions)}


def _measured(
    callers: list[Caller], pid: int, requests: list[tuple[str, str, str]]
) -> Figure:
    def work(position: int) -> None:
        for request in requests[position::THREADS]:
            callers[position].ask(*request)

    begun, cpu = monotonic(), _cpu(pid)
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(work, range(THREADS)))
    count = len(requests)
    return Figure(count / (monotonic() - begun), (_cpu(pid) - cpu) * 1000 / count)


def _cpu(pid: int) -> float:
    """Seconds of a process and its children, from /proc; 0 where there is none."""
    try:
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return sum(_own_cpu(one) for one in [str(pid), *below])
    except OSError:
        return 0.0


def _own_cpu(pid: str) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def run(processes: int, url: str | None = None) -> dict[str, dict[str, Figure]]:
    with tempfile.TemporaryDirectory() as folder:
        environment = {"LIANDONG_DATA": folder}
        if url:
            environment["DATABASE_URL"] = url
        installation = Installation(Settings.of({**os.environ, **environment}))
        prepare(installation)
        token = set_up(installation.engine())
        found = {"verbs": of_verbs(installation.engine())}
        installation.database.close()
        with server(environment, processes) as (port, pid):
            found[f"http_{processes}"] = over_http(port, pid, token)
        return found


def main() -> None:
    _print("sqlite", run(1))
    folder = Path(tempfile.mkdtemp(prefix="liandong-bench-"))
    try:
        cluster = shared_cluster(folder)
        for processes in (1, 2):
            _print("postgresql", run(processes, cluster.url(cluster.create_database())))
    except Unavailable as reason:
        print(f"PostgreSQL: {reason}")
    finally:
        end_shared_cluster(folder)


def _print(database: str, found: dict[str, dict[str, Figure]]) -> None:
    for where, figures in found.items():
        for what, figure in figures.items():
            shown = {name: round(value, 1) for name, value in asdict(figure).items()}
            print(f"{database:11} {where:7} {what:9} {shown}")


if __name__ == "__main__":
    main()

"""Start and complete over HTTP: requests per second and CPU per request, one process and two,
beside the service layer's figure. Two processes need PostgreSQL.
"""

from __future__ import annotations

import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from time import monotonic, process_time

from engine import instances, user_tasks
from engine.engine import Engine
from tests.bench.served import KEY, Caller, environment, install, own_and_below, server
from tests.postgres import Unavailable, end_shared_cluster, shared_cluster

LIVES, THREADS = 300, 8


@dataclass(frozen=True)
class Figure:
    """Of one kind of request."""

    per_second: float
    cpu_ms: float
    """Server CPU of one request, system time included; milliseconds."""


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


def over_http(port: int, pid: int, token: str) -> dict[str, Figure]:
    callers = [Caller(port, token) for _ in range(THREADS)]
    for caller in callers:
        caller.ask("GET", "/version")
    path = f"/process-definition/key/{KEY}/start"
    start = _measured(callers, pid, [("POST", path, "{}")] * LIVES)
    found = callers[0].ask("GET", f"/task?processDefinitionKey={KEY}&maxResults={LIVES}")
    completions = [("POST", f"/task/{task['id']}/complete", "{}") for task in found]
    return {"start": start, "complete": _measured(callers, pid, completions)}


def _measured(callers: list[Caller], pid: int, requests: list[tuple[str, str, str]]) -> Figure:
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
        return sum(_own_cpu(one) for one in own_and_below(pid))
    except OSError:
        return 0.0


def _own_cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def run(processes: int, url: str | None = None) -> dict[str, dict[str, Figure]]:
    with tempfile.TemporaryDirectory() as folder:
        settings = environment(folder, url)
        installation, token = install(settings)
        found = {"verbs": of_verbs(installation.engine())}
        installation.database.close()
        with server(settings, processes) as (port, pid):
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

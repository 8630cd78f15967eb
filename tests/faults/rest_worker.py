"""A worker of the Python library: `python -m tests.faults.rest_worker URL TOKEN NAME [--hang]`.

It fetches and completes until nothing is left and prints the id of each task it completed. With
`--hang` it fetches once, says so, and waits to be killed with the locks in its hands.
"""

from __future__ import annotations

import sys

from camunda.client.external_task_client import ExternalTaskClient

LOCK = 60_000
TOPIC = "weigh"


def main(url: str, token: str, name: str, hang: str = "") -> None:
    config = {
        "auth_bearer": {"access_token": token},
        "asyncResponseTimeout": 0,
        "maxTasks": 5,
        "lockDuration": LOCK,
    }
    client = ExternalTaskClient(name, url, config)
    while tasks := client.fetch_and_lock(TOPIC):
        if hang:
            print(len(tasks), flush=True)
            sys.stdin.read()
        for task in tasks:
            client.complete(task["id"], {"done_by": name})
            print(task["id"], flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

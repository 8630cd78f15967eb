"""What verbs cost on SQLite and PostgreSQL: `liandong bench` at length, on both."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app import Installation, Settings
from tests.postgres import Cluster, Unavailable, end_shared_cluster, shared_cluster
from web.bench import FULL, measure
from web.bench.ground import ground


@contextmanager
def _cluster() -> Iterator[Cluster]:
    folder = Path(tempfile.mkdtemp(prefix="liandong-bench-"))
    try:
        yield shared_cluster(folder)
    finally:
        end_shared_cluster(folder)


def run(database_url: str | None = None) -> dict[str, object]:
    """Every figure; without an address on SQLite."""
    with ground(Installation(Settings.of(os.environ)), database_url) as place:
        return measure(place, FULL)


if __name__ == "__main__":
    print(json.dumps(run(), indent=1))
    try:
        with _cluster() as cluster:
            print(json.dumps(run(cluster.url(cluster.create_database())), indent=1))
    except Unavailable as reason:
        print(f"PostgreSQL: {reason}")

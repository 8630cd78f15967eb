"""Five thousand requests against /engine-rest; see tests/web/rest/fuzzing.py.

python -m tests.faults.fuzz_rest --cases 5000 --seed 1
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tests.web.rest.fuzzing import attack, ground


def main(cases: int, seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder, ground(Path(folder)) as (app, token, ids):
        statuses = attack(app, token, ids, cases, seed)
    print(f"{statuses.total()} requests, seed {seed}, no fault of ours: {dict(statuses)}")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--cases", type=int, default=5000)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    main(given.cases, given.seed)

"""What schemathesis makes of the description: no 500, no trace, no hang, answers of their shape."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.rest.fuzzing import attack, ground


@pytest.mark.slow
def test_three_hundred_requests_find_no_fault_of_ours(tmp_path: Path) -> None:
    with ground(tmp_path) as (app, token, ids):
        statuses = attack(app, token, ids, 300, 1)
    assert statuses.total() >= 300
    assert statuses[200] > 0

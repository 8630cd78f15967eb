"""A few seconds of each fuzzer; `make fuzz` gives them longer. A failure prints its seed."""

import pytest

from tests.faults import fuzz_bpmn, fuzz_deployment


@pytest.mark.parametrize("seed", [1, 2])
def test_spoiled_diagrams_are_refused_or_run(seed: int) -> None:
    assert fuzz_bpmn.main(seconds=4, seed=seed) == 0


def test_spoiled_deployments_are_answered_with_complaints() -> None:
    assert fuzz_deployment.main(seconds=6, seed=3) == 0

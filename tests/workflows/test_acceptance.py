"""The acceptance scenarios of the specification (procedures, part D) are all there, by number."""

import pytest

from tests.workflows.drawn import WORKFLOWS


@pytest.mark.parametrize("number", range(1, 36))
def test_every_acceptance_scenario_is_played(number: int) -> None:
    """`test_scenarios` plays every file; this says that none of the thirty-five is missing."""
    assert list(WORKFLOWS.glob(f"*/scenarios/{number:02d}_*.yaml"))

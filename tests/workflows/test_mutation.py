"""Two dozen bearers of obligations taken out, one after the other: each is missed by a scenario.

`make mutate` takes out all of them.
"""

import pytest

from tests.workflows.test_trace import FINISHED
from web.rehearsal import sharing
from web.rehearsal.stage import Stage
from web.tracing.mutation import Workshop, removable, sample, survivors

SAMPLE, PARTS = 24, 6
"""In parts, so that workers share them."""


@pytest.fixture(scope="module")
def workshop(stage: Stage) -> Workshop:
    return Workshop(stage)


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No further processes: a worker of pytest has threads, and forking those can hang."""
    monkeypatch.setattr(sharing, "MOST_PROCESSES", 1)


@pytest.mark.parametrize("part", range(PARTS))
def test_what_carries_an_obligation_would_be_missed(
    stage: Stage, workshop: Workshop, part: int
) -> None:
    every = [one for one in removable(stage.procedures) if one.procedure in FINISHED]
    chosen = sample(every, SAMPLE)[part::PARTS]
    unnoticed = survivors(workshop.mutate(chosen))
    assert [(one.attempt.bearer.id, one.outcome) for one in unnoticed] == []

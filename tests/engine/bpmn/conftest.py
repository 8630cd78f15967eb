"""The stage: every test on it runs once in memory and once written down between its steps."""

from collections.abc import Callable

import pytest

from tests.engine.bpmn.stage import Stage


@pytest.fixture(params=["kept", "reloaded"])
def stage(request: pytest.FixtureRequest) -> Callable[..., Stage]:
    """Puts diagrams on a stage, or raises `Refusal` deployment.refused."""

    def put(*sources: bytes) -> Stage:
        return Stage(*sources, reloading=request.param == "reloaded")

    return put

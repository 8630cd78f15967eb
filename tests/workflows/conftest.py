"""The stage of everything that ships, built once for each worker."""

from collections.abc import Iterator

import pytest

from app import Installation, Settings
from tests.workflows.drawn import WORKFLOWS
from web.rehearsal.stage import Stage


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """All procedures deployed once for this worker."""
    data = tmp_path_factory.mktemp("stage")
    installation = Installation(Settings(f"sqlite:///{data / 'unused.db'}", data, WORKFLOWS))
    with Stage(WORKFLOWS, installation.rehearse) as built:
        yield built

from pathlib import Path

import pytest

from engine.timing.calendar import WorkingCalendar
from engine.timing.norms import Norms

NORMS_FOLDER = Path(__file__).parents[3] / "workflows" / "norms"


@pytest.fixture(scope="session")
def norms() -> Norms:
    return Norms.load(NORMS_FOLDER)


@pytest.fixture(scope="session")
def calendar(norms: Norms) -> WorkingCalendar:
    return norms.calendar


@pytest.fixture
def norm_files() -> dict[str, bytes]:
    """The shipped files by name, to be changed by a test."""
    return {
        path.relative_to(NORMS_FOLDER).as_posix(): path.read_bytes()
        for path in NORMS_FOLDER.rglob("*.yaml")
    }

"""Every scenario of every procedure holds."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app import Installation, Settings
from web.rehearsal.playing import play
from web.rehearsal.report import lines_of
from web.rehearsal.stage import Stage

WORKFLOWS = Path(__file__).parents[2] / "workflows"
FILES = sorted(WORKFLOWS.glob("*/scenarios/*.yaml"))


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """All procedures deployed once for this worker."""
    data = tmp_path_factory.mktemp("scenarios")
    installation = Installation(Settings(f"sqlite:///{data / 'unused.db'}", data, WORKFLOWS))
    with Stage(WORKFLOWS, installation.rehearse) as built:
        yield built


@pytest.mark.parametrize("file", FILES, ids=lambda f: f"{f.parent.parent.name}/{f.stem}")
def test_the_scenario_holds(stage: Stage, file: Path) -> None:
    outcome = play(stage, file, file.relative_to(WORKFLOWS).as_posix())
    assert outcome.passed, "\n" + "\n".join(lines_of(outcome, "zh"))


def test_every_procedure_can_be_rehearsed(stage: Stage) -> None:
    assert stage.procedures.left_out == {}

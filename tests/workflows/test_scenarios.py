"""Every scenario of every procedure holds."""

from pathlib import Path

import pytest

from tests.workflows.drawn import WORKFLOWS
from web.rehearsal.playing import play
from web.rehearsal.report import lines_of
from web.rehearsal.stage import Stage

FILES = sorted(WORKFLOWS.glob("*/scenarios/*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda f: f"{f.parent.parent.name}/{f.stem}")
def test_the_scenario_holds(stage: Stage, file: Path) -> None:
    outcome = play(stage, file, file.relative_to(WORKFLOWS).as_posix())
    assert outcome.passed, "\n" + "\n".join(lines_of(outcome, "zh"))


def test_every_procedure_can_be_rehearsed(stage: Stage) -> None:
    assert stage.procedures.left_out == {}

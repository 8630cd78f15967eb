"""Diagrams as found in the world: each runs as it is drawn, or is refused with a sentence.

BPMN_SAMPLES names a folder of .bpmn files; without it these tests are skipped.
"""

import os
from pathlib import Path

import pytest

from engine.bpmn.faults import Fault
from engine.bpmn.lint import Surroundings, lint
from engine.bpmn.reading import read_diagram
from engine.errors import LiandongError, Refusal
from tests.engine.bpmn.stage import Stage
from web.messages import catalogue

FOLDER = os.environ.get("BPMN_SAMPLES", "")
SAMPLES = sorted(Path(FOLDER).rglob("*.bpmn")) if FOLDER else []
pytestmark = pytest.mark.skipif(not SAMPLES, reason="BPMN_SAMPLES names no folder of diagrams")


def named(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


@pytest.mark.parametrize("path", SAMPLES, ids=named)
def test_a_diagram_of_the_world_runs_or_is_refused(path: Path) -> None:
    source = path.read_bytes()
    try:
        found = lint(read_diagram(source, path.name), Surroundings())
    except Refusal as refusal:
        assert refusal.code in catalogue("zh")
        return
    for complaint in found:
        assert complaint.code in catalogue("zh")
        assert complaint.line or complaint.code == "bpmn.nothing_executable"
    if not any(complaint.severity == "error" for complaint in found):
        for reloading in (False, True):
            _play(source, reloading)


def _play(source: bytes, reloading: bool) -> None:
    try:
        play = Stage(source, reloading=reloading, calls_known=False)
    except Refusal:
        return
    for key, process in play.host.processes.items():
        starts = process.model.starts(process.model.id)
        by_event = next((node.id for node in starts if node.event is not None), None)
        plain = not starts or any(node.event is None for node in starts)
        try:
            play.start(key, None if plain else by_event)
            play.drive()
        except Fault as fault:
            assert fault.element, fault.code
        except LiandongError as problem:
            pytest.fail(f"{key}: {problem}")

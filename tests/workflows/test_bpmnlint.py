"""bpmnlint's recommended rules over every drawing that ships; exceptions are argued in READMEs."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.workflows.drawn import FILES

ROOT = Path(__file__).parents[2]
LINTER = ROOT / "node_modules" / "bpmnlint" / "bin" / "bpmnlint.js"
ARGUED = {"fake-join": "off", "no-inclusive-gateway": "off"}
"""README.md, "Drawing rules": both are defined by BPMN 2.0, executed and tested."""
BOTH_WAYS = {"local_court_entrustment": "kind_gateway", "vehicle_control": "received_by_whom"}
"""Procedure → a gateway that joins and forks at once; its README says why."""
COMPLAINT = re.compile(r"^ +(\S+) +(?:error|warning) .* ([a-z-]+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def lint(tmp_path_factory: pytest.TempPathFactory):
    """Complaints about one drawing; the configuration lies beside a copy."""
    node = shutil.which("node", path=os.pathsep.join((str(ROOT / ".venv/bin"), os.environ["PATH"])))
    assert node, "node is installed at set-up"
    folder = tmp_path_factory.mktemp("drawings")
    rules = {"extends": "bpmnlint:recommended", "rules": ARGUED}
    (folder / ".bpmnlintrc").write_text(json.dumps(rules))
    (folder / "node_modules").symlink_to(ROOT / "node_modules")

    def told(file: Path) -> list[tuple[str, str]]:
        shutil.copy(file, folder)
        command = [node, str(LINTER), file.name]
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode in (0, 1), done.stderr
        found = COMPLAINT.findall(done.stdout)
        assert found or done.returncode == 0, done.stdout
        return found

    return told


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_the_recommended_rules_pass(lint, file):
    gateway = BOTH_WAYS.get(file.stem)
    assert lint(file) == ([(gateway, "no-gateway-join-fork")] if gateway else [])

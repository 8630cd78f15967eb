"""The night's folder with norms of its own, so that a test may spoil them."""

from __future__ import annotations

import re
from pathlib import Path
from shutil import copytree

from tests.web.rehearsed import DATA, WORKFLOWS, procedures

ROW = "NZ-2.3-court-3b"
"""The two hours: borne by Task_Handover unless `bearing` says otherwise."""
NAMED = '<camunda:property name="legal.clause" value="NZ-2.3-court-3b"/>'
HANDED_OVER = """\
scenario: 两小时内移交
profile: nanzhao_2021
clock: 2026-03-02T22:00
when:
  - {by: court_handler, start: night}
  - {by: court_handler, complete: Task_Request}
  - {by: court_president, complete: Task_Approve}
  - {by: police_station, complete: Task_Control}
  - {by: court_handler, complete: Task_Respond}
  - by: court_handler
    complete: Task_Handover
    then:
      - {deadline: T-PER-2H, state: met, proves: [NZ-2.3-court-3b]}
      - {ended: night, outcome: 已移交, proves: [NZ-2.3-court-3b]}
"""


def night_folder(folder: Path) -> Path:
    """Norms that may be changed, the night, one scenario that proves `ROW`."""
    home = procedures(folder)
    norms = home / "norms"
    norms.unlink()
    copytree(WORKFLOWS / "norms", norms)
    for file, key in (("bearers.yaml", "bearers"), ("outside.yaml", "outside")):
        (norms / file).write_text(f"{key}: []\n", encoding="utf-8")
    scenario(home, HANDED_OVER)
    bearing(home, "Task_Handover", ROW)
    return home


def scenario(home: Path, text: str) -> None:
    """The folder's one scenario."""
    (home / "night" / "scenarios" / "one.yaml").write_text(text, encoding="utf-8")


def bearing(home: Path, element: str, clauses: str) -> None:
    """Let this element of the night name the clauses, and no other element any."""
    path = home / "night" / "night.bpmn"
    text = (DATA / "night.bpmn").read_text("utf-8").replace(NAMED, "")
    added = (
        "<bpmn:extensionElements><camunda:properties>"
        f'<camunda:property name="legal.clause" value="{clauses}"/>'
        "</camunda:properties></bpmn:extensionElements>"
    )
    bare = re.compile(rf'(<bpmn:(\w+) id="{element}"[^>]*)/>')
    assert bare.search(text), element
    path.write_text(bare.sub(rf"\1>{added}</bpmn:\2>", text, count=1), encoding="utf-8")

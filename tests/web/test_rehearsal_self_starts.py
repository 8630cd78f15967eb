"""Scenarios of a procedure that begins by itself: it does, when its time has come."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from tests.engine.drawing import element, flows, process, properties, timer, user
from tests.web.rehearsed import procedures, stage_of
from web.rehearsal.playing import play
from web.rehearsal.report import lines_of

NOON = '${date and time(date(today().year, today().month, 1) + duration("P1M"), time("12:00:00"))}'
SCENARIO = """
    scenario: 每月一日十二时
    profile: nanzhao_2021
    clock: 2026-03-30T09:00
    when:
      - advance: 2026-04-01T12:00
    then:
      - {running: monthly, count: %d}
"""


@pytest.mark.parametrize(("home", "begun"), [("monthly", 1), ("night", 0)])
def test_it_begins_in_its_own_scenarios_and_in_no_others(
    tmp_path: Path, home: str, begun: int
) -> None:
    drawing = process(
        "monthly", element("startEvent", "s", timer("timeDate", NOON)), user("prepare"),
        flows("s -> prepare"), extra=properties(agency="court", request_type="MTG"),
    )  # fmt: skip
    folder = procedures(tmp_path)
    (folder / "monthly" / "scenarios").mkdir(parents=True)
    (folder / "monthly" / "monthly.bpmn").write_bytes(drawing)
    scenario = folder / home / "scenarios" / "noon.yaml"
    scenario.write_text(dedent(SCENARIO % begun), encoding="utf-8")
    with stage_of(folder) as stage:
        outcome = play(stage, scenario)
    assert outcome.passed, list(lines_of(outcome, "zh"))

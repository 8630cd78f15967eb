"""Scenarios act as people would and say precisely what is not so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.rehearsed import played, procedures, stage_of, written
from web.rehearsal.coverage import covered
from web.rehearsal.playing import play
from web.rehearsal.report import as_data, lines_of, reason
from web.rehearsal.stage import Stage

REQUESTED = """\
- {by: court_handler, start: night, request: main}
- {by: court_handler, complete: Task_Request}
- {by: court_president, complete: Task_Approve}
"""
CONTROLLED = f"""\
{REQUESTED}
- advance: PT10M
- {{by: police_station, complete: Task_Control}}
"""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage_of(procedures(tmp_path_factory.mktemp("procedures"))) as built:
        yield built


def test_a_request_goes_to_the_other_agency_and_back_under_its_deadline(stage: Stage) -> None:
    outcome = played(
        stage,
        CONTROLLED
        + """\
- then:
    - {message: person_controlled, state: correlated, from: police, to: court}
    - {deadline: T-PER-2H, state: running, started: 2026-03-02T22:10, due: 2026-03-03T00:10}
    - {task: Task_Respond, who: court_handler, due: 2026-03-03T00:10}
    - {variable: case_no, value: （2026）豫1321执12号, of: night}
    - {ended: night__police, outcome: 待交接}
- {by: court_handler, complete: Task_Respond}
- {by: court_handler, complete: Task_Handover}
""",
        """
    - {deadline: T-PER-2H, state: met, proves: [NZ-2.3-court-3b]}
    - {ended: night, outcome: 已移交}
    - {task: Task_Respond, open: false}
    - {passed: [Task_Request, Task_Handover], of: night}
    - {not_passed: [End_Overdue]}
""",
    )
    assert outcome.passed, list(lines_of(outcome, "zh"))
    assert [proof for proof, _, _ in outcome.proofs] == ["NZ-2.3-court-3b"]


def test_what_falls_due_on_the_way_happens_at_its_own_instant(stage: Stage) -> None:
    outcome = played(
        stage,
        CONTROLLED + "- advance: 2026-03-03T08:00",
        """
    - {notified: court_handler, kind: reminder, about: T-PER-2H, at: 2026-03-02T23:10}
    - {notified: court_handler, kind: reminder, about: T-PER-2H, at: 2026-03-02T23:46}
    - {notified: court_division_head, kind: escalation, level: 1, at: 2026-03-03T00:10}
    - {deadline: T-PER-2H, state: overdue}
    - {passed: [Timer_2h, End_Overdue]}
""",
    )
    assert outcome.passed, list(lines_of(outcome, "zh"))


@pytest.mark.parametrize(
    ("then", "found"),
    [
        ("{deadline: T-PER-2H, due: 2026-03-03T01:00}", "due: 2026-03-03T00:10"),
        ("{deadline: T-PER-2H, state: none}", "state: running"),
        ("{task: Task_Respond, who: police_station}", "who: court_handler"),
        ("{task: Task_Respond, open: false}", "due: 2026-03-03T00:10"),
        ("{task: Task_Respond, count: 2}", "符合的有 1 个"),
        ("{message: person_controlled, state: 待接}", "correlated"),
        ("{notified: court_handler, kind: escalation}", "—"),
        ("{ended: night}", "—"),
        ("{running: night, state: suspended}", "state: active"),
        ("{variable: case_no, value: null}", "value: （2026）豫1321执12号"),
        ("{variable: case_no, value: 别的}", "value: （2026）豫1321执12号"),
        ("{passed: [Task_Handover]}", "Task_Handover"),
        ("{not_passed: [Task_Approve]}", "Task_Approve"),
        ("{incident: bpmn.no_flow_open}", "—"),
        ("{document: TPL-02}", "—"),
    ],
)
def test_a_check_that_does_not_hold_says_what_is_there(stage: Stage, then: str, found: str) -> None:
    outcome = played(stage, CONTROLLED, f"- {then}")
    assert outcome.broken is not None
    assert found in reason(outcome.broken)
    assert outcome.broken.step == 6


def test_a_failing_step_names_its_line_and_what_is_open(stage: Stage) -> None:
    outcome = played(stage, REQUESTED + "- {by: court_handler, complete: Task_Respond}")
    told = "\n".join(lines_of(outcome, "zh"))
    assert "one.yaml:8 第 4 步（court_handler: complete Task_Respond）" in told
    assert "没有开着的任务 Task_Respond" in told
    assert "待办 Task_Control “临时控制” police police_station" in told
    assert "等待 Catch_Controlled" in told
    data = as_data(outcome, "en")
    assert (data["passed"], data["failure"]["line"]) == (False, 8)
    assert "There is no open task Task_Respond" in data["failure"]["sentence"]


def test_a_form_is_refused_where_the_scenario_says_and_nowhere_else(stage: Stage) -> None:
    fill = '{phone: "1", team: []}'
    step = f"- {{by: court_handler, complete: Task_Respond, fill: {fill}, "
    good = played(stage, CONTROLLED + step + "expect_errors: [phone, team]}")
    assert good.passed, list(lines_of(good, "zh"))
    other = played(stage, CONTROLLED + step + "expect_errors: [phone]}")
    assert other.broken is not None and "team" in reason(other.broken)
    none = played(
        stage,
        CONTROLLED + "- {by: court_handler, complete: Task_Respond, expect_errors: [phone]}",
    )
    assert none.broken is not None and none.broken.code == "scenario.no_errors"


def test_what_is_filled_in_wrongly_fails_with_each_field(stage: Stage) -> None:
    fill = "fill: {phone: null}}"
    outcome = played(stage, CONTROLLED + f"- {{by: court_handler, complete: Task_Respond, {fill}")
    assert outcome.broken is not None
    assert "phone: 请填写“带队人员电话”" in reason(outcome.broken)


def test_another_may_not_and_a_second_click_changes_nothing(stage: Stage) -> None:
    outcome = played(
        stage,
        """
    - {by: police_station, start: night, expect_refused: process.may_not_start}
    - {by: court_handler, start: night}
    - {by: police_station, complete: Task_Request, expect_refused: task.unknown}
    - {by: court_president, claim: Task_Request, expect_refused: task.claimed_by_other}
    - {by: court_handler, unclaim: Task_Request}
    - {by: court_division_head, assign: Task_Request, to: court_handler, reason: 轮到其办理}
    - {by: court_handler, complete: Task_Request}
    - {by: court_handler, complete: Task_Request, expect_refused: task.completed}
    - {by: court_division_head, suspend: night, reason: 等候查清}
    - {by: court_president, complete: Task_Approve, expect_refused: instance.suspended}
    - {by: court_division_head, resume: night, reason: 已经查清}
    - {by: court_division_head, cancel: night, reason: 不再需要}
""",
        "- {ended: night, state: cancelled}",
    )
    assert outcome.passed, list(lines_of(outcome, "zh"))


def test_what_should_be_refused_and_is_not_fails(stage: Stage) -> None:
    outcome = played(
        stage, "- {by: court_handler, start: night, expect_refused: process.may_not_start}"
    )
    assert outcome.broken is not None and outcome.broken.code == "scenario.not_refused"


def test_a_message_from_outside_starts_the_other_side_and_waits_where_nobody_is(
    stage: Stage,
) -> None:
    message = "- {message: %s, from: court, to: police, request: main}"
    outcome = played(
        stage,
        "- {by: court_handler, start: night, request: main}\n"
        + message % "person_control_request"
        + "\n- {by: police_station, acknowledge: person_control_request}\n"
        + message % "person_controlled",
        """
    - {task: Task_Control, who: police_station, request: main}
    - {message: person_control_request, state: correlated, acknowledged: true}
    - {message: person_controlled, state: 待接}
""",
    )
    assert outcome.passed, list(lines_of(outcome, "zh"))


def test_two_requests_are_told_apart_by_their_names(stage: Stage) -> None:
    start = "- {by: court_handler, start: night, request: %s}\n"
    both = start % "first" + start % "second"
    unclear = played(stage, both + "- {by: court_handler, complete: Task_Request}")
    assert unclear.broken is not None and unclear.broken.code == "scenario.which_task"
    clear = played(
        stage,
        both + "- {by: court_handler, complete: Task_Request, request: second}",
        """
    - {task: Task_Request, request: first, count: 1}
    - {task: Task_Approve, request: second}
    - {task: Task_Approve, request: first, open: false}
""",
    )
    assert clear.passed, list(lines_of(clear, "zh"))
    by_row = played(stage, both + "- {by: court_handler, complete: Task_Request, row: 3}")
    assert by_row.broken is not None and by_row.broken.code == "scenario.no_row"


def test_shared_steps_are_played_and_fail_under_their_own_name(stage: Stage) -> None:
    shared = stage.workflows / "night" / "scenarios" / "steps" / "requested.yaml"
    shared.write_text(
        "- {by: court_handler, start: night}\n- {by: court_handler, complete: Task_Respond}\n",
        encoding="utf-8",
    )
    outcome = play(stage, written(stage.workflows, "when:\n  - steps: requested\n"))
    assert outcome.broken is not None
    assert (outcome.broken.file, outcome.broken.line) == ("requested.yaml", 2)


def test_an_own_person_holds_his_role_in_his_unit(stage: Stage) -> None:
    path = written(
        stage.workflows,
        """
        people:
          night_officer: {role: police_station, unit: police-station-2}
        when:
          - {by: court_handler, start: night}
          - {by: court_handler, complete: Task_Request}
          - {by: court_president, complete: Task_Approve}
          - {by: night_officer, complete: Task_Control}
        """,
    )
    outcome = play(stage, path)
    assert outcome.passed, list(lines_of(outcome, "zh"))


def test_the_clock_never_goes_back(stage: Stage) -> None:
    outcome = played(stage, "- advance: 2026-03-02T21:00")
    assert outcome.broken is not None and outcome.broken.code == "scenario.backwards"


def test_working_days_are_counted_by_the_calendar(stage: Stage) -> None:
    outcome = played(
        stage,
        """
    - advance: 2026-09-30T10:00
    - advance: 3个工作日
    - {by: court_handler, start: night}
    - advance: 2026-10-11T23:59
""",
    )
    assert outcome.passed
    too_early = "- advance: 2026-10-10T09:59"
    early = played(stage, f"- advance: 2026-09-30T10:00\n- advance: 3个工作日\n{too_early}")
    assert early.broken is not None and early.broken.code == "scenario.backwards"


def test_coverage_names_what_no_scenario_has_passed(stage: Stage) -> None:
    outcome = played(stage, CONTROLLED + "- {by: court_handler, complete: Task_Respond}")
    court, police = covered(stage.procedures.diagrams["night"], [outcome.way])
    assert police.whole
    assert set(court.missed_elements) == {"Timer_2h", "End_Overdue", "Task_Handover", "End_Done"}
    assert set(court.missed_flows) == {"F7", "F8"}
    assert (court.elements, court.flows) == (10, 8)


def test_no_trace_of_one_scenario_is_in_the_next(stage: Stage) -> None:
    played(stage, REQUESTED)
    outcome = played(stage, "- {by: court_handler, start: night}", "- {running: night, count: 1}")
    assert outcome.passed

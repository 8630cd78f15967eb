"""Scenarios look at what was written down, and at what supervisors and guessers may do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.rehearsed import played, procedures, stage_of
from tests.web.test_rehearsal_playing import CONTROLLED, REQUESTED
from web.rehearsal.evidence import Words
from web.rehearsal.report import lines_of, reason
from web.rehearsal.stage import Stage


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage_of(procedures(tmp_path_factory.mktemp("procedures"))) as built:
        yield built


RESPONDED = CONTROLLED + "- {by: court_handler, complete: Task_Respond}\n"


@pytest.mark.parametrize(
    "check",
    [
        "{filled: night_request.case_no, required: true, value: （2026）豫1321执12号}",
        "{filled: night_respond.team, required: true}",
        "{filled: night_respond.team.name, value: 丙某}",
        "{filled: night_respond.photo, required: false}",
        "{measured: T-IMM-CTRL, minutes: 10, agency: police}",
        "{measured: T-IMM-CTRL, at_most: 10, of: night__police, request: main, count: 1}",
        "{measured: T-IMM-SERVE, count: 0}",
        "{audit: task.completed, who: police_station, count: 1}",
        "{audit: instance.started, who: court_handler, of: night, request: main}",
        "{audit: data.read, count: 0}",
        "{watch_list: '411321180001010005', listed: false}",
    ],
)
def test_what_was_written_down_can_be_asked_for(stage: Stage, check: str) -> None:
    outcome = played(stage, RESPONDED, f"- {check}")
    assert outcome.passed, list(lines_of(outcome, "zh"))


@pytest.mark.parametrize(
    ("check", "told"),
    [
        ("{filled: night_request.case_no, required: false}", "应可不填"),
        ("{filled: night_respond.photo, required: true}", "应为必填"),
        ("{filled: night_respond.team.name, value: 丁某}", "丙某"),
        ("{filled: night_respond.team, of: night__police}", "还没有人提交过表单 night_respond"),
        ("{measured: T-IMM-CTRL, minutes: 11}", "10.0"),
        ("{measured: T-IMM-CTRL, at_most: 9}", "10.0"),
        ("{measured: T-IMM-CTRL, at_most: 10, of: night}", "—"),
        ("{audit: task.completed, who: police_leader}", "court_handler"),
        ("{watch_list: '411321180001010005'}", "—"),
    ],
)
def test_what_was_not_is_said(stage: Stage, check: str, told: str) -> None:
    outcome = played(stage, RESPONDED, f"- {check}")
    assert outcome.broken is not None and told in reason(outcome.broken)


def test_an_answer_left_out_is_not_filled(stage: Stage) -> None:
    step = "- {by: court_handler, complete: Task_Respond, fill: {photo: null}}"
    outcome = played(stage, CONTROLLED + step, "- {filled: night_respond.photo}")
    assert outcome.broken is not None
    assert "没有填写 night_respond.photo" in reason(outcome.broken)


def test_being_refused_may_prove_a_row(stage: Stage) -> None:
    outcome = played(
        stage,
        REQUESTED
        + """\
- by: court_handler
  complete: Task_Control
  expect_refused: task.unknown
  proves: [NZ-2.3-police-3]
- by: police_station
  complete: Task_Control
  fill: {}
""",
    )
    assert outcome.passed, list(lines_of(outcome, "zh"))
    assert [proof for proof, _, _ in outcome.proofs] == ["NZ-2.3-police-3"]


def test_a_step_that_is_not_refused_proves_nothing_by_itself(stage: Stage) -> None:
    step = "- {by: court_handler, start: night, proves: [NZ-2.3-police-3]}"
    outcome = played(stage, step)
    assert [mistake.code for mistake in outcome.mistakes] == ["scenario.proves_step"]


def test_a_limit_is_extended_by_who_supervises(stage: Stage) -> None:
    extend = "extend: T-PER-2H, reason: 道路塌方绕行, clause: 民诉法解释, until: 2026-03-03T04:00"
    outcome = played(
        stage,
        CONTROLLED
        + f"""\
- {{by: court_handler, {extend}, expect_refused: instance.may_not_supervise}}
- {{by: court_command_center, {extend}}}
""",
        "- {deadline: T-PER-2H, state: running, due: 2026-03-03T04:00}",
    )
    assert outcome.passed, list(lines_of(outcome, "zh"))


def test_what_is_not_there_cannot_be_extended_tried_again_or_worked_on(stage: Stage) -> None:
    for step in (
        "{by: court_command_center, extend: T-PER-2H, reason: 道路塌方, clause: 无}",
        "{by: court_command_center, retry: letter.no_font, reason: 已装字体}",
    ):
        outcome = played(stage, REQUESTED + f"- {step}")
        assert outcome.broken is not None and "没有" in reason(outcome.broken)


def test_guessing_a_password_is_refused_and_then_locked_out(stage: Stage) -> None:
    outcome = played(
        stage,
        """\
- {sign_in: police_leader, times: 5, expect_refused: sign_in.refused}
- {sign_in: police_leader, expect_refused: sign_in.locked}
""",
        "- {audit: sign_in.failed, count: 5}",
    )
    assert outcome.passed, list(lines_of(outcome, "zh"))


def test_only_who_may_see_an_instance_opens_it_and_only_the_police_search(stage: Stage) -> None:
    outcome = played(
        stage,
        REQUESTED
        + """\
- {by: court_handler, open: night}
- {by: police_station, open: night, expect_refused: instance.unknown}
- {by: police_station, search: "411321180001010005", hits: 0}
- {by: court_handler, search: "411321180001010005", expect_refused: watch_list.not_allowed}
""",
    )
    assert outcome.passed, list(lines_of(outcome, "zh"))


def test_words_fit_whatever_the_blanks_between_them() -> None:
    words = Words("南召县人民法院\n协助执行 通知书")
    assert words.hold(["协助执行通知书", "法院 协助"])
    assert not words.hold(["协助执行通知书", "公安局"])

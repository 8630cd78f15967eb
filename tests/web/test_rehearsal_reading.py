"""Every mistake in a scenario is named with file and line before anything is played."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from app import Installation, Settings, liandong
from tests.web.rehearsed import WORKFLOWS, procedures, stage_of, written
from web.complaints import complaint_line
from web.rehearsal.playing import play
from web.rehearsal.stage import Stage

START = "{by: court_handler, start: night}"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage_of(procedures(tmp_path_factory.mktemp("procedures"))) as built:
        yield built


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        (f"when: [{START}]\nwhat: 1", 5, "不认识“what”"),
        ("given: []", 1, "缺少“when”"),
        (f"when: {START}", 4, "“when”应为列表"),
        ("when:\n  - jump", 5, "这不是一个步骤"),
        ("when:\n  - {by: court_handler}", 5, "这不是一个步骤"),
        ("when:\n  - {start: night}", 5, "缺少“by”"),
        ("when:\n  - {by: court_handlr, start: night}", 5, "相近的有：court_handler"),
        ("when:\n  - {by: court_handler, calendar: 2027}", 5, "应为一个年份的日历"),
        ("when:\n  - {by: court_handler, start: nigth}", 5, "相近的有：night"),
        ("when:\n  - {by: court_handler, complete: Task_Respon}", 5, "Task_Respond"),
        ("when:\n  - {by: court_handler, complete: End_Done}", 5, "应为用户任务的元素 id"),
        ("when:\n  - {by: court_handler, start: night, file: 1}", 5, "不认识“file”"),
        ("when:\n  - {by: court_handler, start: night, fill: full}", 5, "应为 sample"),
        ("when:\n  - {by: court_handler, start: night, fill: {a: '=1 +'}}", 5, "FEEL"),
        ("when:\n  - advance: 2 hours", 5, "应为时长"),
        ("when:\n  - {message: no_such, from: court, to: police}", 5, "应为流程图中的消息名"),
        ("when:\n  - {message: person_controlled, from: 豫1321, to: police}", 5, "机关的代称"),
        ("when:\n  - steps: nowhere", 5, "没有共用步骤 nowhere"),
        (f"when:\n  - {START}\nthen: {{task: Task_Respond}}", 6, "“then”应为列表"),
        (f"when:\n  - {START}\nthen:\n  - {{due: 3}}", 7, "这不是一条检查"),
        (f"when:\n  - {START}\nthen:\n  - {{deadline: T-PER-3H}}", 7, "T-PER-2H"),
        (f"when:\n  - {START}\nthen:\n  - {{deadline: T-PER-2H, state: late}}", 7, "没有这个取值"),
        (f"when:\n  - {START}\nthen:\n  - {{deadline: T-PER-2H, due: soon}}", 7, "应为时刻"),
        (f"when:\n  - {START}\nthen:\n  - {{passed: Task_Respond}}", 7, "元素 id 的列表"),
        (f"when:\n  - {START}\nthen:\n  - {{passed: [Task_X]}}", 7, "没有这个元素"),
        (f"when:\n  - {START}\nthen:\n  - {{task: Task_Respond, count: -1}}", 7, "整数"),
        (f"when:\n  - {START}\nthen:\n  - {{variable: a}}", 7, "缺少“value”"),
        (f"proves: [NZ-9.9-court-1]\nwhen:\n  - {START}", 4, "不认识的条目编号"),
        (f"people: {{a: {{role: judge}}}}\nwhen:\n  - {START}", 4, "应为角色代码"),
        (f"people: {{a: {{unit: police-legal}}}}\nwhen:\n  - {START}", 4, "缺少“role”"),
        (f"people: {{a: police_legal}}\nwhen:\n  - {START}", 4, "people 的每一项"),
        (f"profile: nanzhao_2021\nwhen:\n  - {START}", 4, "“profile”写了两次"),
        ("when: [", 5, ""),
    ],
)
def test_a_mistake_is_named_with_its_line(stage: Stage, text: str, line: int, told: str) -> None:
    outcome = play(stage, written(stage.workflows, text))
    assert not outcome.passed
    lines = [complaint_line(mistake) for mistake in outcome.mistakes]
    assert any(one.startswith(f"one.yaml:{line} ") and told in one for one in lines), lines


@pytest.mark.parametrize(
    "content", ["", "- a", "text", "scenario: a\nprofile: x\nclock: 1999-01-01"]
)
def test_what_is_no_scenario_is_refused(stage: Stage, content: str) -> None:
    path = written(stage.workflows, "", "broken.yaml")
    path.write_text(content, encoding="utf-8")
    assert play(stage, path).mistakes
    path.unlink()


def test_shared_steps_going_in_a_circle_are_refused(stage: Stage) -> None:
    steps = stage.workflows / "night" / "scenarios" / "steps" / "round.yaml"
    steps.write_text("- steps: round\n", encoding="utf-8")
    outcome = play(stage, written(stage.workflows, "when:\n  - steps: round\n"))
    assert [mistake.code for mistake in outcome.mistakes] == ["scenario.no_steps"]


def test_all_mistakes_of_a_file_are_told_at_once(stage: Stage) -> None:
    text = "when:\n  - {by: nobody, start: nothing}\n  - advance: never\n"
    outcome = play(stage, written(stage.workflows, text))
    assert [mistake.line for mistake in outcome.mistakes] == [5, 5, 6]


def test_a_folder_with_errors_keeps_no_other_from_being_rehearsed(tmp_path: Path) -> None:
    folder = procedures(tmp_path)
    (folder / "half_drawn").mkdir()
    (folder / "half_drawn" / "half_drawn.bpmn").write_text("<a/>", encoding="utf-8")
    with stage_of(folder) as stage:
        assert list(stage.procedures.left_out) == ["half_drawn"]
        assert play(stage, written(folder, f"when:\n  - {START}\n")).passed


def command(folder: Path, *words: str):
    settings = Settings(f"sqlite:///{folder / 'unused.db'}", folder, WORKFLOWS)
    return CliRunner().invoke(liandong, ["scenario", *words], obj=Installation(settings))


def test_the_command_plays_what_it_is_given_and_tells_by_its_exit_code(tmp_path: Path) -> None:
    folder = procedures(tmp_path)
    written(folder, f"when:\n  - {START}\n")
    good = command(tmp_path, str(folder), "--coverage")
    assert good.exit_code == 0, good.output
    assert "共 1 个场景，0 个不通过" in good.output
    assert "没有场景经过的元素：Task_Request" in good.output
    written(folder, "when:\n  - advance: soon\n", "two.yaml")
    bad = command(tmp_path, str(folder), "--json")
    assert bad.exit_code == 1
    assert '"failed": 1' in bad.output
    assert '"left_out": []' in bad.output


def test_many_scenarios_are_shared_out_and_told_in_their_order(tmp_path: Path) -> None:
    folder = procedures(tmp_path)
    for number in range(9):
        by = "court_handler" if number != 4 else "police_station"
        text = f"when:\n  - {{by: {by}, start: night}}\n"
        written(folder, text, f"{number}.yaml")
    done = command(tmp_path, str(folder))
    lines = [line for line in done.output.splitlines() if "scenarios/" in line and "第" not in line]
    assert [f"/{number}.yaml" in line for number, line in enumerate(lines)] == [True] * 9
    assert done.exit_code == 1 and "共 9 个场景，1 个不通过" in done.output


def test_the_command_says_where_there_is_nothing_to_play(tmp_path: Path) -> None:
    nothing = command(tmp_path, str(tmp_path))
    assert nothing.exit_code == 1
    assert nothing.exception is not None
    assert "scenario.none" in str(nothing.exception)

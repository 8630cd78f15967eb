"""`liandong trace`: what carries each obligation; every kind of failure in a small folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app import Installation, Settings, liandong
from engine.errors import LiandongError, NotFound
from tests.web.traced import HANDED_OVER, ROW, bearing, night_folder, scenario
from web.messages import error_sentence


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return night_folder(tmp_path)


def run(home: Path, *options: str) -> Result:
    installation = Installation(Settings(f"sqlite:///{home / 'unused.db'}", home, home))
    return CliRunner().invoke(liandong, ["trace", *options], obj=installation)


def row(home: Path, id: str = ROW) -> dict:
    """The row as JSON has it."""
    answer = run(home, "--json", "--obligation", id)
    return json.loads(answer.output)["rows"][0]


def written(home: Path, file: str, text: str) -> None:
    (home / "norms" / file).write_text(text, encoding="utf-8")


def test_a_row_that_a_scenario_proves_on_its_way_past_the_bearer_is_carried(home: Path) -> None:
    found = row(home)
    assert (found["state"], found["lacking"]) == ("carried", [])
    assert [bearer["id"] for bearer in found["bearers"]] == ["Task_Handover"]
    assert list(found["scenarios"]) == ["night/scenarios/one.yaml"]


def test_the_summary_counts_and_the_command_succeeds(home: Path) -> None:
    answer = run(home, "--summary", "--json")
    assert answer.exit_code == 0, answer.output
    counted = json.loads(answer.output)
    assert counted["obligations"] == 349
    assert (counted["carried"], counted["outside"], counted["faults"]) == (1, 0, 0)
    assert counted["unaccounted"] == 348


def test_it_is_told_in_sentences(home: Path) -> None:
    answer = run(home, "--obligation", ROW)
    assert "已落实" in answer.output
    assert "元素 Task_Handover “人员交接” night/night.bpmn:21" in answer.output
    assert "deadline:13" in answer.output
    english = run(home, "--obligation", ROW, "--lang", "en")
    assert "carried" in english.output


def test_the_reverse_lists_what_each_bearer_carries(home: Path) -> None:
    told = run(home, "--bearers").output
    assert "Task_Handover" in told and f"{ROW}　已落实" in told
    data = json.loads(run(home, "--bearers", "--json").output)["bearers"]
    assert [(one["id"], one["clauses"]) for one in data] == [("Task_Handover", [ROW])]


def test_a_procedure_is_asked_for_by_its_key(home: Path) -> None:
    rows = json.loads(run(home, "--json", "--procedure", "custody_inquiry").output)["rows"]
    assert 0 < len(rows) < 20
    assert all("custody_inquiry" in one["procedures"] for one in rows)


@pytest.mark.parametrize(
    ("before", "after", "lacking"),
    [
        ("{deadline: T-PER-2H, state: met", "{deadline: T-PER-2H, hint: false", ["limit"]),
        ("  - by: court_handler\n    complete: Task_Handover\n    then:",
         "  - {by: court_handler, complete: Task_Handover}\n  - advance: PT1M\n    then:",
         ["actor"]),
        ("proves: [NZ-2.3-court-3b]", "count: 1", ["proof"]),
    ],
)  # fmt: skip
def test_what_a_row_lacks_is_named(home: Path, before: str, after: str, lacking: list[str]) -> None:
    text = HANDED_OVER.replace(before, after)
    if lacking == ["actor"]:
        text = text.replace("      - {ended: night", "      - {ended: night__police").replace(
            "已移交", "待交接"
        )
    scenario(home, text)
    found = row(home)
    assert (found["state"], found["lacking"]) == ("unaccounted", lacking)


def test_a_scenario_that_fails_proves_nothing(home: Path) -> None:
    scenario(home, HANDED_OVER.replace("state: met", "state: overdue"))
    assert row(home)["lacking"] == ["proof"]


def test_a_scenario_that_goes_another_way_proves_nothing(home: Path) -> None:
    bearing(home, "End_Overdue", ROW)
    assert row(home)["lacking"] == ["passed"]


@pytest.mark.parametrize(
    ("check", "lacking"),
    [
        ("measured: T-IMM-CTRL, at_most: 30", []),
        ("measured: T-IMM-CTRL", ["limit"]),
        ("deadline: T-IMM-CTRL, state: none", ["limit"]),
    ],
)
def test_a_period_without_a_number_is_proven_by_the_time_taken(
    home: Path, check: str, lacking: list[str]
) -> None:
    bearing(home, "End_Police", "NZ-2.3-police-3a")
    done = "  - {by: police_station, complete: Task_Control}\n"
    checks = f"  - then:\n    - {{{check}, proves: [NZ-2.3-police-3a]}}\n"
    checks += "    - {ended: night__police, proves: [NZ-2.3-police-3a]}\n"
    scenario(home, HANDED_OVER.replace(done, f"  - advance: PT20M\n{done}{checks}"))
    assert row(home, "NZ-2.3-police-3a")["lacking"] == lacking


def test_a_proof_of_a_whole_scenario_asserts_no_act(home: Path) -> None:
    text = HANDED_OVER.replace(", proves: [NZ-2.3-court-3b]", "")
    scenario(home, text.replace("when:", f"proves: [{ROW}]\nwhen:"))
    assert row(home)["lacking"] == ["act", "limit"]


# what makes it fail -------------------------------------------------------------------


def failing(home: Path, *options: str) -> str:
    answer = run(home, "--summary", *options)
    assert answer.exit_code == 1, answer.output
    refused = answer.exception
    return error_sentence(refused) if isinstance(refused, LiandongError) else answer.output


def test_a_bearer_without_a_scenario_fails(home: Path) -> None:
    bearing(home, "Task_Approve", "NZ-2.3-court-1a")
    told = failing(home)
    assert "night/night.bpmn:15 “院长审批”（Task_Approve） 错误" in told
    assert "proves: [NZ-2.3-court-1a]" in told


def test_a_clause_that_does_not_exist_fails(home: Path) -> None:
    bearing(home, "Task_Handover", "NZ-9.9-court-1")
    told = failing(home)
    assert "night/night.bpmn:21" in told and "NZ-9.9-court-1" in told


def test_a_quotation_that_differs_from_the_source_fails(home: Path) -> None:
    path = home / "norms" / "obligations.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("并在 2 小时内", "并在 3 小时内").replace(
        "并在2小时内办理交接手续", "并在3小时内办理交接手续"
    ), encoding="utf-8")  # fmt: skip
    told = failing(home)
    assert ROW in told and "quote" in told


def test_a_broken_scenario_fails_with_its_line(home: Path) -> None:
    scenario(home, HANDED_OVER.replace("T-PER-2H", "T-PER-3H"))
    assert "T-PER-3H" in failing(home)


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("outside.yaml", "outside: [{id: NZ-0-6}]", "理由"),
        ("outside.yaml", "outside: [{id: NZ-99, reason: 无}]", "NZ-99"),
        ("outside.yaml", "inside: []", "outside:"),
        ("bearers.yaml", "bearers: [{id: a, kind: wish, name: b, place: c}]", "wish"),
        ("bearers.yaml",
         "bearers: [{id: a, kind: page, name: b, place: c, clauses: [NZ-0-1], test: t.py::no}]",
         "t.py::no"),
        ("bearers.yaml", "bearers: [{id: a, kind: page, name: b, place: c, clauses: [X]}]", "X"),
        ("actors.yaml", "actors: {court_handler: {roles: [judge]}}", "judge"),
        ("actors.yaml", "actors: {court_handler: {agencies: [city]}}", "city"),
        ("actors.yaml", "actors: {court_handler: {roles: [court_handler]}}", "police_station"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_the_data_is_named(home: Path, file: str, text: str, told: str) -> None:
    written(home, file, text)
    assert told in failing(home)


def test_an_unknown_row_is_refused(home: Path) -> None:
    answer = run(home, "--obligation", "NZ-99")
    assert answer.exit_code != 0


def test_what_is_outside_says_why(home: Path) -> None:
    written(home, "outside.yaml", "outside: [{id: NZ-0-6, reason: 制定目的，宣示性}]")
    found = row(home, "NZ-0-6")
    assert (found["state"], found["reason"]) == ("outside", "制定目的，宣示性")


def test_a_declared_bearer_is_proven_by_the_test_it_names(home: Path) -> None:
    test = "tests/web/test_trace_command.py::test_an_unknown_row_is_refused"
    written(
        home,
        "bearers.yaml",
        "bearers: [{id: log, kind: security, name: 日志, place: engine/audit.py, "
        f"clauses: [ZK-3.3-1], test: '{test}'}}]",
    )
    found = row(home, "ZK-3.3-1")
    assert (found["state"], found["bearers"][0]["test"]) == ("carried", test)


# mutation -----------------------------------------------------------------------------


def test_taking_the_bearer_out_is_noticed(home: Path) -> None:
    answer = run(home, "--mutate", "--json")
    assert answer.exit_code == 0, answer.output
    found = json.loads(answer.stdout)
    assert (found["total"], found["killed"], found["survived"]) == (1, 1, 0)
    assert answer.stderr.startswith("night　去掉承载者 1 处：场景发现 1 处")
    assert found["bearers"][0]["scenario"] == "night/scenarios/one.yaml"


@pytest.mark.parametrize(
    ("element", "told"), [("End_Police", "没有发现"), ("End_Overdue", "没有场景经过")]
)
def test_a_bearer_that_nobody_would_miss_is_listed(home: Path, element: str, told: str) -> None:
    bearing(home, element, ROW)
    answer = run(home, "--mutate", "night")
    assert answer.exit_code == 1
    assert element in answer.output and told in answer.output


def test_only_procedures_that_there_are_can_be_taken_apart(home: Path) -> None:
    assert isinstance(run(home, "--mutate", "day").exception, NotFound)

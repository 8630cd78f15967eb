"""`liandong decide`: the result, the rules, the reasons; sentences where it refuses."""

import json

import pytest
from click.testing import CliRunner

from tests.engine.feel.decisions.drawing import (
    MODEL,
    decision,
    file,
    input_data,
    literal,
    table,
)
from web.commands.decide import decide

TABLE = table(
    "UNIQUE", ["area"], [""], ['"县城内" | duration("PT1H")', '"本市内" | duration("PT4H")']
)
AREA = input_data("area", "string")


@pytest.fixture
def run(tmp_path):
    def command(source: bytes, wanted: str, given: object, *options: str):
        drawn, values = tmp_path / "limit.dmn", tmp_path / "in.json"
        drawn.write_bytes(source)
        values.write_text(given if isinstance(given, str) else json.dumps(given), "utf-8")
        return CliRunner().invoke(decide, [str(drawn), wanted, str(values), *options])

    return command


LIMIT = file(AREA, decision("limit", TABLE, inputs=("area",)))


def test_it_prints_the_result_and_the_rule_that_matched(run):
    answer = run(LIMIT, "limit", {"area": "本市内"})
    assert answer.exit_code == 0
    assert answer.output == "结果：PT4H\n命中：决策表 t 第 2 条规则 r2\n"


def test_a_null_comes_with_its_reason(run):
    answer = run(LIMIT, "limit", {"area": "邻省"}, "--lang", "en")
    assert answer.exit_code == 0
    assert answer.output.startswith("Result: null\nReason: No rule of decision table t")


def test_json_and_trace_hold_everything(run):
    answer = json.loads(run(LIMIT, "limit", {"area": "县城内"}, "--json", "--trace").output)
    assert answer["value"] == "PT1H"
    assert [rule["rule"] for rule in answer["matched_rules"]] == [1]
    assert [step["element"] for step in answer["trace"]] == ["decisionTable", "decision"]


def test_text_becomes_the_date_that_the_input_is_declared_to_be(run):
    source = file(
        input_data("from", "date"),
        decision("late", literal('from + duration("P1D") < today()'), inputs=("from",)),
    )
    now = ("--now", "2026-03-02T00:30:00")
    assert run(source, "late", {"from": "2026-02-28"}, *now).output == "结果：true\n"
    assert run(source, "late", {"from": "2026-03-01"}, *now).output == "结果：false\n"


def test_numbers_stay_exact(run):
    source = file(input_data("n", "number"), decision("d", literal("n + 0.2"), inputs=("n",)))
    assert run(source, "d", '{"n": 0.1}').output == "结果：0.3\n"
    assert json.loads(run(source, "d", '{"n": 0.1}', "--json").output)["value"] == 0.3


@pytest.mark.parametrize(
    ("source", "wanted", "given", "code", "words"),
    [
        (LIMIT, "other", {}, 1, "没有决策“other”。其中的决策有：limit"),
        (b"<x", "d", {}, 1, ""),
        (
            file(decision("d", literal("1 +"))),
            "d",
            {},
            1,
            "第 2 行“d”（literalExpression ）：第 1 行",
        ),
        (LIMIT, "limit", "[", 2, "第 1 行不是 JSON"),
        (LIMIT, "limit", [], 2, "应为一个 JSON 对象"),
    ],
)
def test_what_is_refused_is_said_in_one_sentence(run, source, wanted, given, code, words):
    answer = run(source, wanted, given)
    assert answer.exit_code == code
    assert words in answer.output
    assert "Traceback" not in answer.output


def test_an_instant_that_is_none_is_wrong_usage(run):
    answer = run(LIMIT, "limit", {}, "--now", "noon")
    assert answer.exit_code == 2
    assert "noon" in answer.output


def test_imported_models_are_found_beside_the_file(run, tmp_path):
    (tmp_path / "lib.dmn").write_bytes(
        file(decision("base", literal("41")), namespace="urn:lib"),
    )
    required = '<requiredDecision href="urn:lib#base"/>'
    source = file(
        f'<import name="lib" namespace="urn:lib" importType="{MODEL}"/>',
        '<decision id="d" name="d"><variable name="d"/>'
        f"<informationRequirement>{required}</informationRequirement>"
        f"{literal('lib.base + 1')}</decision>",
    )
    assert run(source, "d", {}).output == "结果：42\n"

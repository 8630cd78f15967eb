"""Decision tables: every hit policy, what no rule and too many rules mean, allowed values."""

from decimal import Decimal

import pytest

from tests.engine.feel.decisions.drawing import ask, decision, input_data, item, model, table, value

KIND = input_data("kind", "string")
AGE = input_data("age", "number")


def one_table(policy, rules, outputs=("",), **options):
    drawn = table(policy, ["age"], list(outputs), rules, **options)
    return model(AGE, decision("level", drawn, inputs=("age",)))


def codes(result):
    return [reason.code for reason in result.reasons]


def test_a_unique_table_answers_with_its_one_rule():
    level = one_table("UNIQUE", ['< 18 | "minor"', '>= 18 | "adult"'])
    assert value(level, "level", age=17) == "minor"
    assert value(level, "level", age=18) == "adult"


def test_a_unique_table_with_two_rules_that_match_is_null_and_says_so():
    result = ask(one_table("UNIQUE", ['< 18 | "a"', '< 20 | "b"']), "level", age=3)
    assert result.value is None
    assert codes(result) == ["dmn.table.not_unique"]
    assert [rule.number for rule in result.matched_rules] == [1, 2]


def test_the_rules_that_matched_are_named_by_number_and_id():
    result = ask(one_table("FIRST", ['> 90 | "a"', '> 10 | "b"', '- | "c"']), "level", age=20)
    assert [(rule.number, rule.id) for rule in result.matched_rules] == [(2, "r2")]
    assert result.value == "b"


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("RULE ORDER", ["low", "high", "mid"]),
        ("OUTPUT ORDER", ["high", "mid", "low"]),
        ("COLLECT", ["low", "high", "mid"]),
        ("PRIORITY", "high"),
        ("FIRST", "low"),
    ],
)
def test_order_is_that_of_the_rules_or_of_the_listed_outputs(policy, expected):
    rules = ['> 1 | "low"', '> 2 | "high"', '> 3 | "mid"', '> 99 | "mid"']
    drawn = one_table(policy, rules, ['="high", "mid", "low"'])
    assert value(drawn, "level", age=10) == expected


@pytest.mark.parametrize(
    ("aggregation", "expected"), [("SUM", 60), ("MIN", 10), ("MAX", 30), ("COUNT", 3)]
)
def test_collected_numbers_are_aggregated(aggregation, expected):
    rules = ["> 1 | 10", "> 2 | 20", "> 3 | 30", "> 99 | 40"]
    drawn = one_table("COLLECT", rules, attributes=f'aggregation="{aggregation}"')
    assert value(drawn, "level", age=10) == Decimal(expected)


def test_any_is_null_where_outputs_differ():
    same = one_table("ANY", ['> 1 | "x"', '> 2 | "x"'])
    differing = one_table("ANY", ['> 1 | "x"', '> 2 | "y"'])
    assert value(same, "level", age=5) == "x"
    assert codes(ask(differing, "level", age=5)) == ["dmn.table.not_any"]


def test_several_outputs_are_a_context_by_their_names():
    drawn = one_table("UNIQUE", ['> 1 | "x" | 2'], ["name", "days"])
    assert value(drawn, "level", age=5) == {"name": "x", "days": Decimal(2)}


def test_no_rule_gives_the_default_output_else_null_else_an_empty_collection():
    assert value(one_table("UNIQUE", ['> 9 | "x"'], default='"none"'), "level", age=5) == "none"
    assert value(one_table("UNIQUE", ['> 9 | "x"']), "level", age=5) is None
    assert value(one_table("COLLECT", ['> 9 | "x"']), "level", age=5) == []


def test_an_input_outside_the_allowed_values_is_null_and_names_the_column():
    drawn = (
        '<decisionTable><input label="类别"><inputExpression><text>kind</text></inputExpression>'
        '<inputValues><text>"a","b"</text></inputValues></input><output/>'
        "<rule><inputEntry><text>-</text></inputEntry>"
        "<outputEntry><text>1</text></outputEntry></rule></decisionTable>"
    )
    drawn = model(KIND, decision("level", drawn, inputs=("kind",)))
    assert value(drawn, "level", kind="a") == Decimal(1)
    result = ask(drawn, "level", kind="z")
    assert result.value is None
    assert [(r.code, r.params["column"]) for r in result.reasons] == [
        ("dmn.table.input_not_allowed", "类别")
    ]


def test_the_order_of_outputs_may_be_that_of_the_decision_s_type():
    rules = ['- | "low"', '- | "high"']
    drawn = model(
        item("tLevel", "string", '"high", "low"'),
        AGE,
        decision("level", table("PRIORITY", ["age"], [""], rules), "tLevel", inputs=("age",)),
    )
    assert value(drawn, "level", age=1) == "high"


def test_cells_that_read_the_same_are_judged_for_their_own_column():
    drawn = table("FIRST", ["age", "age - 10"], [""], ["> 5 | > 5 | 1", "> 5 | - | 2", "- | - | 3"])
    level = model(AGE, decision("level", drawn, inputs=("age",)))
    assert [value(level, "level", age=age) for age in (20, 12, 1)] == [1, 2, 3]


def test_an_aggregation_over_several_outputs_is_a_problem_of_the_model():
    drawn = one_table("COLLECT", ["> 1 | 1 | 2"], ["a", "b"], attributes='aggregation="SUM"')
    assert [problem.code for problem in drawn.problems] == ["dmn.table.aggregation_outputs"]

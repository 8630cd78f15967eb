"""Unary tests, JUEL, templates, project functions."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest

from engine.feel import FeelSyntaxError, Function, from_python, prepare
from engine.feel.types import simple


def cell(text: str, value: Any, **context: Any) -> Any:
    """A cell of a decision table tried on a value."""
    return prepare(text, dialect="unary").evaluate(from_python(context), input=from_python(value))


@pytest.mark.parametrize(
    ("text", "value", "outcome"),
    [
        ("-", None, True),
        ("5", 5, True),
        ("5", "5", None),
        ('"查封", "扣押"', "扣押", True),
        ('not("查封", "扣押")', "扣押", False),
        ('not("查封", "扣押")', "冻结", True),
        ("not(5), 6", 6, True),
        ("not((1..5])", 5, False),
        ("not([1..5), 9)", 5, True),
        ("not(flag) = ?", False, True),
        ("< 5, > 10", 11, True),
        ("[1..10)", 10, False),
        ("]1..10[", 5, True),
        ("> limit", 5, True),
        ("kinds", "b", True),
        ("limits", 2, False),
        ("? > limit and ? < 10", 7, True),
        ("list contains(kinds, ?)", "z", False),
        ("true", True, True),
        ("null", None, True),
        ('>= date("2026-01-01")', datetime.date(2026, 11, 20), True),
        ("< 5", None, None),
    ],
)
def test_a_cell_holds_fails_or_is_undecided(text: str, value: Any, outcome: bool | None) -> None:
    assert cell(text, value, limit=4, flag=True, kinds=["a", "b"], limits=[1, 3]) is outcome


CONTEXT = from_python(
    {"status": "open", "late": False, "n": 7, "rows": [1, 2], "m": {"k": "v"}, "none": None,
     "unit": "u1", "groups": ["g1", "g2"],
     "people": [{"age": 20, "awake": True}, {"age": 40, "awake": False}]}
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("${status == 'open' && !late}", True),
        ("${status eq 'shut' || n ge 7}", True),
        ("#{n % 4}", 3),
        ("${n mod 4 == 3}", True),
        ("${n > 5 ? 'many' : n > 3 ? 'some' : 'few'}", "many"),
        ("${empty none and not empty rows}", True),
        ("${rows[0] + rows[1]}", 3),
        ("${m['k']}", "v"),
        ("${rows[item > rows[0]][0]}", 2),
        ("${count(people[age >= 18 && awake])}", 1),
        ("${people[not(awake)].age}", [40]),
        ("${people[awake][0].age}", 20),
        ("${count(people[age = 99])}", 0),
        ("${m[none]}", None),
        ("${{a: {b: n}}.a.b}", 7),
        ("${m.k != 'v'}", False),
        ("n div 2 lt 4", True),
        ("${count(rows) = 2}", True),
        ("${none == null}", True),
        ("${not late}", True),
        (" ${ n } ", 7),
        ("${'it\\'s'}", "it's"),
    ],
)
def test_juel_means_what_camunda_means_by_it(text: str, value: Any) -> None:
    assert prepare(text, dialect="juel").evaluate(CONTEXT) == value


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("${execution.getVariable('x')}", 1, 12),
        ("${bean.method(1)}", 1, 7),
        ("${\n  helper(1)}", 2, 3),
        ("${rows.size() > 0}", 1, 7),
    ],
)
def test_a_call_to_a_bean_is_refused_where_it_stands(text: str, line: int, column: int) -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        prepare(text, dialect="juel")
    assert caught.value.code == "feel.syntax.method"
    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("court_handler,${unit}", "court_handler,u1"),
        ("${groups}", ["g1", "g2"]),
        ("x,${groups}", "x,g1,g2"),
        ("no braces", "no braces"),
        ("", ""),
        ("${'}'}b", "}b"),
        ("a,${none}", None),
        ("#${n}", "#7"),
    ],
)
def test_a_template_is_text_around_values(text: str, value: Any) -> None:
    assert prepare(text, dialect="template").evaluate(CONTEXT) == value


def test_a_template_without_its_closing_brace_is_refused() -> None:
    with pytest.raises(FeelSyntaxError):
        prepare("a,${unit", dialect="template")


def due(rule: str, start: Any) -> Any:
    return start.date.plus_days(3)


FUNCTIONS = {
    "due": Function("due", ("rule", "from"), due),
    "working_days": Function(
        "working_days", ("n", "from"), lambda n, start: int(n) * 2, optional=1,
        types=(simple("number"), None),
    ),
}  # fmt: skip


def test_a_project_function_is_called_by_position_or_by_name() -> None:
    context = {"at": from_python(datetime.datetime(2026, 11, 20, tzinfo=datetime.UTC))}
    for text in ('due("T-QRY-3WD", at)', 'due(from: at, rule: "T-QRY-3WD")'):
        assert str(prepare(text, functions=FUNCTIONS).evaluate(context)) == "2026-11-23"
    juel = prepare('${due("T-QRY-3WD", at)}', dialect="juel", functions=FUNCTIONS)
    assert str(juel.evaluate(context)) == "2026-11-23"


def test_a_project_function_has_its_arguments_checked() -> None:
    def days(text: str) -> Any:
        return prepare(text, functions=FUNCTIONS).evaluate({})

    assert days("working_days(2)") == Decimal(4)
    assert days('working_days("2")') is None
    assert days("working_days()") is None
    assert days("working_days(1, null, 3)") is None


def test_the_same_text_is_prepared_once_for_the_same_scope() -> None:
    names = frozenset(["a b"])
    assert prepare("a b + 1", names=names) is prepare("a b + 1", names=["a b"])
    assert prepare("due(1, 2)", functions=FUNCTIONS) is not prepare("due(1, 2)")

"""Boxed expressions."""

import pytest

from engine.feel.errors import FeelLimitExceeded
from tests.engine.feel.decisions.drawing import ask, decision, literal, model


def boxed(kind: str, attributes: str = "", **parts: str) -> str:
    inside = "".join(f"<{name}>{literal(text)}</{name}>" for name, text in parts.items())
    return f"<{kind} {attributes}>{inside}</{kind}>"


def answer(logic: str) -> object:
    return ask(model(decision("d", logic)), "d").value


def entry(name: str, logic: str, type: str = "") -> str:
    declared = f' typeRef="{type}"' if type else ""
    variable = f'<variable name="{name}"{declared}/>' if name else ""
    return f"<contextEntry>{variable}{logic}</contextEntry>"


def test_entries_of_a_context_see_those_before_them():
    drawn = [("a", "1"), ("b c", "a + 1"), ("d", "b c * 2")]
    inside = "".join(entry(name, literal(text)) for name, text in drawn)
    assert answer(f"<context>{inside}</context>") == {"a": 1, "b c": 2, "d": 4}


def test_the_entry_without_a_name_is_the_result():
    drawn = entry("a", literal("1")) + entry("", literal("a + 41"))
    assert answer(f"<context>{drawn}</context>") == 42


def test_an_entry_is_brought_to_its_type():
    drawn = entry("a", literal("[1]"), "number") + entry("b", literal('"x"'), "number")
    assert answer(f"<context>{drawn}</context>") == {"a": 1, "b": None}


def test_a_boxed_function_may_call_itself():
    body = literal("if n <= 1 then 1 else n * factorial(n - 1)")
    function = f'<functionDefinition><formalParameter name="n"/>{body}</functionDefinition>'
    drawn = entry("factorial", function) + entry("", literal("factorial(5)"))
    assert answer(f"<context>{drawn}</context>") == 120


def test_a_relation_is_a_list_of_contexts():
    row = f"<row>{literal('1')}{literal('2')}</row>"
    drawn = f'<relation><column name="a"/><column name="b"/>{row}{row}</relation>'
    assert answer(drawn) == [{"a": 1, "b": 2}] * 2


def test_a_list_holds_its_items():
    assert answer(f"<list>{literal('1')}{literal('null')}</list>") == [1, None]


@pytest.mark.parametrize(
    ("condition", "expected"), [("true", 1), ("false", 2), ("null", 2), ('"x"', None)]
)
def test_a_conditional_wants_true_false_or_null(condition, expected):
    drawn = boxed("conditional", **{"if": condition, "then": "1", "else": "2"})
    assert answer(drawn) == expected


@pytest.mark.parametrize(
    ("source", "match", "expected"),
    [
        ("[1, 2, 3]", "item > 1", [2, 3]),
        ("[{n: 1}, {n: 2}]", "n = 2", [{"n": 2}]),
        ("[1, 2]", '"x"', None),
        ("7", "item > 5", [7]),
        ("null", "true", None),
    ],
)
def test_a_filter_keeps_what_matches(source, match, expected):
    assert answer(boxed("filter", **{"in": source, "match": match})) == expected


@pytest.mark.parametrize(
    ("kind", "part", "source", "body", "expected"),
    [
        ("for", "return", "[1, 2]", "x * 2", [2, 4]),
        ("for", "return", "[1..3]", "x", [1, 2, 3]),
        ("for", "return", "[1, 2, 3]", "count(partial)", [0, 1, 2]),
        ("for", "return", "null", "x", None),
        ("some", "satisfies", "[1, 2]", "x > 1", True),
        ("every", "satisfies", "[1, 2]", "x > 1", False),
        ("every", "satisfies", "[]", "false", True),
        ("some", "satisfies", "[1]", '"x"', None),
    ],
)
def test_iterators_go_through_lists_and_ranges(kind, part, source, body, expected):
    drawn = boxed(kind, 'iteratorVariable="x"', **{"in": source, part: body})
    assert answer(drawn) == expected


def test_functions_that_never_end_are_stopped():
    function = '<functionDefinition><formalParameter name="n"/>' + literal("f(n)")
    drawn = entry("f", function + "</functionDefinition>") + entry("", literal("f(1)"))
    with pytest.raises(FeelLimitExceeded):
        answer(f"<context>{drawn}</context>")

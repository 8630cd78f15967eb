"""Errors and reasons: where, what was expected, what was found, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import engine.feel
from engine.feel import FeelSyntaxError, Source, describe, prepare
from engine.feel.messages import SENTENCES


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("if a > 3 then 1", "第 1 行第 16 列：应为“else”，实为表达式结束。请补上或改正此处。"),
        ("1 +\n  * 2", "第 2 行第 3 列：应为一个表达式，实为*。请补上或改正此处。"),
        ("[1, 2", "第 1 行第 6 列：应为“]”，实为表达式结束。请补上或改正此处。"),
        ("days overdue > 3", "第 1 行第 6 列：应为表达式结束，实为overdue。请补上或改正此处。"),
        ("a == 3", "第 1 行第 4 列：应为一个表达式，实为=。请补上或改正此处。"),
        (
            "a > ‘x’",
            "第 1 行第 5 列：无法识别的字符：‘x’。请改用半角的运算符和引号。",
        ),
        ('a = "x', '第 1 行第 5 列：字符串没有结束："x。请在同一行补上引号。'),
        ("{a 1}", "第 1 行第 5 列：应为“:”，实为}。请补上或改正此处。"),
    ],
)
def test_a_syntax_error_says_where_and_what_was_expected(text: str, sentence: str) -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        prepare(text)
    assert describe(caught.value) == sentence


def test_a_syntax_error_knows_the_file_and_the_element() -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        prepare("a +", source=Source("control.bpmn", "Flow_late", 17))
    assert caught.value.params["file"] == "control.bpmn"
    assert caught.value.params["element"] == "Flow_late"
    assert caught.value.params["file_line"] == 17
    assert describe(caught.value, "en").startswith("Line 1, column 4: Expected an expression")


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("amount > 10", ["没有名为“amount”的变量。", "Null 与 number 不能比较。"]),
        ('1 + "a"', ["“+”不能用于 number 与 string。"]),
        ('true and "yes"', ["“and”的一侧是 string，应为真假值。"]),
        ("1 / 0", ["除数为零。"]),
        ("[1, 2][3]", ["列表有 2 项，没有第 3 项。"]),
        ("abs(1, 2)", ["函数“abs”的参数个数、名称或类型不符。"]),
        ("{a: 1}.b", ["上下文中没有“b”这一项。"]),
        ('date("2026-02-30")', ["函数“date”读不懂“2026-02-30”。"]),
        ('@"soon"', ["“soon”不是日期、时间或时长。"]),
        ("foo(1)", ["没有名为“foo”的变量。", "所调用的不是函数，而是 Null。"]),
        ("for i in 5 return i", ["number 不能循环，应为列表。"]),
        ('matches("a", "(")', ["函数“matches”的正则表达式有误。"]),
        ("1 instance of tCase", ["没有类型“tCase”。"]),
    ],
)
def test_a_null_keeps_its_reasons_for_the_analyst(text: str, sentences: list[str]) -> None:
    evaluation = prepare(text).explain({})
    assert evaluation.value is None
    assert [describe(reason).partition("：")[2] for reason in evaluation.reasons] == sentences


def test_a_reason_points_at_its_place() -> None:
    reasons = prepare("true and\n  1 > missing").explain({}).reasons
    assert [(reason.line, reason.column) for reason in reasons] == [(2, 7), (2, 5)]


def test_every_code_in_the_library_has_a_sentence_in_both_languages() -> None:
    folder = Path(engine.feel.__file__).parent
    files = [path for path in folder.rglob("*.py") if "decisions" not in path.parts]
    used = {
        code
        for path in files
        if path.name != "messages.py"
        for code in re.findall(r'"(feel\.[a-z]+\.[a-z_]+)"', path.read_text("utf-8"))
    }
    assert used == set(SENTENCES)
    assert all(zh and en and zh != en for zh, en in SENTENCES.values())

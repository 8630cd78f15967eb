"""The analysts' page: every example on it is run as it is written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from engine.feel import prepare
from tests.engine.feel.language import NOW, feel

PAGE = Path(__file__).parents[3] / "docs" / "feel.md"
_EXAMPLE = re.compile(
    r"^### (?P<title>\d+ [^\n]+)\n.*?```(?P<dialect>feel|unary|juel)\n(?P<text>.*?)```\n"
    r"\| 已知 \| 结果 \|\n\|---\|---\|\n(?P<rows>(?:\|[^\n]*\n)+)",
    re.MULTILINE | re.DOTALL,
)
_ROW = re.compile(r"\| `(.*)` \| `(.*)` \|")


def examples() -> list[Any]:
    found: list[Any] = []
    for example in _EXAMPLE.finditer(PAGE.read_text("utf-8")):
        for known, result in _ROW.findall(example["rows"]):
            case = (example["dialect"], example["text"].strip(), known, result)
            found.append(pytest.param(*case, id=f"{example['title']}: {known}"))
    return found


def test_the_page_has_twenty_examples() -> None:
    titles = [example["title"] for example in _EXAMPLE.finditer(PAGE.read_text("utf-8"))]
    assert [int(title.split()[0]) for title in titles] == list(range(1, 21))


@pytest.mark.parametrize(("dialect", "text", "known", "result"), examples())
def test_an_example_of_the_page(dialect: Any, text: str, known: str, result: str) -> None:
    context = feel(known)
    value = prepare(text, dialect=dialect).evaluate(context, now=NOW, input=context.get("?"))
    expected = feel(result)
    assert (type(value), value) == (type(expected), expected)

"""Laws that hold for every value."""

from __future__ import annotations

from decimal import Decimal, DecimalException
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.feel.numbers import CONTEXT
from tests.engine.feel.language import feel

NUMBERS = st.decimals(min_value=-(10**20), max_value=10**20, allow_nan=False)
TERNARY = (True, False, None)


@given(NUMBERS, NUMBERS, st.sampled_from(["add", "subtract", "multiply", "divide"]))
def test_arithmetic_is_decimal128(a: Decimal, b: Decimal, name: str) -> None:
    sign = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/"}[name]
    x, y = CONTEXT.plus(a), CONTEXT.plus(b)
    try:
        expected = getattr(CONTEXT, name)(x, y)
    except DecimalException:
        expected = None
    assert feel(f"a {sign} b", a=x, b=y) == expected


@given(NUMBERS)
def test_a_number_written_as_text_reads_back_as_itself(number: Decimal) -> None:
    text = feel("string(n)", n=number)
    assert feel(text.replace("-", "- ", 1)) == CONTEXT.plus(number)
    assert feel("number(t)", t=text) == CONTEXT.plus(number)


@pytest.mark.parametrize(("a", "b"), list(product(TERNARY, repeat=2)))
def test_conjunction_and_disjunction_are_those_of_kleene(a: Any, b: Any) -> None:
    order = {False: 0, None: 1, True: 2}
    assert feel("a and b", a=a, b=b) is min((a, b), key=order.__getitem__)
    assert feel("a or b", a=a, b=b) is max((a, b), key=order.__getitem__)
    assert feel("not(a and b) = (not(a) or not(b))", a=a, b=b) is True


LISTS = st.lists(st.integers(-50, 50), max_size=12)


@given(LISTS)
def test_sorting_orders_and_keeps(numbers: list[int]) -> None:
    assert feel("sort(xs, function(a, b) a < b)", xs=numbers) == sorted(numbers)


@given(LISTS, LISTS)
def test_lists_joined_and_taken_apart(a: list[int], b: list[int]) -> None:
    assert feel("concatenate(a, b)", a=a, b=b) == a + b
    assert feel("union(a, b)", a=a, b=b) == list(dict.fromkeys(a + b))
    assert feel("reverse(reverse(a))", a=a) == a
    assert feel("flatten([a, [b]])", a=a, b=b) == a + b


@given(LISTS, st.integers(-50, 50))
def test_a_filter_keeps_what_holds_and_a_loop_visits_everything(xs: list[int], n: int) -> None:
    assert feel("xs[item > n]", xs=xs, n=n) == [x for x in xs if x > n]
    assert feel("for x in xs return x + n", xs=xs, n=n) == [x + n for x in xs]
    assert feel("some x in xs satisfies x = n", xs=xs, n=n) is (n in xs)
    assert feel("every x in xs satisfies x < n", xs=xs, n=n) is all(x < n for x in xs)


@given(LISTS, st.integers(-15, 15))
def test_a_position_counts_from_one_or_backwards(xs: list[int], n: int) -> None:
    inside = n != 0 and abs(n) <= len(xs)
    assert feel("xs[n]", xs=xs, n=n) == (xs[n - 1 if n > 0 else n] if inside else None)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_a_string_written_by_feel_reads_back_as_itself(text: str) -> None:
    literal = text.replace("\\", "\\\\").replace('"', '\\"')
    if not set(text) & set("\n\r\x0b\x0c"):
        assert feel(f'"{literal}"') == text
    assert feel("string length(t)", t=text) == len(text)


@given(st.text("ab", max_size=12), st.text("ab", min_size=1, max_size=3))
def test_a_string_is_what_stands_before_between_and_after(text: str, part: str) -> None:
    result = feel("substring before(t, p) + p + substring after(t, p)", t=text, p=part)
    assert result == (text if part in text else part)
    assert feel("string join(split(t, p), p)", t=text, p=part) == text


@given(st.integers(-20, 20), st.integers(-20, 20), st.integers(-20, 20))
def test_between_membership_and_comparison_agree(x: int, a: int, b: int) -> None:
    context = {"x": x, "a": min(a, b), "b": max(a, b)}
    expected = min(a, b) <= x <= max(a, b)
    for text in ("x between a and b", "x in [a..b]", "x >= a and x <= b",
                 "includes([a..b], x)", "during(x, [a..b])"):  # fmt: skip
        assert feel(text, **context) is expected

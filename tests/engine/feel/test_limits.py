"""Safe against its author: bombs end with a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import LiandongError
from engine.feel import FeelLimitExceeded, Function, describe, encode, prepare
from engine.feel.functions.patterns import guarded
from engine.feel.limits import Run
from tests.engine.feel.bombs import GRAMMAR_WORDS, HARMLESS, LIMITED, SHARED
from tests.engine.feel.language import feel


@pytest.mark.parametrize("bomb", LIMITED, ids=lambda text: text[:60])
def test_a_bomb_ends_at_a_limit_that_can_be_told(bomb: str) -> None:
    with pytest.raises(FeelLimitExceeded) as caught:
        feel(bomb)
    assert "上限" in describe(caught.value)
    assert "limit" in describe(caught.value, "en") or "most" in describe(caught.value, "en")


@pytest.mark.parametrize("text", HARMLESS, ids=lambda text: text[:60])
def test_a_large_but_honest_expression_has_a_value(text: str) -> None:
    feel(text)


def test_a_small_value_that_is_a_huge_text_is_not_stored() -> None:
    value = feel(SHARED)
    with pytest.raises(FeelLimitExceeded):
        encode(value)


def test_what_one_evaluation_spends_is_not_missing_in_the_next() -> None:
    expression = prepare("count(for i in 1..20000 return i)")
    assert [expression.evaluate({}) for _ in range(10)] == [20_000] * 10


def test_a_function_kept_from_one_evaluation_runs_on_the_budget_of_its_caller() -> None:
    kept = feel("{f: function(n) count(for i in 1..n return i)}.f")
    for _ in range(5):
        assert feel("f(20000)", f=kept) == 20_000


def test_a_context_is_no_way_to_python() -> None:
    class Host:
        secret = "open"

    with pytest.raises(LiandongError):
        prepare("host.secret").evaluate({"host": Host()})
    assert feel("s.__class__", s="text") is None
    assert feel("d.__len__", d={"a": 1}) is None
    assert feel("f.call", f=Function("f", (), dict)) is None


WORDS = st.sampled_from(GRAMMAR_WORDS)


@settings(max_examples=400)
@given(st.one_of(st.lists(WORDS, max_size=25).map(" ".join), st.text(max_size=60)))
def test_any_text_is_a_value_or_a_domain_error(text: str) -> None:
    for dialect in ("feel", "unary", "juel", "template"):
        try:
            prepare(text, dialect=dialect).explain({"x": [1, 2], "y": {"a": "b"}}, input=1)
        except LiandongError as error:
            assert describe(error)
            assert describe(error, "en")


def test_a_search_that_was_kept_waiting_by_others_begins_anew() -> None:
    """The clock of `regex` runs on while other threads work: that is not the expression's cost."""
    answers = iter([TimeoutError(), "found"])

    def search(*, timeout: float) -> str:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert guarded(Run(None, None, None), search) == "found"


def test_a_search_that_never_finds_time_ends() -> None:
    def search(*, timeout: float) -> str:
        raise TimeoutError

    with pytest.raises(FeelLimitExceeded):
        guarded(Run(None, None, None), search)

"""Values as JSON and back: nothing changes its kind."""

from __future__ import annotations

import json
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Refusal
from engine.feel import (
    Date,
    DateTime,
    DaysTime,
    Function,
    Range,
    Time,
    YearsMonths,
    decode,
    encode,
    from_python,
)
from engine.feel.numbers import CONTEXT
from engine.feel.temporal.durations import DAY, NANOSECONDS

KEYS = st.one_of(st.sampled_from(["n", "c", "d", "r", "t", "dt", "ymd", ""]), st.text(max_size=5))
DATES = st.integers(-300_000_000_000, 300_000_000_000).map(Date.numbered)
OFFSETS = st.one_of(st.none(), st.integers(-840, 840).map(lambda minutes: minutes * 60))
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False).map(CONTEXT.plus)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    NUMBERS,
    DATES,
    st.builds(Time, st.integers(0, DAY - 1), OFFSETS),
    st.builds(DateTime, DATES, st.integers(0, DAY - 1), OFFSETS),
    st.builds(
        DateTime, st.just(Date(2026, 7, 1)), st.integers(0, DAY - 1), st.none(),
        st.sampled_from(["Asia/Shanghai", "Europe/Paris"]),
    ),
    st.integers(-NANOSECONDS, NANOSECONDS).map(DaysTime),
    st.integers(-(10**9), 10**9).map(YearsMonths),
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=12,
)


def shown(value: Any) -> Any:
    """Everything of a value that must survive: kinds, digits, order of keys, zones."""
    if isinstance(value, list):
        return [shown(item) for item in value]
    if isinstance(value, dict):
        return [(key, shown(item)) for key, item in value.items()]
    return (type(value).__name__, str(value))


@given(VALUES)
def test_a_value_written_as_json_returns_as_it_was(value: Any) -> None:
    assert shown(decode(json.loads(json.dumps(encode(value))))) == shown(value)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4))
def test_numbers_never_pass_through_binary_floating_point(number: Decimal) -> None:
    assert not any(isinstance(part, float) for part in encode(number).values())


def test_a_range_keeps_its_ends_and_its_operator() -> None:
    for value in (Range(Decimal(1), Decimal(2), True, False), Range(None, "a", False, True, "<=")):
        back = decode(encode(value))
        assert (back.start, back.end, back.start_included, back.end_included, back.operator) == (
            value.start, value.end, value.start_included, value.end_included, value.operator,
        )  # fmt: skip


def test_python_values_are_taken_as_feel_takes_them() -> None:
    assert encode({"n": 1, "f": 0.1}) == {"c": {"n": {"n": "1"}, "f": {"n": "0.1"}}}
    assert from_python((1, True)) == [Decimal(1), True]


def test_members_of_enumerations_are_their_plain_values() -> None:
    class Colour(StrEnum):
        RED = "red"

    class Level(IntEnum):
        HIGH = 3

    assert shown(from_python([Colour.RED, Level.HIGH])) == shown(["red", Decimal(3)])


@pytest.mark.parametrize(
    "data", [{}, {"n": "x"}, {"n": "NaN"}, {"d": "2026-02-30"}, {"dtd": "P1M"}, {"z": 1}, 1.5,
             {"r": [1]}, {"n": "1", "d": "2026-01-01"}, {"c": []}],
)  # fmt: skip
def test_what_was_not_written_by_the_codec_is_refused(data: Any) -> None:
    with pytest.raises(Refusal):
        decode(data)


@pytest.mark.parametrize("value", [Function("f", (), dict), object(), {1: 2}, float("nan")])
def test_what_is_no_data_is_refused(value: Any) -> None:
    with pytest.raises(Refusal):
        encode(value)

"""The dialect's typed variables become FEEL values and come back as what they were."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Refusal
from engine.feel import decode, encode, from_python
from web.rest.typed import TypedMap, Upload, as_json, read_typed, typed

FEEL = st.recursive(
    st.none() | st.booleans() | st.text(max_size=20)
    | st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-10**12,
                  max_value=10**12).map(from_python),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(FEEL)
def test_values_without_dates_come_back_as_they_were(value: Any) -> None:
    assert read_typed("x", json.loads(dumped(typed(value)), parse_float=Decimal)) == value


def dumped(value: Any) -> str:
    import orjson

    return orjson.dumps(value, default=as_json).decode()


@pytest.mark.parametrize(
    "encoded", [{"d": "2026-11-20"}, {"t": "08:00:00"}, {"dtd": "P1DT2H"}, {"ymd": "P1Y"}]
)
def test_kinds_that_only_feel_has_travel_as_text_with_their_kind(encoded: Any) -> None:
    value = decode(encoded)
    shown = typed(value)
    assert shown["type"] == "String"
    assert encode(read_typed("x", shown)) == encoded


def test_a_date_is_an_instant_in_china() -> None:
    value = read_typed("x", {"type": "Date", "value": "2026-11-20T02:32:00.000+0000"})
    assert typed(value) == {
        "type": "Date", "value": "2026-11-20T10:32:00.000+0800", "valueInfo": {}
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given_", "kind"),
    [(1, "Integer"), (2**31, "Long"), (2**63, "Double"), (Decimal("1.50"), "Double"),
     (True, "Boolean"), ("a", "String"), (None, "Null"), ([1], "Json"), ({"a": 1}, "Json")],
)  # fmt: skip
def test_a_value_without_a_type_takes_that_of_its_json(given_: Any, kind: str) -> None:
    assert typed(read_typed("x", {"value": given_}))["type"] == kind


def test_numbers_are_exact_both_ways() -> None:
    value = read_typed("x", {"type": "Double", "value": Decimal("0.1000000000000000055")})
    assert value == Decimal("0.1000000000000000055")
    assert b'"value":0.1000000000000000055' in dumped(typed(value)).encode()


@pytest.mark.parametrize(
    "found",
    [{"type": "Object", "value": "{}"}, {"type": "Bytes", "value": ""}, {"type": 3, "value": 1},
     {"type": "Integer", "value": 2**31}, {"type": "Short", "value": 40_000},
     {"type": "Integer", "value": "1.5"}, {"type": "Integer", "value": True},
     {"type": "Long", "value": "x"}, {"type": "Double", "value": "NaN"},
     {"type": "Double", "value": "1e99999"}, {"type": "Boolean", "value": 1},
     {"type": "Date", "value": "2026-11-20"}, {"type": "Date", "value": 5},
     {"type": "Json", "value": "{"}, {"type": "Json", "value": "[1e999999999]"},
     {"type": "Null", "value": 1}, {"type": "String", "value": 1},
     {"type": "File", "value": "%%%"}, {"type": "String", "value": "x", "valueInfo": 3},
     {"type": "String", "value": "x", "valueInfo": {"feelType": "date"}}, "text", 7],
)  # fmt: skip
def test_what_is_no_such_value_is_refused_without_repeating_it(found: Any) -> None:
    with pytest.raises(Refusal) as refusal:
        TypedMap().read("variables", {"x": found})
    assert refusal.value.code in ("rest.value", "rest.variable_type")


def test_types_are_read_in_any_case_and_null_has_any_type() -> None:
    assert read_typed("x", {"type": "integer", "value": 3}) == 3
    assert read_typed("x", {"type": "Integer", "value": None}) is None


def test_a_file_keeps_its_name_and_kind() -> None:
    found = read_typed(
        "x",
        {"type": "File", "value": "aGVsbG8=",
         "valueInfo": {"filename": "a.txt", "mimeType": "text/plain"}},
    )  # fmt: skip
    assert found == Upload("a.txt", "text/plain", b"hello")

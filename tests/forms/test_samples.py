"""Samples fill forms in for scenarios; each of them passes its own form."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from engine.errors import Refusal
from forms.samples import computed, errors_of, load, merged

SAMPLE = """
_now: 2026-11-19T19:10:00+00:00
_scope: {agency: {court_code: 豫1321}}
org_name: 甲公司
uscc: 91350100M000100Y43
"""


def test_a_sample_has_values_and_what_its_conditions_stand_on():
    sample = load(SAMPLE)
    assert sample.values == {"org_name": "甲公司", "uscc": "91350100M000100Y43"}
    assert sample.scope == {"agency": {"court_code": "豫1321"}}
    assert sample.now.isoformat() == "2026-11-19T19:10:00+00:00"


def test_a_time_without_a_zone_is_read_off_a_wall_in_china():
    assert load("_now: 2026-11-20 03:10:00").now.isoformat() == "2026-11-20T03:10:00+08:00"


def test_a_sample_that_passes_has_no_errors(group_bench, adapter, now):
    form = group_bench("FG-ORG").form
    assert errors_of(adapter, form, load(SAMPLE), now) == []
    (error,) = errors_of(adapter, form, load("uscc: 91350100M000100Y43"), now)
    assert error.path == "org_name"


def test_a_scenario_names_only_what_differs():
    sample = {"a": 1, "section": {"b": 2, "c": 3}, "rows": [{"d": 4}]}
    changes = {"a": None, "section": {"c": 5}, "rows": [], "e": 6}
    assert merged(sample, changes) == {"section": {"b": 2, "c": 5}, "rows": [], "e": 6}
    assert sample["section"] == {"b": 2, "c": 3}


@pytest.mark.parametrize("content", ["a: [", "- a", "\tx"])
def test_a_broken_sample_is_named(content):
    with pytest.raises(Refusal) as caught:
        load(content)
    assert caught.value.code == "sample.broken"


def test_what_begins_with_an_equals_sign_is_feel_at_the_moment_of_filling(now):
    sample = load("a: '=now() - duration(\"PT10M\")'\nb: [{c: '=x + 1'}]\nd: 2026-03-02\ne: '2'")
    found = computed(sample.values, {"x": Decimal(1)}, now)
    assert datetime.fromisoformat(found["a"]) == now - timedelta(minutes=10)
    assert found["b"] == [{"c": 2}]
    assert (found["d"], found["e"]) == ("2026-03-02", "2")

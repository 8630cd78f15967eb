"""One conversion for pages and REST: strings and typed JSON come to the same values."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import Refusal

CHOICES = [{"label": "甲类", "value": "a"}, {"label": "乙类", "value": "b"}]


@pytest.fixture
def every_kind(bench, field):
    """A form with one field of every kind, none required."""
    return bench(
        field("textfield", "line"),
        field("textarea", "long"),
        field("number", "whole"),
        field("number", "money", decimalDigits=2),
        field("datetime", "day", subtype="date"),
        field("datetime", "moment", subtype="datetime"),
        field("datetime", "clock", subtype="time"),
        field("select", "one", values=CHOICES),
        field("radio", "other", values=CHOICES),
        field("checklist", "some", values=CHOICES),
        field("checkbox", "tick"),
        field("filepicker", "files", multiple=True),
        field("dynamiclist", "rows", components=[field("textfield", "name")]),
    )


@pytest.mark.parametrize(
    ("key", "entered", "value"),
    [
        ("line", "  南召县\n城关镇 ", "南召县 城关镇"),
        ("long", " 一\r\n二 ", "一\n二"),
        ("long", "一\x00二\x0b三", "一二三"),
        ("whole", "３６", 36),
        ("whole", 36, 36),
        ("money", "1,000.5", Decimal("1000.50")),
        ("money", 1000.5, Decimal("1000.50")),
        ("money", "9999999999999999.99", Decimal("9999999999999999.99")),
        ("day", "2026年11月20日", date(2026, 11, 20)),
        ("day", "2026/1/2", date(2026, 1, 2)),
        ("clock", "03:10", None),
        ("one", "a", "a"),
        ("some", ["a", "b"], ["a", "b"]),
        ("some", "a", ["a"]),
        ("tick", "on", True),
        ("tick", True, True),
        ("tick", False, False),
        ("files", ["f1", "f2"], ["f1", "f2"]),
    ],
)
def test_typing_and_json_become_the_same_value(every_kind, key, entered, value):
    got = every_kind.accept({key: entered}).case_file[f"night_report.{key}"]
    if value is not None:
        assert (got, type(got)) == (value, type(value))


def test_a_time_without_a_zone_is_read_off_a_wall_in_china(every_kind):
    for typed in ("2026-11-20T03:10", "2026-11-20 03:10", "2026-11-19T19:10:00Z"):
        accepted = every_kind.accept({"moment": typed})
        assert accepted.case_file["night_report.moment"] == datetime(
            2026, 11, 19, 19, 10, tzinfo=UTC
        )
        assert accepted.values["moment"] == "2026-11-20T03:10:00+08:00"


def test_what_a_submission_stores_is_json_with_exact_numbers(every_kind):
    values = every_kind.accept({"money": "0.10", "day": "2026-11-20", "tick": "on"}).values
    assert (values["money"], values["day"], values["tick"]) == ("0.10", "2026-11-20", True)


@pytest.mark.parametrize(
    ("key", "entered", "code"),
    [
        ("line", 3, "field.text"),
        ("line", "字" * 501, "field.too_long"),
        ("whole", "三", "field.number"),
        ("whole", "1.5", "field.integer"),
        ("whole", True, "field.number"),
        ("whole", "NaN", "field.number"),
        ("whole", "1e9", "field.number"),
        ("money", "1.005", "field.decimals"),
        ("money", "1" * 19, "field.number"),
        ("money", 10**18, "field.digits"),
        ("day", "2026-02-30", "field.date"),
        ("day", "明天", "field.date"),
        ("moment", "2026-11-20", "field.datetime"),
        ("moment", "昨天三点", "field.datetime"),
        ("clock", "25:00", "field.time"),
        ("one", "c", "field.not_offered"),
        ("some", ["a", "c"], "field.not_offered"),
        ("some", ["a", "a"], "field.chosen_twice"),
        ("tick", "maybe", "field.flag"),
        ("line", ["a", "b"], "field.several"),
        ("line", {"a": 1}, "field.scalar"),
        ("rows", "a", "field.list"),
        ("rows", [1], "field.object"),
        ("rows", [{"nobody": 1}], "field.unknown"),
        ("nobody", 1, "field.unknown"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(every_kind, key, entered, code):
    (error,) = every_kind.refuse({key: entered})
    assert error.code == code
    assert error.path.startswith(key)
    assert error.params["label"]


def test_errors_never_repeat_what_was_entered(every_kind):
    secret = "411321180001010005"
    for key in ("whole", "day", "moment", "one"):
        (error,) = every_kind.refuse({key: secret + "甲"})
        assert secret not in repr(error)


def test_a_question_of_yes_or_no_is_a_flag(bench, field):
    yes_no = [{"label": "是", "value": "true"}, {"label": "否", "value": "false"}]
    answer = field(
        "radio", "force", values=yes_no, validate={"required": True}, properties={"boolean": "true"}
    )
    form = bench(answer)
    assert form.accept({"force": "false"}).values == {"force": False}
    assert form.accept({"force": True}).values == {"force": True}
    assert form.codes({}) == [("force", "required.choose")]


def test_limits_of_the_form_are_kept(bench, field):
    form = bench(
        field("number", "days", validate={"min": 1, "max": 15}),
        field("textarea", "reason", validate={"minLength": 10}),
        field(
            "textfield",
            "code",
            validate={"pattern": "^[A-Z]{2}$", "patternErrorMessage": "两个大写字母"},
        ),
        field("checklist", "kinds", values=CHOICES, properties={"max_count": "1"}),
        field("filepicker", "photos", multiple=True, properties={"min_count": "6"}),
        field("filepicker", "single"),
    )
    assert form.codes({"days": 16, "reason": "短", "code": "a", "kinds": ["a", "b"],
                       "photos": ["1"], "single": ["1", "2"]}) == [
        ("days", "field.too_large"), ("reason", "field.too_short"), ("code", "field.pattern"),
        ("kinds", "field.too_many"), ("photos", "field.too_few"), ("single", "field.too_many"),
    ]  # fmt: skip


def test_a_pattern_that_explodes_is_stopped(bench, field):
    form = bench(field("textfield", "code", validate={"pattern": "^(a+)+$"}))
    assert form.codes({"code": "a" * 40 + "!"}) == [("code", "field.pattern")]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
KEYS = st.sampled_from(
    [
        "line",
        "long",
        "whole",
        "money",
        "day",
        "moment",
        "clock",
        "one",
        "some",
        "tick",
        "files",
        "rows",
    ]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.dictionaries(KEYS | st.text(max_size=6), JSON, max_size=4))
def test_whatever_is_entered_the_answer_is_values_or_field_errors(every_kind, values):
    try:
        accepted = every_kind.accept(values)
    except Refusal as refusal:
        assert refusal.code == "form.invalid"
        assert refusal.params["errors"]
    else:
        again = every_kind.accept(accepted.values)
        assert again.case_file == accepted.case_file

"""Deployment checks a form: every fault names file, line, component and what was expected."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Refusal
from forms.adapter import FormsAdapter
from web.messages import catalogue


def codes(complaints):
    return [complaint.code for complaint in complaints]


def test_every_field_group_of_the_project_is_in_order(adapter, groups):
    assert len(groups) == 9
    for name, content in groups.items():
        assert adapter.check(name, content, groups) == []


def test_a_fault_names_file_line_component_and_what_was_expected(adapter):
    text = """{"id": "found", "schemaVersion": 19,
 "components": [
  {"type": "textfield", "id": "f1", "key": "place", "label": "发现地点",
   "properties": {"validator": "V-PLACE"}}
 ]}"""
    (complaint,) = adapter.check("found.form", text.encode(), {})
    assert (complaint.file, complaint.line) == ("found.form", 3)
    assert (complaint.element_id, complaint.element_name) == ("f1", "发现地点")
    assert complaint.code == "form.validator_unknown"
    assert complaint.params["found"] == "V-PLACE"
    assert "V-RIC" in complaint.params["expected"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{", "form.not_json"),
        (b"[]", "form.not_object"),
        (b'{"id": "x", "schemaVersion": 20, "components": []}', "form.version"),
        (b'{"id": "x", "components": [' + b" " * 600_000 + b"]}", "form.too_large"),
        (b'{"id": "x", "components": ' + b"[" * 900 + b"]" * 900 + b"}", "form.too_deep"),
        (b'{"id": "x", "components": ' + b"[" * 9000 + b"]" * 9000 + b"}", "form.not_json"),
        (b'{"id": "x", "text": "' + b"a" * 20_000 + b'"}', "form.text_too_long"),
    ],
)
def test_what_is_no_form_or_a_bomb_is_refused_before_it_is_walked(adapter, content, code):
    assert codes(adapter.check("x.form", content, {})) == [code]
    with pytest.raises(Refusal) as caught:
        adapter.expand(content, {})
    assert caught.value.code == "form.broken"


def test_too_many_components_are_refused_once(adapter, form_bytes, field):
    many = [field("textfield", f"k{n}") for n in range(500)]
    found = codes(adapter.check("night_report.form", form_bytes(*many), {}))
    assert found == ["form.too_many"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"type": "iframe"}, "form.type"),
        ({"key": "row_id"}, "form.key"),
        ({"key": "Name"}, "form.key"),
        ({"key": "a.b"}, "form.key"),
        ({"id": ""}, "form.component_id"),
        ({"label": ""}, "form.label"),
        ({"description": 3}, "form.attribute"),
        ({"validate": {"minLength": "many"}}, "form.attribute"),
        ({"validate": {"pattern": "(["}}, "form.attribute"),
        ({"type": "number", "decimalDigits": 9}, "form.attribute"),
        ({"type": "number", "validate": {"min": "x"}}, "form.attribute"),
        ({"type": "select"}, "form.attribute"),
        ({"type": "select", "values": [{"value": "a"}, {"value": "a"}]}, "form.attribute"),
        ({"type": "select", "values": [{"value": "a"}], "defaultValue": "b"}, "form.attribute"),
        ({"type": "datetime", "subtype": "week"}, "form.attribute"),
        ({"type": "filepicker", "accept": ".exe"}, "form.attribute"),
        ({"properties": []}, "form.properties"),
        ({"properties": {"require_if": "true"}}, "form.property_unknown"),
        ({"properties": {"routing": True}}, "form.property_text"),
        ({"properties": {"boolean": "yes"}}, "form.property_flag"),
        ({"properties": {"min_count": "-1"}}, "form.property_count"),
        ({"properties": {"visible_if": "=a = "}}, "form.feel"),
        ({"conditional": {"hide": "=)"}}, "form.feel"),
        ({"properties": {"visible_if": "(" * 60 + "a" + ")" * 60}}, "form.feel_limit"),
        ({"properties": {"valid_if": "true"}}, "form.text_missing"),
        ({"properties": {"happened": "true"}}, "form.happened"),
        ({"properties": {"boolean": "true"}}, "form.boolean"),
        ({"properties": {"routing": "true", "validator": "V-RIC"}}, "form.routing_personal"),
        ({"type": "textarea", "properties": {"routing": "true"}}, "form.routing_personal"),
        ({"type": "number", "properties": {"validator": "V-RIC"}}, "form.validator_kind"),
        ({"properties": {"validator": "V-PAST"}}, "form.validator_kind"),
        ({"properties": {"include": "FG-PERSON"}}, "form.include_type"),
    ],
)
def test_each_kind_of_fault_has_its_code_and_sentence(adapter, form_bytes, field, change, code):
    component = {**field("textfield", "place"), **change}
    found = codes(adapter.check("night_report.form", form_bytes(component), {}))
    assert code in found
    assert code in catalogue("zh") and code in catalogue("en")


def test_the_file_is_called_after_the_form(adapter, form_bytes):
    (complaint,) = adapter.check("other.form", form_bytes(), {})
    assert complaint.code == "form.file_name"


def test_a_key_may_come_twice_only_on_different_levels(adapter, form_bytes, field):
    twice = form_bytes(field("textfield", "name"), field("textfield", "name"))
    assert codes(adapter.check("night_report.form", twice, {})) == ["form.key_twice"]
    inside = field("group", "", components=[field("textfield", "name")])
    flat = form_bytes(field("textfield", "name"), inside)
    assert codes(adapter.check("night_report.form", flat, {})) == ["form.key_twice"]
    deeper = field("group", "debtor", components=[field("textfield", "name")])
    assert (
        adapter.check("night_report.form", form_bytes(field("textfield", "name"), deeper), {}) == []
    )


def test_rows_do_not_hold_rows(adapter, form_bytes, field):
    inner = field("dynamiclist", "inner", components=[field("textfield", "name")])
    outer = field("dynamiclist", "outer", components=[inner])
    assert "form.rows_in_rows" in codes(adapter.check("night_report.form", form_bytes(outer), {}))


def test_distinct_names_a_field_of_the_rows(adapter, form_bytes, field):
    rows = field(
        "dynamiclist",
        "team",
        components=[field("textfield", "name")],
        properties={"distinct": "nmae"},
    )
    assert codes(adapter.check("night_report.form", form_bytes(rows), {})) == ["form.distinct"]


NAMES = st.sampled_from([
    "type", "id", "key", "path", "label", "components", "properties", "include", "validate",
    "conditional", "hide", "values", "decimalDigits", "subtype", "accept", "layout", "row",
    "columns", "appearance", "defaultValue", "required_if", "min_count", "FG-CASE.omit",
])  # fmt: skip
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=20,
)
COMPONENTS = st.fixed_dictionaries(
    {
        "type": st.sampled_from(
            ["textfield", "number", "group", "select", "dynamiclist", "datetime"]
        )
    },
    optional=dict.fromkeys(
        ["id", "key", "path", "label", "components", "properties", "validate", "values"],
        JSON_VALUES,
    ),
)


@given(st.lists(COMPONENTS, max_size=4))
def test_whatever_stands_in_a_form_checking_answers_with_complaints(components):
    content = json.dumps({"id": "odd", "components": components}).encode()
    for complaint in FormsAdapter().check("odd.form", content, {}):
        assert complaint.code in catalogue("zh")


@given(st.binary(max_size=200))
def test_whatever_bytes_come_checking_answers_with_complaints(content):
    assert FormsAdapter().check("odd.form", content, {"FG-X.form": content})

"""A draft gives back the typing word for word, readable or not."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from forms.drafts import CHARACTERS, capture, restore
from forms.rendering import form_view

TYPED = [
    ("claim_amount", "一千"),
    ("filed_on", "昨天"),
    ("claim_kind", "金钱给付"),
    ("applicants-0-name", "甲"),
    ("applicants-0-row_id", "0" * 32),
]


def test_controls_of_the_page_are_not_part_of_a_draft():
    flat = MultiDict([*TYPED, ("csrf_token", "t"), ("_refresh", "1")])
    assert capture(flat) == [list(pair) for pair in TYPED]


def test_what_cannot_be_read_comes_back_as_it_was_typed(group_bench):
    form = group_bench("FG-CASE")
    flat = restore(form.schema, capture(MultiDict(TYPED)))
    opened = form.open(list(flat.items(multi=True)))
    assert opened.form["claim_amount"].text() == "一千"
    assert opened.form["filed_on"].text() == "昨天"
    assert not opened.errors


def test_a_field_that_a_new_version_of_the_form_lacks_is_left_out(group_bench):
    form = group_bench("FG-ORG")
    assert list(restore(form.schema, [["gone", "x"], ["org_name", "甲"]])) == ["org_name"]


def test_a_draft_has_an_end():
    endless = MultiDict([("a", "x" * CHARACTERS), ("b", "y")])
    assert capture(endless) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40), st.text(max_size=40))
def test_a_re_rendering_keeps_any_typing(group_bench, date, amount):
    form = group_bench("FG-CASE")
    opened = form.open([("filed_on", date), ("claim_amount", amount), ("claim_kind", "金钱给付")])
    opened.validate()
    view = form_view(opened, lambda code, params: code)
    shown = {field.name: field.text for field in _fields(view.blocks)}
    assert (shown["filed_on"], shown["claim_amount"]) == (date, amount)


def _fields(blocks):
    for block in blocks:
        if block.block == "line":
            yield from block.fields
        elif block.block == "section":
            yield from _fields(block.blocks)

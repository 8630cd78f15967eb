"""Repeating groups: rows come and go by submit buttons and keep the ids that the server gave."""

from __future__ import annotations

import re

import pytest
from werkzeug.datastructures import MultiDict

from forms.entering import pressed

ROW = "0" * 32


@pytest.fixture
def team(bench, field):
    name = field("textfield", "name", validate={"required": True})
    post = field("textfield", "post", properties={"routing": "true"})
    rows = field(
        "dynamiclist",
        "team",
        components=[name, post],
        properties={"min_count": "2", "max_count": "3", "distinct": "name"},
    )
    return bench(rows)


def test_blank_rows_do_not_count(team):
    two = [{"name": "甲"}, {"name": " "}, {"name": "乙"}]
    assert [row["name"] for row in team.accept({"team": two}).values["team"]] == ["甲", "乙"]
    assert team.codes({"team": two[:2]}) == [("team", "rows.too_few")]


def test_too_many_rows_and_same_rows_are_refused(team):
    assert team.codes({"team": [{"name": x} for x in "甲乙丙丁"]}) == [("team", "rows.too_many")]
    assert team.codes({"team": [{"name": "甲"}, {"name": "甲"}]}) == [("team", "rows.same")]


def test_an_error_names_its_row(team):
    wrong = [{"name": "甲"}, {"post": "P"}, {"name": "乙"}]
    assert team.codes({"team": wrong}) == [("team.1.name", "required.write")]


def test_each_row_has_an_id_of_the_server_s_making_and_keeps_it(team):
    rows = [{"row_id": ROW, "name": "甲"}, {"name": "乙"}]
    first, second = team.accept({"team": rows}).values["team"]
    assert first["row_id"] == ROW
    assert re.fullmatch("[0-9a-f]{32}", second["row_id"])


@pytest.mark.parametrize("forged", ["", "x", "../etc", "A" * 32])
def test_an_id_that_is_not_ours_is_replaced(team, forged):
    rows = [{"row_id": forged, "name": "甲"}, {"row_id": forged, "name": "乙"}]
    ids = [row["row_id"] for row in team.accept({"team": rows}).values["team"]]
    assert forged not in ids and len(set(ids)) == 2


def test_the_variable_of_rows_holds_ids_and_routing_fields_only(team):
    rows = [{"row_id": ROW, "name": "甲", "post": "P1"}, {"name": "乙", "post": "P2"}]
    variable = team.accept({"team": rows}).routing["team"]
    assert variable[0] == {"row_id": ROW, "post": "P1"}
    assert set(variable[1]) == {"row_id", "post"}
    assert team.adapter.variables(team.form) == {"team"}


def test_a_new_form_shows_as_many_blank_rows_as_are_needed(team):
    assert len(team.open().form["team"].entries) == 2


def test_the_add_button_adds_a_row_and_keeps_the_typing(team):
    typed = MultiDict([("team-0-name", "甲"), ("team-0-row_id", ROW), ("_add", "team")])
    opened = team.open(list(pressed(team.schema, typed).items(multi=True)))
    names = [row.form["name"].text() for row in opened.form["team"].entries]
    assert names == ["甲", ""]
    assert opened.form["team"].entries[0].row_id == ROW


def test_the_remove_button_takes_that_row_away(team):
    typed = MultiDict(
        [
            ("team-0-name", "甲"),
            ("team-1-name", "乙"),
            ("team-10-name", "丙"),
            ("_remove", "team-1"),
        ]
    )
    opened = team.open(list(pressed(team.schema, typed).items(multi=True)))
    assert [row.form["name"].text() for row in opened.form["team"].entries] == ["甲", "丙"]


@pytest.mark.parametrize("index", ["²", "٣", "1" * 5000, "-1", "x"])
def test_a_row_number_that_is_none_is_refused(team, index):
    opened = team.open([(f"team-{index}-name", "甲")])
    assert not opened.validate()
    assert "field.unknown" in [error.code for error in opened.errors]


@pytest.mark.parametrize("name", ["nobody", "team-0-name", "team-x", "", "__class__"])
def test_a_forged_button_does_nothing(team, name):
    typed = MultiDict([("team-0-name", "甲"), ("_add", name)])
    assert set(pressed(team.schema, typed)) == {"team-0-name", "_add"}


def test_row_numbers_out_of_the_blue_do_no_harm(team):
    typed = [("team-999999999-name", "甲"), ("team-7-name", "乙")]
    opened = team.open(typed)
    assert opened.validate()
    assert [row["name"] for row in opened.validated().values["team"]] == ["乙", "甲"]


def test_conditions_in_a_row_see_the_row_first_and_then_the_form(bench, field):
    rows = field(
        "dynamiclist",
        "items",
        components=[
            field("textfield", "name"),
            field("textfield", "note", properties={"required_if": 'name = "刀" and strict'}),
        ],
    )
    form = bench(field("checkbox", "strict"), rows)
    knives = {"items": [{"name": "伞"}, {"name": "刀"}]}
    assert form.accept(knives)
    assert form.codes({**knives, "strict": True}) == [("items.1.note", "required.write")]

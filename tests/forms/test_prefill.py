"""What stands in a form when it is opened, and what nobody can change."""

from __future__ import annotations

from datetime import UTC, date, datetime

from engine.feel import from_python
from forms.prefill import initial, scope_of

AGENCY = {"id": "court", "name": "某某县人民法院", "court_code": "豫1321"}
ACTOR = {"id": "p1", "name": "某甲", "phone": "13000000000"}


def scope(case_file=None, **variables):
    return scope_of(variables=variables, case_file=case_file or {}, agency=AGENCY, actor=ACTOR)


def test_the_case_file_comes_first_then_from_then_default_then_the_fixed_value(bench, field, now):
    form = bench(
        field("textfield", "place", defaultValue="固定",
              properties={"from": "found.place", "default": '"算出的"'}))  # fmt: skip
    own, other = "night_report.place", "found.place"
    assert initial(form.schema, scope({own: "自己的", other: "别处的"}), now) == {"place": "自己的"}
    assert initial(form.schema, scope({other: "别处的"}), now) == {"place": "别处的"}
    assert initial(form.schema, scope(), now) == {"place": "算出的"}


def test_what_is_judged_afresh_does_not_begin_with_the_last_answer(bench, field, now):
    form = bench(
        field("textfield", "opinion", properties={"fresh": "true",
                                                  "default": '"请填写"'}))  # fmt: skip
    kept = {"night_report.opinion": "退回修改"}
    assert initial(form.schema, scope(kept), now) == {"opinion": "请填写"}


def test_a_value_that_does_not_fit_is_left_out(bench, field, now):
    form = bench(field("number", "days", properties={"default": '"许多"'}))
    assert initial(form.schema, scope(), now) == {}


def test_sections_and_rows_are_prefilled_with_their_row_ids(bench, field, now):
    rows = field("dynamiclist", "team", components=[field("textfield", "name")])
    form = bench(
        field("group", "inner", components=[field("datetime", "day", subtype="date")]), rows
    )
    kept = {
        "night_report.inner.day": "2026-11-20",
        "night_report.team": [{"row_id": "0" * 32, "name": "甲"}],
    }
    assert initial(form.schema, scope(kept), now) == {
        "inner": {"day": date(2026, 11, 20)},
        "team": [{"row_id": "0" * 32, "name": "甲"}],
    }
    opened = form.open(scope=scope(kept))
    assert opened.form["inner"].form["day"].text() == "2026-11-20"
    assert opened.form["team"].entries[0].row_id == "0" * 32


def test_dates_that_the_case_file_keeps_as_feel_values_are_prefilled(bench, field, now):
    rows = field("dynamiclist", "summons", components=[field("datetime", "at", subtype="datetime")])
    form = bench(field("datetime", "day", subtype="date"), rows)
    at = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
    kept = {
        "night_report.day": from_python(date(2026, 11, 20)),
        "night_report.summons": [{"row_id": "0" * 32, "at": from_python(at)}],
    }
    found = initial(form.schema, scope(kept), now)
    assert (found["day"], found["summons"][0]["at"]) == (date(2026, 11, 20), at)


def test_rows_start_with_their_default_and_empty_ones_up_to_the_usual_number(bench, field, now):
    team = field("dynamiclist", "team", components=[field("textfield", "name")],
                 defaultRepetitions=2, properties={"default": "=[{name: actor.name}]"})  # fmt: skip
    form = bench(team)
    rows = initial(form.schema, scope(), now)["team"]
    assert [row["name"] for row in rows] == ["某甲", None]
    kept = {"night_report.team": [{"row_id": "0" * 32, "name": "乙"}]}
    assert [row["name"] for row in initial(form.schema, scope(kept), now)["team"]] == ["乙"]


def test_the_handler_is_who_opens_the_form(group_bench, now):
    form = group_bench("FG-HANDLER")
    assert initial(form.schema, scope(), now) == {
        "handler_name": "某甲",
        "handler_phone": "13000000000",
    }


def test_a_read_only_field_holds_what_the_server_knows(group_bench):
    form = group_bench("FG-CASE")
    typed = [("court_code", "豫9999"), ("court_name", "别的法院")]
    opened = form.open(typed, scope())
    assert opened.form["court_code"].data == "豫1321"
    assert opened.form["court_code"].text() == "豫1321"


def test_where_the_server_knows_nothing_a_read_only_field_is_filled_in(bench, field):
    form = bench(field("textfield", "court", readonly=True, validate={"required": True}))
    assert form.codes({}) == [("court", "required.write")]
    assert form.accept({"court": "某某县人民法院"})


def test_read_only_rows_can_be_answered_but_not_added_or_swapped(bench, field):
    rows = field(
        "dynamiclist",
        "targets",
        allowAddRemove=False,
        components=[field("textfield", "number", readonly=True), field("checkbox", "lift")],
    )
    form = bench(rows)
    one, two = "1" * 32, "2" * 32
    kept = {
        "night_report.targets": [
            {"row_id": one, "number": "PER-1"},
            {"row_id": two, "number": "PER-2"},
        ]
    }
    sent = [
        {"row_id": one, "number": "PER-9", "lift": True},
        {"row_id": "3" * 32, "number": "PER-3", "lift": True},
    ]
    targets = form.accept({"targets": sent}, scope(kept)).values["targets"]
    assert [(row["number"], row["lift"]) for row in targets] == [("PER-1", True), ("PER-2", False)]


def test_scope_has_case_file_values_by_field_key_beside_the_variables():
    names = scope({"A.place": "旧", "B.place": "新", "A.kind": "x"}, controlled_at=1)
    assert (names["place"], names["kind"], names["controlled_at"]) == ("新", "x", 1)
    assert names["agency"] == AGENCY


def test_options_may_come_from_a_list_in_scope(bench, field):
    form = bench(field("select", "unit", valuesKey="units", properties={"routing": "true"}))
    units = {"units": [{"value": "u1", "label": "城关派出所"}]}
    assert form.accept({"unit": "u1"}, units).routing == {"unit": "u1"}
    assert form.codes({"unit": "u2"}, units) == [("unit", "field.not_offered")]
    assert form.codes({"unit": "u1"}) == [("unit", "field.not_offered")]
    assert form.adapter.lists(form.form) == {"units"}


def test_options_may_be_computed(bench, field):
    form = bench(
        field("checkbox", "court"),
        field("select", "kind", valuesExpression='=if court then ["拘传", "拘留"] else ["拘传"]'),
    )
    assert form.codes({"kind": "拘留"}) == [("kind", "field.not_offered")]
    assert form.accept({"kind": "拘留", "court": True})


def test_what_an_answer_brings_to_light_starts_with_its_default(bench, field, now):
    shown = {"visible_if": "=held = true"}
    form = bench(
        field("checkbox", "held"),
        field("textfield", "place"),
        field("datetime", "at", subtype="datetime", properties={**shown, "default": "=now()"}),
        field("textfield", "where", properties={**shown, "default": "=place"}),
        field("dynamiclist", "team", components=[field("textfield", "name")],
              properties={**shown, "default": "=[{name: actor.name}]"}),
    )  # fmt: skip
    opened = form.open([("held", "true"), ("place", "客运站")], scope())
    assert opened.form["at"].text() == ""
    opened.start_new()
    assert opened.form["at"].text() == "2026-11-20T03:10"
    assert opened.form["where"].text() == "客运站"
    assert [row.form["name"].text() for row in opened.form["team"].entries] == ["某甲"]


def test_what_was_shown_and_emptied_stays_empty(bench, field):
    form = bench(
        field("textfield", "place", properties={"default": '="客运站"'}),
        field("dynamiclist", "team", components=[field("textfield", "name")],
              properties={"default": "=[{name: actor.name}]"}),
    )  # fmt: skip
    opened = form.open([("place", ""), ("team-0-row_id", "0" * 32), ("team-0-name", "")], scope())
    opened.start_new()
    assert opened.form["place"].text() == ""
    assert [row.form["name"].text() for row in opened.form["team"].entries] == [""]
    assert form.open(None, scope()).start_new() is None

"""Fields that come and go, are needed now and then, and agree with one another."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from werkzeug.datastructures import MultiDict


@pytest.fixture
def measure(bench, field):
    """Detention days are asked for a detention only; their reason when there are more than ten."""
    choices = [{"label": x, "value": x} for x in ("仅查找", "拘传", "拘留")]
    return bench(
        field("select", "measure", values=choices),
        field(
            "number",
            "days",
            properties={"visible_if": '=measure = "拘留"', "required_if": '=measure = "拘留"'},
        ),
        field(
            "textarea", "why", properties={"visible_if": "days > 10", "required_if": "days > 10"}
        ),
    )


def test_a_hidden_field_is_neither_asked_nor_kept(measure):
    accepted = measure.accept({"measure": "拘传", "days": "12", "why": "旧的理由"})
    assert accepted.values == {"measure": "拘传"}
    assert accepted.case_file["night_report.days"] is None


def test_a_hidden_field_is_not_even_read(measure):
    assert measure.accept({"measure": "拘传", "days": "十二天"})


def test_a_field_is_required_while_its_condition_is_true(measure):
    assert measure.codes({"measure": "拘留"}) == [("days", "required.write")]
    assert measure.accept({"measure": "拘留", "days": 5})


def test_what_depends_on_a_hidden_field_is_hidden_too(measure):
    assert measure.codes({"measure": "拘留", "days": 12}) == [("why", "required.write")]
    assert "why" not in measure.accept({"measure": "拘传", "days": 12}).values


def test_form_js_hide_conditions_work_as_well(bench, field):
    form = bench(
        field("checkbox", "urgent"),
        field(
            "textfield", "why", conditional={"hide": "=urgent != true"}, validate={"required": True}
        ),
    )
    assert form.accept({})
    assert form.codes({"urgent": True}) == [("why", "required.write")]


def test_a_hidden_section_hides_its_fields(bench, field):
    name = field("textfield", "name", validate={"required": True})
    known = {"visible_if": "known"}
    inside = field("group", "", components=[name], properties=known)
    deeper = field("group", "org", components=[name], properties=known)
    form = bench(field("checkbox", "known"), inside, deeper)
    assert form.accept({}).values == {"known": False}
    assert form.codes({"known": True}) == [
        ("name", "required.write"),
        ("org.name", "required.write"),
    ]


def test_conditions_that_chase_one_another_come_to_an_end(bench, field):
    form = bench(
        field("textfield", "a", properties={"visible_if": "b = null"}),
        field("textfield", "b", properties={"visible_if": "a = null"}),
    )
    assert form.accept({"a": "1", "b": "2"})


@pytest.fixture
def handover(group_bench):
    return group_bench("FG-HANDOVER-PERSON")


SIGNERS = [{"name": "甲某"}, {"name": "乙某"}]
COMPLETE = {
    "handover_at": "2026-11-20T03:00",
    "handover_place": "城关派出所",
    "identity_checked": True,
    "instrument_shown": True,
    "health_state": "未见异常",
    "belongings_none": True,
    "police_signers": SIGNERS,
    "court_signers": SIGNERS,
    "person_signature": "已签名",
}


def test_a_handover_is_not_before_the_control(handover):
    controlled = {"controlled_at": datetime(2026, 11, 19, 19, 5, tzinfo=UTC)}
    (error,) = handover.refuse(COMPLETE, controlled)
    assert (error.path, error.code) == ("handover_at", "field.rule")
    assert error.params["text"] == "交接时间应不早于控制时间，请核对。"
    earlier = {"controlled_at": datetime(2026, 11, 19, 18, 5, tzinfo=UTC)}
    assert handover.accept(COMPLETE, earlier)


def test_a_rule_without_its_other_side_blocks_nothing(handover):
    accepted = handover.accept(COMPLETE)
    assert accepted.happened_at == datetime(2026, 11, 19, 19, 0, tzinfo=UTC)


def test_own_values_come_before_those_in_scope(bench, field):
    form = bench(field("number", "a"), field("textfield", "b", properties={"required_if": "a = 2"}))
    assert form.accept({"a": 1}, {"a": 2})
    assert form.codes({"a": 2}, {"a": 1}) == [("b", "required.write")]


def test_a_warning_lets_the_values_pass(group_bench):
    form = group_bench("FG-VEHICLE")
    accepted = form.accept({"owner_name": "甲某", "vin": "1M8GDM9A1KP042788"})
    assert [(w.path, w.code) for w in accepted.warnings] == [("vin", "vin.check")]


def test_warnings_are_confirmed_by_sending_them_back(group_bench):
    form = group_bench("FG-VEHICLE")
    typed = [("owner_name", "甲某"), ("vin", "1M8GDM9A1KP042788")]
    first = form.open(typed)
    assert first.validate()
    assert first.must_confirm(MultiDict(typed))
    confirmed = [*typed, ("_seen", first.warnings_seal())]
    second = form.open(confirmed)
    assert second.validate()
    assert not second.must_confirm(MultiDict(confirmed))

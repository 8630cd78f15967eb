"""A case file to be read: the story in its order, every value once, identities masked."""

from __future__ import annotations

from datetime import date

from engine.feel import from_python
from forms.case_file import folded


def test_a_value_stands_once_under_the_form_that_asked_first(bench, field):
    later = bench(field("textfield", "opinion"), field("textfield", "place"))
    first = bench(field("textfield", "place"), field("datetime", "day", subtype="date"))
    case_file = {
        "night_report.place": "客运站",
        "night_report.day": from_python(date(2026, 11, 20)),
        "night_report.opinion": "同意",
    }
    found = folded([("登记", first.schema), ("审核", later.schema)], case_file)
    assert [group.label for group in found] == ["登记", "审核"]
    assert [one.label for one in found[1].blocks] == ["项目opinion"]
    assert [(one.label, one.text) for one in found[0].blocks] == [
        ("项目place", "客运站"),
        ("项目day", "2026-11-20"),
    ]


def test_forms_stand_in_the_order_of_their_first_answers(bench, field):
    one, other = bench(field("textfield", "a")), bench(field("textfield", "b"))
    case_file = {"night_report.b": "先", "night_report.a": "后"}
    found = folded([("甲", one.schema), ("乙", other.schema)], case_file)
    assert [group.label for group in found] == ["乙", "甲"]


def test_empty_answers_and_forms_are_left_out_and_identities_are_masked(group_bench):
    form = group_bench("FG-PERSON")
    case_file = {"FG-PERSON.doc_no": "411321180001010005", "FG-PERSON.former_names": []}
    [group] = folded([("登记", form.schema)], case_file)
    assert [answer.text for answer in group.blocks] == ["411321********0005"]
    assert folded([("登记", form.schema)], {}) == ()


def test_units_stand_under_their_names(bench, field):
    form = bench(field("select", "unit", valuesKey="units"))
    known = {"police-station-1": "城关派出所"}
    [group] = folded(
        [("分派", form.schema)], {"night_report.unit": "police-station-1"}, names=lambda ids: known
    )
    assert group.blocks[0].text == "城关派出所"

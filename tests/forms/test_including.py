"""Field groups are written once and changed where they are included."""

from __future__ import annotations

import orjson
import pytest


def include(field, group, key="", **properties):
    return field("group", key, components=[], properties={"include": group, **properties})


def test_an_included_group_keeps_its_case_file_keys(bench, field):
    form = bench(include(field, "FG-HANDLER"), field("textfield", "measure"))
    values = {"handler_name": "某甲", "handler_cert_no": "A1234", "handler_phone": "13000000000"}
    accepted = form.accept({**values, "measure": "拘传"})
    assert accepted.case_file == {
        "FG-HANDLER.handler_name": "某甲",
        "FG-HANDLER.handler_cert_no": "A1234",
        "FG-HANDLER.handler_phone": "13000000000",
        "night_report.measure": "拘传",
    }


def test_a_group_included_twice_lies_under_the_path_of_its_section(bench, field):
    form = bench(include(field, "FG-ORG", "debtor"), include(field, "FG-ORG", "owner"))
    accepted = form.accept({"debtor": {"org_name": "甲公司"}, "owner": {"org_name": "乙公司"}})
    assert accepted.case_file["FG-ORG.debtor.org_name"] == "甲公司"
    assert accepted.case_file["FG-ORG.owner.org_name"] == "乙公司"


def test_rows_may_hold_an_included_group(bench, field):
    rows = field("dynamiclist", "orgs", components=[include(field, "FG-ORG")])
    form = bench(rows)
    accepted = form.accept({"orgs": [{"org_name": "甲公司"}, {"org_name": "乙公司"}]})
    assert [row["org_name"] for row in accepted.values["orgs"]] == ["甲公司", "乙公司"]
    assert list(accepted.case_file) == ["night_report.orgs"]


def test_the_including_form_changes_single_fields(bench, field):
    changes = {
        "org_code.omit": "true",
        "uscc.required": "true",
        "org_name.required": "false",
        "uscc.label": "信用代码",
    }
    form = bench(include(field, "FG-ORG", **changes))
    (error,) = form.refuse({})
    assert (error.path, error.code, error.params["label"]) == ("uscc", "required.write", "信用代码")
    assert form.codes({"org_code": "12345678-9", "uscc": "91350100M000100Y43"}) == [
        ("org_code", "field.unknown")
    ]


def test_a_change_may_be_a_condition(bench, field):
    form = bench(
        field("checkbox", "known"), include(field, "FG-ORG", **{"uscc.required_if": "=known"})
    )
    assert form.accept({"org_name": "甲公司"})
    assert form.codes({"org_name": "甲公司", "known": True}) == [("uscc", "required.write")]


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({"include": "FG-NONE"}, "form.include_unknown"),
        ({"include": "FG-ORG", "nobody.omit": "true"}, "form.override_unknown"),
        ({"include": "FG-ORG", "uscc.validator": "V-NONE"}, "form.validator_unknown"),
    ],
)
def test_a_wrong_include_is_named(adapter, groups, form_bytes, field, properties, code):
    content = form_bytes(field("group", "", components=[], properties=properties))
    (complaint,) = adapter.check("night_report.form", content, groups)
    assert complaint.code == code


def test_groups_that_include_one_another_are_refused(adapter, form_bytes, field):
    one = form_bytes(include(field, "FG-B"), form_id="FG-A")
    other = form_bytes(include(field, "FG-A"), form_id="FG-B")
    files = {"FG-A.form": one, "FG-B.form": other}
    complaints = adapter.check("FG-A.form", one, files)
    assert "form.include_cycle" in [complaint.code for complaint in complaints]


def test_a_fault_inside_a_group_names_the_group_s_file_and_line(adapter, form_bytes, field):
    group = b'{"id": "FG-A", "components": [\n{"type": "iframe", "id": "x1", "label": "x"}]}'
    content = form_bytes(include(field, "FG-A"))
    (complaint,) = adapter.check("night_report.form", content, {"groups/FG-A.form": group})
    assert (complaint.file, complaint.line, complaint.code) == ("FG-A.form", 2, "form.type")


def test_expanding_an_expanded_form_changes_nothing(adapter, groups, form_bytes, field):
    once = adapter.expand(form_bytes(include(field, "FG-PERSON")), groups)
    assert adapter.expand(orjson.dumps(once), groups) == once

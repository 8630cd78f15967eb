"""Fields, decisions and letters say which rows of the catalogue they carry out."""

from __future__ import annotations

import orjson
import pytest

from engine.deployments import Checked, check
from engine.engine import Engine
from tests.engine.house import House
from web.complaints import complaint_line

FORM = {
    "schemaVersion": 19,
    "type": "default",
    "id": "report",
    "components": [
        {
            "type": "textarea",
            "id": "c1",
            "key": "reason",
            "label": "理由",
            "properties": {"legal.clause": "NZ-2.1-police-2, NZ-0-1"},
        },
        {
            "type": "group",
            "id": "c2",
            "label": "案件",
            "properties": {"include": "FG-X", "case_no.legal.clause": "NZ-0-2"},
        },
    ],
}
GROUP = {
    "schemaVersion": 19,
    "type": "default",
    "id": "FG-X",
    "components": [{"type": "textfield", "id": "g1", "key": "case_no", "label": "案号"}],
}
DMN = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n"
    xmlns:camunda="http://camunda.org/schema/1.0/dmn">
  <decision id="who" name="由谁办理">
    <extensionElements><camunda:properties>
      <camunda:property name="legal.clause" value="{clause}"/>
    </camunda:properties></extensionElements>
    <literalExpression><text>"police"</text></literalExpression>
  </decision>
</definitions>
"""
LETTER = """\
id: TPL-99
title: 通知
layout: letter
head: 法院
number: 一号
clauses: {clauses}
body:
  - text: 正文
"""


@pytest.fixture
def engine(house: House) -> Engine:
    return house.engine


def checked(
    engine: Engine, form: object = FORM, clause: str = "NZ-0-1", clauses: str = "[NZ-0-1]"
) -> Checked:
    files = {
        "report.form": orjson.dumps(form, option=orjson.OPT_INDENT_2),
        "who.dmn": DMN.format(clause=clause).encode(),
        "letters/TPL-99.yaml": LETTER.format(clauses=clauses).encode(),
    }
    return check(engine, files, {"FG-X.form": orjson.dumps(GROUP)}, None)


def test_fields_decisions_and_letters_carry_what_they_name(engine: Engine) -> None:
    found = checked(engine)
    assert not found.errors
    assert {(one.kind, one.id): one.clauses for one in found.bearings} == {
        ("field", "report.reason"): ("NZ-2.1-police-2", "NZ-0-1"),
        ("field", "report.FG-X.case_no"): ("NZ-0-2",),
        ("decision", "who"): ("NZ-0-1",),
        ("letter", "TPL-99"): ("NZ-0-1",),
    }


def test_an_unknown_id_is_refused_with_file_line_field_and_remedy(engine: Engine) -> None:
    text = orjson.dumps(FORM).replace(b"NZ-0-1", b"NZ-9-9")
    found = checked(engine, orjson.loads(text), clause="NZ-8-8", clauses="[NZ-7-7]")
    lines = [complaint_line(complaint) for complaint in found.errors]
    assert [line.split()[0] for line in lines] == [
        "report.form:12",
        "who.dmn:4",
        "letters/TPL-99.yaml:6",
    ]
    assert "report.reason" in lines[0] and "NZ-9-9" in lines[0] and "请核对" in lines[0]
    assert "“由谁办理”（who）" in lines[1]
    assert "TPL-99" in lines[2]


def test_a_list_of_clauses_that_is_none_is_refused(engine: Engine) -> None:
    found = checked(engine, clauses="NZ-0-1")
    assert [complaint.code for complaint in found.errors] == ["letter.clauses"]

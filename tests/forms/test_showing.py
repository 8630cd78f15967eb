"""A submission to be read: as people write it, identities masked until they are revealed."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask, render_template

from forms.showing import submission
from forms.views import FileView

TEMPLATES = Path(__file__).parents[2] / "web" / "templates"
PERSON = {
    "subject_role": "被执行人",
    "name": "某甲",
    "doc_type": "居民身份证",
    "doc_no": "411321180001010005",
    "birth_date": "1800-01-01",
    "former_names": [{"row_id": "0" * 32, "name": "甲二"}],
    "deputy_status": None,
}


def texts(shown):
    found = {}
    for block in shown:
        if block.block == "answer":
            found[block.label] = block.text
        elif block.block == "group":
            found |= texts(block.blocks)
        else:
            found[block.label] = [[cell.text for cell in row] for row in block.rows]
    return found


def test_identity_numbers_are_masked_until_they_are_revealed(group_bench):
    schema = group_bench("FG-PERSON").schema
    assert texts(submission(schema, PERSON))["证件号码"] == "411321********0005"
    assert texts(submission(schema, PERSON, reveal=True))["证件号码"] == "411321180001010005"


def test_telephone_numbers_are_masked(group_bench):
    shown = submission(group_bench("FG-HANDLER").schema, {"handler_phone": "13000000000"})
    assert texts(shown) == {"承办人联系电话": "130****0000"}


def test_answers_read_as_people_write_them(bench, field):
    form = bench(
        field("datetime", "at", subtype="datetime"),
        field("number", "money", decimalDigits=2, appearance={"suffixAdorner": "元"}),
        field("checkbox", "tick"),
        field("select", "type", values=[{"value": "02", "label": "02 小型汽车"}]),
        field("checklist", "some", values=[{"value": x, "label": x} for x in "甲乙"]),
        field("textfield", "hidden"),
        field("textfield", "empty"),
    )
    values = {
        "at": "2026-11-20T03:10:00+08:00",
        "money": "1234.50",
        "tick": False,
        "type": "02",
        "some": ["甲", "乙"],
        "empty": None,
    }
    assert list(texts(submission(form.schema, values)).values()) == [
        "2026-11-20 03:10", "1,234.50元", "否", "02 小型汽车", "甲、乙", "—",
    ]  # fmt: skip


def test_rows_are_a_table_and_sections_are_headed(group_bench):
    shown = texts(submission(group_bench("FG-PERSON").schema, PERSON))
    assert shown["曾用名"] == [["甲二"]]
    assert shown["人大代表身份核实"] == "—"
    assert "必要性" not in "".join(shown)


@pytest.mark.parametrize("reveal", [False, True])
def test_the_page_part_shows_it(group_bench, reveal):
    app = Flask(__name__, template_folder=str(TEMPLATES))
    instrument = group_bench("FG-INSTRUMENT").schema
    files = {"id1": FileView("id1", "裁定.pdf", 10, "/files/id1")}
    with app.app_context():
        shown = submission(instrument, {"file": ["id1"]}, lambda ids: files)
        assert '<a href="/files/id1">裁定.pdf</a>' in render_template(
            "forms/shown.html", shown=shown
        )
        person = submission(group_bench("FG-PERSON").schema, PERSON, reveal=reveal)
        html = render_template("forms/shown.html", shown=person)
        assert ("411321180001010005" in html) is reveal
        assert "<caption>曾用名</caption>" in html

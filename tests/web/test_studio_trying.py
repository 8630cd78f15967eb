"""Trying out what is drawn: forms by the officers' renderer, decisions by the engine's FEEL."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories import ROOT
from tests.web.conftest import SignIn

FORM = {
    "schemaVersion": 19, "type": "default", "id": "trial",
    "components": [
        {"type": "radio", "key": "kind", "id": "k", "label": "类别",
         "values": [{"label": "人", "value": "person"}, {"label": "车", "value": "car"}],
         "validate": {"required": True}, "properties": {"routing": "kind"}},
        {"type": "textfield", "key": "plate", "id": "p", "label": "号牌",
         "validate": {"required": True},
         "properties": {"visible_if": 'kind = "car"'}},
    ],
}  # fmt: skip
DECISION = (ROOT / "workflows/apprehension_handover/route_department.dmn").read_text("utf-8")


@pytest.fixture
def analyst(app: Flask, sign_in: SignIn) -> FlaskClient:
    return sign_in("analyst")


def preview(client: FlaskClient, schema: dict, **typed: str):
    address = "/studio/procedures/night/files/trial.form/preview"
    return client.post(address, data={"_schema": json.dumps(schema), **typed})


def test_the_preview_shows_the_form_as_officers_see_it(analyst: FlaskClient) -> None:
    page = preview(analyst, FORM)
    assert page.status_code == 200
    assert "类别" in page.text
    assert "号牌" not in page.text


def test_a_choice_in_the_preview_brings_the_field_that_hangs_on_it(analyst: FlaskClient) -> None:
    assert "号牌" in preview(analyst, FORM, kind="car").text


def test_trying_to_submit_shows_the_officers_sentences(analyst: FlaskClient) -> None:
    page = preview(analyst, FORM, kind="car", _try="1").text
    assert "请填写“号牌”" in page


def test_a_valid_trial_says_which_variables_it_sets(analyst: FlaskClient) -> None:
    page = preview(analyst, FORM, kind="person", _try="1").text
    assert "填写有效" in page
    assert "kind = person" in page


def test_a_form_that_cannot_be_shown_says_why(analyst: FlaskClient) -> None:
    broken = {**FORM, "components": [{"type": "iframe", "id": "x"}]}
    page = preview(analyst, broken)
    assert page.status_code == 422
    assert "错误" in page.text


def address(what: str) -> str:
    return f"/studio/procedures/night/files/route_department.dmn/{what}"


def decide(client: FlaskClient, content: str, **values: str) -> dict:
    asked = {"content": content, "decision": "route_department", "values": values}
    return client.post(address("decide"), json=asked).json


def test_the_inputs_of_a_decision_are_asked_for_by_name(analyst: FlaskClient) -> None:
    found = analyst.post(address("inputs"), data=DECISION.encode()).json["decisions"]
    assert found == [
        {"id": "route_department", "name": "承办部门", "inputs": ["household_in_area"]}
    ]


def test_a_decision_answers_with_the_rules_that_matched(analyst: FlaskClient) -> None:
    answer = decide(analyst, DECISION, household_in_area="true")
    assert answer["value"] == "police_station"
    assert [rule["number"] for rule in answer["rules"]] == [1]


def test_no_matching_rule_is_said(analyst: FlaskClient) -> None:
    without = DECISION.replace("not(true)", "true")
    answer = decide(analyst, without, household_in_area="false")
    assert answer["rules"] == []
    assert answer["words"]


def test_a_text_that_is_no_feel_is_said_with_its_place(analyst: FlaskClient) -> None:
    broken = DECISION.replace("not(true)", "not(true")
    assert "route_department.dmn" in decide(analyst, broken, household_in_area="true")["words"]


def test_a_file_that_is_no_decision_is_said(analyst: FlaskClient) -> None:
    answer = analyst.post(address("inputs"), data=b"<a/>").json
    assert answer["decisions"] == []
    assert answer["words"]


def test_the_templates_for_the_desktop_modeler_name_only_known_topics() -> None:
    from engine.topics.registry import built_in

    file: Path = ROOT / "workflows/.camunda/element-templates/liandong.json"
    bindings = [
        (one["binding"]["name"], one.get("value"))
        for template in json.loads(file.read_text("utf-8"))
        for one in template["properties"]
    ]
    topics = {value for name, value in bindings if name == "camunda:topic"}
    assert topics <= set(built_in())


@pytest.mark.parametrize(
    "body",
    ["[]", "null", "{}", '{"content": "", "decision": "", "values": []}',
     '{"content": "\\ud800", "decision": "", "values": {}}', '{"a":' * 5000 + "1" + "}" * 5000],
    ids=lambda body: body[:20],
)
def test_what_no_page_of_ours_sends_is_not_understood(body: str, analyst: FlaskClient) -> None:
    address = "/studio/procedures/night/files/route.dmn/decide"
    answer = analyst.post(address, data=body, content_type="application/json")
    assert answer.status_code == 400


@pytest.mark.parametrize("typed", ["[" * 5000, "1e99999999999999999999"], ids=["deep", "huge"])
def test_a_value_that_is_no_json_is_text(typed: str, analyst: FlaskClient) -> None:
    asked = {"content": DECISION, "decision": "route_department", "values": {"case_type": typed}}
    answer = analyst.post("/studio/procedures/night/files/route.dmn/decide", json=asked)
    assert answer.status_code == 200

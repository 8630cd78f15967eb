"""Every route and what each kind of person gets there; a route that is not listed fails."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.web.conftest import SignIn
from tests.web.night import Night

PEOPLE = ("nobody", "handler", "station", "stranger", "president", "sysadmin", "secadmin",
          "auditor", "analyst")
# Method, path, answers in the order of PEOPLE. 302 is what a form answers when it has acted, too.
TABLE = """
GET  /                                  302 302 302 302 302 302 302 302 302
GET  /sign-in                           200 302 302 302 302 302 302 302 302
POST /sign-in                           422 422 422 422 422 422 422 422 422
POST /language                          302 302 302 302 302 302 302 302 302
GET  /password                          302 200 200 200 200 200 200 200 200
POST /password                          302 422 422 422 422 422 422 422 422
GET  /inbox                             302 200 200 200 200 200 200 200 200
GET  /queue                             302 200 200 200 200 200 200 200 200
GET  /archive                           302 200 200 200 200 200 200 200 200
GET  /started                           302 200 200 200 200 200 200 200 200
GET  /notices                           302 200 200 200 200 200 200 200 200
POST /notices/{notice}/read             302 302 404 404 404 404 404 404 404
POST /notices/read                      302 302 302 302 302 302 302 302 302
GET  /start                             302 200 200 200 200 200 200 200 200
GET  /start/night                       302 200 403 200 403 403 403 403 403
POST /start/night                       302 302 403 302 403 403 403 403 403
POST /start/night/draft                 302 200 403 200 403 403 403 403 403
POST /start/night/draft/discard         302 302 403 302 403 403 403 403 403
GET  /tasks/{respond}                   302 200 404 404 404 404 404 404 404
POST /tasks/{respond}                   302 422 404 404 404 404 404 404 404
POST /tasks/{respond}/draft             302 200 404 404 404 404 404 404 404
POST /tasks/{respond}/draft/discard     302 302 404 404 404 404 404 404 404
POST /tasks/{free}/claim                302 302 404 404 403 403 403 403 403
POST /tasks/{respond}/unclaim           302 302 404 404 302 403 403 403 403
GET  /files/{nothing}                   302 404 404 404 404 404 404 404 404
GET  /instances/{court}                 302 200 404 404 200 404 404 404 404
GET  /instances/{court}/panels          302 200 404 404 200 404 404 404 404
GET  /definitions/{definition}/diagram.bpmn 302 200 200 200 200 200 200 200 200
GET  /documents/{nothing}               302 404 404 404 404 404 404 404 404
GET  /documents/{nothing}/preview       302 404 404 404 404 404 404 404 404
GET  /documents/{nothing}/pdf           302 404 404 404 404 404 404 404 404
GET  /documents/{nothing}/reading.pdf   302 404 404 404 404 404 404 404 404
GET  /documents/{nothing}/compare       302 404 404 404 404 404 404 404 404
GET  /documents/{nothing}/edit          302 404 404 404 404 404 404 404 404
POST /documents/{nothing}/edit          302 404 404 404 404 404 404 404 404
POST /documents/{nothing}/verify        302 404 404 404 404 404 404 404 404
GET  /envelopes/{nothing}/receipt.pdf   302 404 404 404 404 404 404 404 404
GET  /instances/{court}/documents       302 200 404 404 200 404 404 404 404
GET  /instances/{court}/dossier         302 200 404 404 200 404 404 404 404
POST /instances/{court}/dossier         302 422 404 404 422 404 404 404 404
POST /instances/{court}/envelopes/{nothing}/acknowledge 302 404 404 404 404 404 404 404 404
GET  /instances                         302 403 403 403 200 403 403 403 403
GET  /deadlines                         302 403 403 403 200 403 403 403 403
GET  /figures                           302 403 403 403 200 403 403 403 403
GET  /incidents                         302 403 403 403 200 403 403 403 403
GET  /instances/{court}/suspend         302 403 403 403 200 403 403 403 403
POST /instances/{court}/suspend         302 403 403 403 302 403 403 403 403
GET  /instances/{court}/resume          302 403 403 403 200 403 403 403 403
POST /instances/{court}/resume          302 403 403 403 302 403 403 403 403
GET  /instances/{court}/cancel          302 403 403 403 200 403 403 403 403
POST /instances/{court}/cancel         302 403 403 403 409 403 403 403 403
GET  /tasks/{respond}/assign            302 403 403 403 200 403 403 403 403
POST /tasks/{respond}/assign            302 403 403 403 422 403 403 403 403
GET  /tasks/{respond}/return            302 403 403 403 200 403 403 403 403
POST /tasks/{respond}/return            302 403 403 403 302 403 403 403 403
GET  /deadlines/{deadline}/extend       302 403 403 403 200 403 403 403 403
POST /deadlines/{deadline}/extend       302 403 403 403 422 403 403 403 403
GET  /incidents/{incident}/retry        302 403 403 403 200 403 403 403 403
POST /incidents/{incident}/retry        302 403 403 403 302 403 403 403 403
GET  /incidents/{incident}/resolve      302 403 403 403 200 403 403 403 403
POST /incidents/{incident}/resolve      302 403 403 403 409 403 403 403 403
GET  /admin/password-resets             302 200 200 200 200 200 200 200 200
POST /admin/password-resets/{nothing}/confirm 302 404 404 404 404 404 404 404 404
GET  /liaisons                          302 200 200 200 200 200 200 200 200
GET  /watch-list                        302 403 200 403 403 403 403 403 403
POST /watch-list                        302 403 422 403 403 403 403 403 403
GET  /admin/directory                   302 403 403 403 403 200 200 403 403
POST /admin/agencies                    302 403 403 403 403 302 403 403 403
POST /admin/agencies/豫1321/units        302 403 403 403 403 302 403 403 403
POST /admin/agencies/豫1321/people       302 403 403 403 403 422 403 403 403
GET  /admin/clock                       302 404 404 404 404 404 404 404 404
POST /admin/clock                       302 404 404 404 404 404 404 404 404
GET  /admin/people/handler              302 403 403 403 403 200 200 403 403
POST /admin/people/handler/posts        302 403 403 403 403 403 302 403 403
POST /admin/people/handler/posts/{post}/end 302 403 403 403 403 403 302 403 403
POST /admin/people/handler/move         302 403 403 403 403 403 302 403 403
POST /admin/people/handler/password     302 403 403 403 403 422 403 403 403
POST /admin/people/handler/leave        302 403 403 403 403 302 403 403 403
GET  /studio                            302 403 403 403 403 403 403 403 200
GET  /studio/procedures/night           302 403 403 403 403 403 403 403 200
GET  /studio/procedures/night/download.zip 302 403 403 403 403 403 403 403 200
GET  /studio/procedures/night/versions/{nothing}.zip 302 403 403 403 403 403 403 403 404
GET  /studio/procedures/night/compare   302 403 403 403 403 403 403 403 200
GET  /studio/procedures/night/publish   302 403 403 403 403 403 403 403 200
GET  /studio/procedures/night/files/night.bpmn 302 403 403 403 403 403 403 403 200
GET  /studio/procedures/night/files/night.bpmn/content 302 403 403 403 403 403 403 403 200
POST /studio/procedures/night/files/night.bpmn 302 403 403 403 403 403 403 403 200
POST /studio/procedures/night/files/night.bpmn/check 302 403 403 403 403 403 403 403 200
POST /studio/procedures/night/files/night.form/preview 302 403 403 403 403 403 403 403 422
POST /studio/procedures/night/files/night.dmn/inputs 302 403 403 403 403 403 403 403 200
POST /studio/procedures/night/files/night.dmn/decide 302 403 403 403 403 403 403 403 415
POST /studio/procedures/night/files     302 403 403 403 403 403 403 403 302
POST /studio/procedures/night/files/night.bpmn/remove 302 403 403 403 403 403 403 403 302
POST /studio/procedures/night/publish   302 403 403 403 403 403 403 403 422
POST /studio/procedures/night/discard   302 403 403 403 403 403 403 403 302
POST /studio/new                        302 403 403 403 403 403 403 403 422
POST /studio/upload                     302 403 403 403 403 403 403 403 422
GET  /studio/clauses                    302 403 403 403 403 403 403 403 200
GET  /norms                             302 200 200 200 200 200 200 200 200
GET  /norms/rows/NZ-2.3-court-3b        302 200 200 200 200 200 200 200 200
POST /sign-out                          302 302 302 302 302 302 302 302 302
"""
PUBLIC = ("/", "/sign-in", "/sign-out", "/language")
FORMS = {
    "/incidents/{incident}/retry": {"reason": "变量已补录"},
    "/incidents/{incident}/resolve": {"reason": "变量已补录"},
    "/instances/{court}/suspend": {"reason": "等待上级答复"},
    "/instances/{court}/resume": {"reason": "已获答复"},
    "/tasks/{respond}/return": {"reason": "承办人休假"},
    "/tasks/{respond}/unclaim": {"reason": "承办人休假"},
    "/admin/agencies": {"id": "豫1325", "kind": "court", "name": "内乡县人民法院",
                        "profile": "nanzhao_2021", "counterpart": ""},
    "/admin/agencies/豫1321/units": {"id": "court-2", "name": "立案庭", "area_code": ""},
    "/admin/agencies/豫1321/people": {"login": "new", "name": "新人", "password": "short",
                                      "phone": "", "certificate_no": ""},
    "/admin/people/handler/posts": {"unit": "court-enforcement", "role": "court_bailiff"},
    "/admin/people/handler/move": {"unit": "court-enforcement", "role": "court_bailiff"},
    "/admin/people/handler/password": {"password": "short"},
    "/studio/new": {"key": "Not a key", "name": "新流程"},
    "/studio/upload": {"procedure": "night"},
    "/studio/procedures/night/files": {"key": "night_more", "kind": ".form"},
    "/studio/procedures/night/files/night.form/preview": {"_schema": "{"},
}
ROWS = [line.split() for line in TABLE.strip().splitlines()]


@pytest.mark.parametrize("person", PEOPLE)
def test_every_route_answers_as_the_table_says(
    person: str, app: Flask, night: Night, sign_in: SignIn
) -> None:
    """One database for all rows of a person: those that end something stand at the bottom."""
    client = app.test_client() if person == "nobody" else sign_in(person)
    ids = {**vars(night), "nothing": "0" * 32}
    wrong = []
    for method, path, *expected in ROWS:
        answer = client.open(path.format(**ids), method=method, data=FORMS.get(path))
        if str(answer.status_code) != expected[PEOPLE.index(person)]:
            wrong.append(f"{method} {path}: {answer.status_code}")
        if person == "nobody" and path not in PUBLIC:
            assert answer.headers["Location"].startswith("/sign-in")
    assert wrong == []


def test_every_route_stands_in_the_table(app: Flask) -> None:
    written = {(method, path) for method, path, *_ in ROWS}
    for rule in app.url_map.iter_rules():
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            if rule.endpoint != "static":
                found = [p for m, p in written if m == method and _fits(rule, p)]
                assert found, f"{method} {rule.rule} is not listed in TABLE"


def _fits(rule, path: str) -> bool:
    parts, given = rule.rule.split("/"), path.split("/")
    return len(parts) == len(given) and all(
        part.startswith("<") or part == other for part, other in zip(parts, given, strict=True)
    )

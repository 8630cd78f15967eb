"""Whatever goes wrong, as the dialect says it: `{"type", "message", "code"}`.

`type` is the name the original gives such an error, `code` its number; `reason` is our own code,
`details` tells where in which file. The sentence is Chinese, or English for who prefers it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import orjson
from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from engine import report
from engine.bpmn.faults import Fault
from engine.errors import Conflict, Forbidden, LiandongError, NotFound, Refusal, Unavailable
from engine.ports import Complaint, FieldError
from web.auth.viewer import the_engine
from web.complaints import complaint_line
from web.messages import error_sentence, sentence

_log = logging.getLogger("liandong.rest")
PARSE_ERROR = "ENGINE-09005 Could not parse BPMN process."
"""What the desktop Modeler looks for to say that it was the diagram, not the server."""
_LOST_RACE = 1
"""The original's code of an optimistic locking exception."""
_KINDS: tuple[tuple[type[LiandongError], int, str], ...] = (
    (Fault, 422, "ProcessEngineException"),
    (NotFound, 404, "InvalidRequestException"),
    (Forbidden, 403, "AuthorizationException"),
    (Conflict, 409, "RestException"),
    (Unavailable, 503, "ProcessEngineException"),
    (Refusal, 400, "InvalidRequestException"),
)
_CODES: Mapping[str, tuple[int, str]] = {
    # The original's words for what workers and senders of messages look out for.
    "external.not_yours": (400, "RestException"),
    "external.locked": (400, "RestException"),
    "external.done": (404, "RestException"),
    "external.unknown": (404, "RestException"),
    "message.no_subscriber": (400, "MismatchingMessageCorrelationException"),
    "message.several_subscribers": (400, "MismatchingMessageCorrelationException"),
    "verb.lost_race": (409, "OptimisticLockingException"),
    "form.invalid": (400, "FormFieldValidationException"),
    "deployment.refused": (400, "ParseException"),
}


def speech() -> str:
    """`zh` or `en`, as the request prefers."""
    return request.accept_languages.best_match(("zh", "en"), "zh")


def body(type_: str, message: str, code: int, reason: str, **more: Any) -> bytes:
    """The JSON of an error."""
    said = {"type": type_, "message": message, "code": code, "reason": reason, **more}
    return orjson.dumps(said, default=str)


def of_domain(error: LiandongError) -> Response:
    """A refusal of the engine. A fault of a run is reported as an incident as well."""
    if isinstance(error, Fault):
        _report(error)
    status, type_ = _CODES.get(error.code) or _kind(error)
    code = _LOST_RACE if error.code == "verb.lost_race" else 0
    message, more = _said(error)
    answer = _answer(status, body(type_, message, code, error.code, **more))
    if status == 503:
        answer.headers["Retry-After"] = "5"
    return answer


def _kind(error: LiandongError) -> tuple[int, str]:
    for kind, status, type_ in _KINDS:
        if isinstance(error, kind):
            return status, type_
    return 400, "RestException"


def _report(fault: Fault) -> None:
    try:
        report(the_engine(), g.call_actor.id, fault)
    except LiandongError as problem:
        _log.error("no incident for %s: %s", fault.code, problem.code)


def _said(error: LiandongError) -> tuple[str, dict[str, Any]]:
    language = speech()
    if error.code == "deployment.refused":
        return _complaints(error.params["complaints"], language)
    if error.code == "form.invalid":
        return _field_errors(error.params["errors"], language)
    return error_sentence(error, language), {}


def _complaints(complaints: list[Complaint], language: str) -> tuple[str, dict[str, Any]]:
    lines = [complaint_line(one, language) for one in complaints]
    details: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for one, line in zip(complaints, lines, strict=True):
        file = details.setdefault(one.file, {"errors": [], "warnings": []})
        file["errors" if one.severity == "error" else "warnings"].append(_problem(one, line))
    wrong = [line for c, line in zip(complaints, lines, strict=True) if c.severity == "error"]
    return f"{PARSE_ERROR} " + "\n".join(wrong), {"details": details}


def _problem(complaint: Complaint, line: str) -> dict[str, Any]:
    ids = [complaint.element_id] if complaint.element_id else []
    return {
        "message": line,
        "line": complaint.line or 0,
        "column": 0,
        "mainElementId": complaint.element_id,
        "elementIds": ids,
    }


def _field_errors(errors: list[FieldError], language: str) -> tuple[str, dict[str, Any]]:
    said = {one.path: sentence(one.code, one.params, language) for one in errors}
    whole = sentence("form.invalid", {"found": len(errors)}, language)
    lines = [f"{path}: {words}" if path else words for path, words in said.items()]
    return "\n".join([whole, *lines]), {"fields": said}


def of_http(error: HTTPException) -> Response:
    """What Flask turned away: unknown path, wrong method, no account, too much."""
    status = error.code or 500
    message = sentence(_SENTENCES.get(status, f"http.{status}"), language=speech())
    answer = _answer(status, body(_HTTP.get(status, "RestException"), message, 0, f"http.{status}"))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            answer.headers[name] = value
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Basic realm="liandong", charset="UTF-8"'
    return answer


_HTTP = {401: "AuthenticationException", 404: "NotFoundException", 429: "TooManyRequests"}
_SENTENCES = {
    status: f"rest.http.{status}" for status in (400, 401, 404, 405, 406, 411, 413, 415, 429, 500)
}


def of_anything(error: Exception) -> Response:
    """An unforeseen exception: its kind and place are logged, its text may hold what was sent."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
    _log.error("unforeseen %s at %s on %s", type(error).__name__, place, request.endpoint)
    said = sentence("rest.http.500", language=speech())
    return _answer(500, body("RestException", said, 0, "http.500"))


def _answer(status: int, content: bytes) -> Response:
    return Response(content, status, mimetype="application/json")


def install(app: Flask) -> None:
    app.register_error_handler(LiandongError, of_domain)
    app.register_error_handler(HTTPException, of_http)
    app.register_error_handler(Exception, of_anything)

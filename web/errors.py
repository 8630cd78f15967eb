"""Every way a request can fail, as a page with a sentence: what happened, what to do next."""

from __future__ import annotations

import logging
from http import HTTPStatus

from flask import Flask, Response, g, make_response, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from engine.errors import Conflict, Forbidden, LiandongError, NotFound, Unavailable
from engine.queries import people
from web.auth.viewer import the_engine
from web.language import language
from web.messages import sentence
from web.vocabulary import with_names

_log = logging.getLogger("liandong.web")
_STATUS: tuple[tuple[type[LiandongError], int], ...] = (
    (NotFound, 404),
    (Forbidden, 403),
    (Conflict, 409),
    (Unavailable, 503),
)


def status_of(error: LiandongError) -> int:
    """The HTTP status of a domain error; a refusal is 422."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 422)


def said(error: LiandongError) -> str:
    """The sentence of a domain error in the reader's language; people by name, not by id."""
    params = dict(error.params)
    if isinstance(params.get("by"), str):
        params["by"] = people.name_of(the_engine(), params["by"]) or _("他人")
    return sentence(error.code, with_names(params), language())


def page(status: int, words: str) -> Response:
    """The error page; an htmx exchange gets the sentence alone."""
    if request.headers.get("HX-Request"):
        return make_response(render_template("errors/fragment.html", words=words), status)
    named = {"status": status, "title": _title(status), "words": words}
    try:
        body = render_template("errors/page.html", **named)
    except Unavailable:
        # The page around the sentence names its reader and counts his tasks: no database, no page.
        g.without_database = True
        body = render_template("errors/page.html", **named)
    return make_response(body, status)


def _title(status: int) -> str:
    titles = {
        400: _("请求无法识别"),
        403: _("没有权限"),
        404: _("没有找到"),
        405: _("不能这样访问"),
        409: _("情况已有变化"),
        413: _("文件过大"),
        422: _("内容需要更正"),
        429: _("尝试过于频繁"),
        500: _("系统出错"),
        503: _("系统暂时繁忙"),
    }
    return titles.get(status, HTTPStatus(status).phrase)


def _of_domain(error: LiandongError) -> Response:
    g.without_database = isinstance(error, Unavailable)
    answer = page(status_of(error), said(error))
    if answer.status_code == 503:
        answer.headers["Retry-After"] = "5"
    return answer


def _of_http(error: HTTPException) -> Response:
    status = error.code or 500
    answer = page(status, sentence(f"http.{status}", language=language()))
    answer.headers.extend(
        (name, value) for name, value in error.get_headers() if name in ("Allow", "Retry-After")
    )
    return answer


def _of_csrf(error: CSRFError) -> Response:
    return page(400, sentence("http.csrf", language=language()))


def _of_anything(error: Exception) -> Response:
    # The message of an unforeseen exception may quote data: only its kind and place are logged.
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
    _log.error("unforeseen %s at %s on %s", type(error).__name__, place, request.endpoint)
    return page(500, sentence("http.500", language=language()))


def install(app: Flask) -> None:
    app.register_error_handler(LiandongError, _of_domain)
    app.register_error_handler(CSRFError, _of_csrf)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(Exception, _of_anything)

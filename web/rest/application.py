"""The application for programs, beside the pages: no cookies, no CSRF token, nothing open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import orjson
from flask import Flask, Response, g, request
from werkzeug.exceptions import UnsupportedMediaType
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from engine.errors import Refusal
from web.auth.viewer import the_engine
from web.rest import errors, original
from web.rest.authentication import Gate
from web.rest.members import Member, parse, require_clean, says_something
from web.rest.operations import Call, Operation
from web.rest.polling import Polling
from web.rest.resources import OPERATIONS
from web.rest.typed import as_json
from web.settings import WebSettings

if TYPE_CHECKING:
    from engine.engine import Engine

PATH = "/engine-rest"
ONLY_ENGINE = "/engine/default"
"""The original serves several engines under one roof; here there is one."""


def mount(pages: Flask, settings: WebSettings) -> None:
    """Serve the interface under `PATH`, beside the pages and on the same engine."""
    rest = make_application(pages.extensions["liandong"], settings)
    paths = {PATH: rest, PATH + ONLY_ENGINE: rest}
    pages.wsgi_app = DispatcherMiddleware(pages.wsgi_app, paths)  # type: ignore[method-assign]


def make_application(engine: Engine, settings: WebSettings) -> Flask:
    """The interface by itself."""
    app = Flask(__name__, static_folder=None, template_folder="templates")
    app.extensions["liandong"] = engine
    app.config.update(MAX_CONTENT_LENGTH=settings.upload_limit, WORKFLOWS=settings.workflows)
    gate = Gate(engine)
    app.extensions.update(polling=Polling(), gate=gate)

    def admit() -> None:
        for name, value in (request.view_args or {}).items():
            require_clean(str(value), name)
        g.call_actor = gate.actor()

    app.before_request(admit)
    app.after_request(_guard)
    errors.install(app)
    for operation in OPERATIONS:
        app.add_url_rule(
            operation.path,
            endpoint=f"{operation.method} {operation.path}",
            view_func=_handler(operation),
            methods=[operation.method],
        )
    original.install(app)
    return app


def _guard(answer: Response) -> Response:
    """Answers hold what the account may see: nobody stores them."""
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'self'"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _handler(operation: Operation) -> Any:
    def handle(**path: str) -> Response:
        call = Call(
            engine=the_engine(),
            actor=g.call_actor,
            query=_query(operation.query),
            body=_body(operation),
            key=request.headers.get("Idempotency-Key"),
        )
        return answered(operation.act(call, **path))

    return handle


def answered(found: Any) -> Response:
    """204 for nothing, JSON for the rest; an answer of its own kind as it is."""
    if found is None:
        return Response(status=204)
    if isinstance(found, Response):
        return found
    return Response(orjson.dumps(found, default=as_json), mimetype="application/json")


def _query(members: Mapping[str, Member]) -> dict[str, Any]:
    """The query, read. Raises `Refusal` rest.unknown_parameter for what would change nothing."""
    found = {}
    for name, text in request.args.items():
        require_clean(text, name[:80])
        if name in members:
            found[name] = members[name].of_text(name, text)
        elif says_something(text.lower()) and name not in IGNORED:
            raise Refusal("rest.unknown_parameter", name=name[:80])
    return found


IGNORED = frozenset(
    (
        # Of the original; they change nothing that exists here.
        "deserializeValues", "deserializeValue", "skipCustomListeners", "skipIoMappings",
        "skipSubprocesses", "failIfNotExists", "variableNamesIgnoreCase",
        "variableValuesIgnoreCase", "binary", "withCommentAttachmentInfo",
    )
)  # fmt: skip


def _body(operation: Operation) -> dict[str, Any]:
    if operation.body is None or operation.multipart:
        return {}
    raw = request.get_data()
    if not raw.strip():
        return operation.body.read({})
    if not request.is_json:
        raise UnsupportedMediaType
    return operation.body.read(parse(raw))

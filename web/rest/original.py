"""What the original has and we have not: 501 with a sentence, and the table of docs/rest.md."""

from __future__ import annotations

import re
from functools import cache
from http import HTTPStatus
from itertools import count

from flask import Flask, Response, request
from werkzeug.exceptions import MethodNotAllowed, NotFound

from web.messages import sentence
from web.rest.errors import body, speech
from web.rest.operations import Operation
from web.rest.original_paths import operations
from web.rest.resources import OPERATIONS

METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")
_VARIABLE = re.compile(r"\{[^}]+\}")


def install(app: Flask) -> None:
    """Whatever no operation answers.

    What is absent has rules of its own: `/history/task/report` is no task called report.
    """
    served = {_key(one.method, one.original_path) for one in OPERATIONS}
    for method, path, _ in operations():
        if _key(method, path) not in served:
            _add(app, _as_rule(path), [method])
    for path in ("/", "/<path:v0>"):
        _add(app, path, list(METHODS))


def _as_rule(path: str) -> str:
    """`/batch/<v0>`: whatever its variables are called."""
    numbers = count()
    return _VARIABLE.sub(lambda _: f"<v{next(numbers)}>", path)


def _add(app: Flask, path: str, methods: list[str]) -> None:
    app.add_url_rule(
        path,
        endpoint=f"absent {methods[0]} {path}",
        view_func=_absent,
        methods=methods,
        provide_automatic_options=False,
    )


def _absent(**_: str) -> Response:
    path = request.path
    allowed = {method for method, pattern in _patterns() if pattern.fullmatch(path)}
    if not allowed:
        raise NotFound
    if request.method not in allowed:
        raise MethodNotAllowed(sorted(allowed))
    params = {"method": request.method, "path": path[:200], "why": _reason(path)}
    said = sentence("rest.not_implemented", params, speech())
    content = body("NotImplementedException", said, 0, "rest.not_implemented")
    return Response(content, HTTPStatus.NOT_IMPLEMENTED, mimetype="application/json")


def _reason(path: str) -> str:
    return next(
        (
            why
            for method, known, why in operations()
            if method == request.method and _pattern(known).fullmatch(path)
        ),
        "",
    )


@cache
def _pattern(path: str) -> re.Pattern[str]:
    return re.compile("[^/]+".join(re.escape(part) for part in _VARIABLE.split(path)))


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Methods and paths of the original, and our own beside them."""
    ours = [(one.method, one.original_path) for one in OPERATIONS]
    theirs = [(method, path) for method, path, _ in operations()]
    return tuple((method, _pattern(path)) for method, path in [*ours, *theirs])


# the table ----------------------------------------------------------------------------


def table() -> str:
    """Every operation of the original as a Markdown table: same, differs (how), absent (why)."""
    served = {_key(one.method, one.original_path): one for one in OPERATIONS}
    lines = ["| operation | here |", "|---|---|"]
    for method, path, why in sorted(operations(), key=lambda row: (row[1], row[0])):
        found = served.get(_key(method, path))
        lines.append(f"| `{method} {path}` | {_state(found, why)} |")
    return "\n".join(lines)


def _state(served: Operation | None, why: str) -> str:
    if served is None:
        return f"absent: {why}"
    return f"differs: {served.differs}" if served.differs else "same"


def _key(method: str, path: str) -> tuple[str, str]:
    return method, _VARIABLE.sub("{}", path)


def own_operations() -> list[str]:
    """What we serve beyond the original: the document and its page."""
    theirs = {_key(method, path) for method, path, _ in operations()}
    return [
        f"{one.method} {one.original_path}"
        for one in OPERATIONS
        if _key(one.method, one.original_path) not in theirs
    ]

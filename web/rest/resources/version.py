"""Which dialect is spoken, and its description."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template

from web.rest.operations import Call, Resource
from web.rest.shapes import Shape, text

DIALECT = "7.24.0"
"""The last community release of the original: its documentation is what is spoken here."""

resource = Resource("Version")
VERSION = Shape("Version", {"version": text(lambda found: found)})
ENGINE = Shape("ProcessEngine", {"name": text(lambda found: found)})


@resource.get("/version", answer=VERSION)
def version(call: Call) -> Any:
    """The version of the dialect."""
    return VERSION.of(DIALECT)


@resource.get("/engine", answer=ENGINE, many=True)
def engines(call: Call) -> Any:
    """Names of the engines: there is one."""
    return [ENGINE.of("default")]


@resource.get("/openapi.json", answer={"type": "object"})
def document(call: Call) -> Any:
    """This description as an OpenAPI 3.1 document."""
    from web.rest.openapi import openapi

    return openapi()


@resource.get("/docs", answer=bytes)
def page(call: Call) -> Response:
    """This description as a page."""
    from web.rest.openapi import chapters, openapi

    shown = render_template("openapi.html", document=openapi(), chapters=chapters())
    return Response(shown, mimetype="text/html")

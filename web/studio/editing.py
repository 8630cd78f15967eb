"""The editors' pages, the bytes they open, saving drafts, checking what stands in the editor."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request

from engine import studio_drafts
from engine.errors import NotFound
from engine.queries import studio
from engine.studio_drafts import StudioFile
from web.auth.viewer import acting, client_address, the_engine, viewer
from web.studio import complaining, vocabulary
from web.studio.blueprint import PAGES, pages
from web.studio.changes import kind_of
from web.studio.listing import bytes_of, opens
from web.studio.surroundings import judged
from web.times import clock_time

_ALSO = {"form": ["forms.css"]}
"""The preview of a form looks as the officers' page does."""


@pages.get("/procedures/<procedure>/files/<path:file>")
def edit(procedure: str, file: str) -> str:
    """The editor for a diagram, a form or a decision."""
    page = studio.procedure_page(the_engine(), viewer().actor, procedure)
    opened = page.workspace.file(file)
    if not opens(file):
        raise NotFound("studio.no_file", file=file, procedure=procedure)
    kind = kind_of(file)
    return render_template(
        f"studio/{kind}.html",
        page=page,
        opened=opened,
        words=vocabulary.of(page.workspace) if kind == "diagram" else {},
        bundles=[*PAGES, *_ALSO.get(kind, ()), f"studio_{kind}.css", f"studio_{kind}.js"],
    )


@pages.get("/procedures/<procedure>/files/<path:file>/content")
def content(procedure: str, file: str) -> Response:
    """The reader's file; `version` names a published one, `save` has the browser keep it."""
    saved = "save" in request.args
    return bytes_of(_file(procedure, file, request.args.get("version")), saved=saved)


@pages.post("/procedures/<procedure>/files/<path:file>")
def save(procedure: str, file: str) -> dict[str, str]:
    """Keep the bytes of the request as the reader's draft."""
    saved_at = studio_drafts.save_draft_file(
        *acting(),
        procedure,
        file,
        request.get_data(),
        request.args.get("base", ""),
        address=client_address(),
    )
    return {"saved_at": clock_time(saved_at)}


@pages.post("/procedures/<procedure>/files/<path:file>/check")
def check(procedure: str, file: str) -> dict[str, Any]:
    """What deployment would say of the workspace with these bytes in it."""
    files = dict(studio.workspace(the_engine(), viewer().actor, procedure).contents)
    files[file] = request.get_data()
    return {"complaints": complaining.rows(judged(files).complaints)}


def _file(procedure: str, file: str, version: str | None) -> StudioFile:
    if version is None:
        return studio.workspace(the_engine(), viewer().actor, procedure).file(file)
    files = studio.files_of(the_engine(), viewer().actor, procedure, version)
    if file not in files:
        raise NotFound("studio.no_file", file=file, procedure=procedure)
    return files[file]

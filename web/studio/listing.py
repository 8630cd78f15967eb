"""The list of procedures, the page of one with its files and versions, downloads."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from flask import Response, make_response, render_template

from engine.queries import studio
from engine.studio_drafts import KINDS, StudioFile
from web.auth.viewer import the_engine, viewer
from web.headers import name_file
from web.studio.blueprint import PAGES, pages
from web.studio.packages import packed

MEDIA_TYPES = {".bpmn": "application/xml", ".dmn": "application/xml", ".form": "application/json"}


@pages.get("")
def procedures() -> str:
    """All procedures, with what the reader drafts."""
    found = studio.procedures(the_engine(), viewer().actor)
    return render_template("studio/procedures.html", found=found, bundles=PAGES)


@pages.get("/procedures/<procedure>")
def procedure(procedure: str) -> str:
    """Files, drafts and versions of one procedure."""
    page = studio.procedure_page(the_engine(), viewer().actor, procedure)
    # Diagrams before decisions before forms, as the endings happen to be ordered.
    files = sorted(page.workspace.files.values(), key=lambda one: (_suffix(one.name), one.name))
    return render_template(
        "studio/procedure.html", page=page, files=files, opens=opens, bundles=PAGES
    )


@pages.get("/procedures/<procedure>/download.zip")
def download(procedure: str) -> Response:
    """The reader's workspace as an archive for the desktop modeler."""
    found = studio.workspace(the_engine(), viewer().actor, procedure)
    return archive(procedure, found.files)


@pages.get("/procedures/<procedure>/versions/<deployment>.zip")
def download_version(procedure: str, deployment: str) -> Response:
    """A published version, byte for byte."""
    files = studio.files_of(the_engine(), viewer().actor, procedure, deployment)
    return archive(procedure, files)


def opens(name: str) -> bool:
    """Whether the studio has an editor for the file."""
    return _suffix(name) in KINDS


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix


def archive(procedure: str, files: Mapping[str, StudioFile]) -> Response:
    """An answer that a browser saves as `<procedure>.zip`."""
    answer = make_response(packed({name: one.content for name, one in files.items()}))
    answer.headers["Content-Type"] = "application/zip"
    name_file(answer, "attachment", f"{procedure}.zip")
    return answer


def bytes_of(file: StudioFile, *, saved: bool) -> Response:
    """The file's very bytes, with what they are and what they lie over."""
    answer = make_response(file.content)
    kind = MEDIA_TYPES.get(_suffix(file.name), "application/octet-stream")
    # The bytes carry their own encoding; saying one here could contradict it.
    answer.headers["Content-Type"] = "application/octet-stream" if saved else kind
    answer.headers["X-Base"] = file.base_sha256
    if saved:
        name_file(answer, "attachment", file.name)
    return answer

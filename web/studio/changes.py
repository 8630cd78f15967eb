"""What changes a procedure as a whole: new, upload, take out, give up, publish."""

from __future__ import annotations

from pathlib import PurePosixPath

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine import studio_drafts
from engine.errors import Conflict, Refusal
from engine.queries import studio
from web.auth.viewer import acting, client_address, the_engine, viewer
from web.errors import said, status_of
from web.studio import blank, complaining, packages
from web.studio.blueprint import PAGES, pages
from web.studio.surroundings import groups, judged


@pages.post("/new")
def begin() -> AnyResponse:
    """A new procedure with an empty diagram."""
    key, name = request.form["key"].strip(), request.form["name"].strip()
    content = blank.diagram(key, name or key)
    file = f"{key}.bpmn"
    try:
        studio_drafts.begin_procedure(*acting(), key, file, content, address=client_address())
    except (Refusal, Conflict) as refusal:
        return _list_again(refusal, key=key, name=name)
    return redirect(url_for("studio.edit", procedure=key, file=file))


@pages.post("/upload")
def upload() -> AnyResponse:
    """Files into a new or known procedure, as drafts."""
    procedure = request.form["procedure"].strip()
    try:
        files, left_out = packages.taken(request.files.getlist("files"))
        studio_drafts.take_in(*acting(), procedure, files, address=client_address())
    except (Refusal, Conflict) as refusal:
        return _list_again(refusal, procedure=procedure)
    flash(_("已收入 %(n)s 个文件，尚未发布。", n=len(files)))
    if left_out:
        flash(_("没有收入：%(names)s。这里只收 .bpmn、.dmn、.form。", names="、".join(left_out)))
    return redirect(url_for("studio.procedure", procedure=procedure))


@pages.post("/procedures/<procedure>/files")
def add_file(procedure: str) -> AnyResponse:
    """A new form or decision table beside the diagram."""
    key, kind = request.form["key"].strip(), request.form["kind"]
    content = blank.form(key) if kind == ".form" else blank.decision(key, key)
    name = key + kind
    studio_drafts.save_draft_file(*acting(), procedure, name, content, "", address=client_address())
    return redirect(url_for("studio.edit", procedure=procedure, file=name))


@pages.post("/procedures/<procedure>/files/<path:file>/remove")
def remove(procedure: str, file: str) -> AnyResponse:
    """Leave a file out of the next version."""
    studio_drafts.remove_file(*acting(), procedure, file, address=client_address())
    flash(_("“%(file)s”不再收入下一版本。", file=file))
    return redirect(url_for("studio.procedures"))


@pages.post("/procedures/<procedure>/discard")
def discard(procedure: str) -> AnyResponse:
    """Give up the drafts: of one file, or all of them."""
    file = request.form.get("file") or None
    studio_drafts.discard_drafts(*acting(), procedure, file, address=client_address())
    flash(_("草稿已放弃。"))
    return redirect(url_for("studio.procedures"))


@pages.get("/procedures/<procedure>/publish")
def ask_publish(procedure: str) -> Response:
    """What would be published, what the check says, and why it is changed."""
    return _publish_page(procedure)


@pages.post("/procedures/<procedure>/publish")
def publish(procedure: str) -> AnyResponse:
    """A new version; running instances stay on theirs."""
    note = request.form.get("note", "")
    try:
        published = studio_drafts.publish(
            *acting(), procedure, note, groups(), address=client_address()
        )
    except (Refusal, Conflict) as refusal:
        return _publish_page(procedure, refusal, note)
    if published.unchanged:
        flash(_("内容与现行版本相同，没有产生新版本。"))
    else:
        number = max((version for _key, version in published.definitions), default=0)
        flash(_("已发布第 %(n)s 版。正在办理的流程仍按原版本进行。", n=number))
    return redirect(url_for("studio.procedure", procedure=procedure))


def _publish_page(
    procedure: str, refusal: Refusal | Conflict | None = None, note: str = ""
) -> Response:
    page = studio.procedure_page(the_engine(), viewer().actor, procedure)
    found = judged(page.workspace.contents)
    body = render_template(
        "studio/publish.html",
        page=page,
        complaints=complaining.rows(found.complaints),
        refused=bool(found.errors),
        words=said(refusal) if refusal else "",
        note=note,
        bundles=PAGES,
    )
    return make_response(body, status_of(refusal) if refusal else 200)


def _list_again(refusal: Refusal | Conflict, **typed: str) -> Response:
    found = studio.procedures(the_engine(), viewer().actor)
    words = said(refusal)
    body = render_template(
        "studio/procedures.html", found=found, words=words, typed=typed, bundles=PAGES
    )
    return make_response(body, status_of(refusal))


def kind_of(name: str) -> str:
    """diagram, form or decision: which editor opens it."""
    kinds = {".bpmn": "diagram", ".form": "form", ".dmn": "decision"}
    return kinds[PurePosixPath(name).suffix]

"""Exporting a request's file: why is asked first, and recorded with it (SEC-22)."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, make_response, render_template, request
from flask_babel import gettext as _

from engine.dossiers import gather_dossier
from engine.errors import Refusal
from engine.queries import instances
from forms.adapter import FormsAdapter
from web.auth.viewer import acting, client_address, the_engine, viewer
from web.dossier.archive import pack
from web.dossier.binding import bind
from web.errors import said

pages = Blueprint("dossier", __name__)


@pages.get("/instances/<instance_id>/dossier")
def ask(instance_id: str) -> str:
    """The page that asks for the reason."""
    return _asked(instance_id, "")


@pages.post("/instances/<instance_id>/dossier")
def export(instance_id: str) -> Response:
    """The PDF, or the zip with everything, as the pressed button says."""
    reason = request.form.get("reason", "")
    try:
        dossier = gather_dossier(*acting(), instance_id, reason, address=client_address())
    except Refusal as refusal:
        return make_response(_asked(instance_id, said(refusal)), 422)
    forms = the_engine().forms
    assert isinstance(forms, FormsAdapter)
    pdf = bind(dossier, forms, _reader(), reason.strip())
    if request.form.get("as") == "pdf":
        return _download(pdf, "application/pdf", f"{dossier.request_no}.pdf")
    return _download(pack(dossier, pdf), "application/zip", f"{dossier.request_no}.zip")


def _asked(instance_id: str, words: str) -> str:
    page = instances.instance_page(the_engine(), viewer().actor, instance_id)
    typed = request.form.get("reason", "")
    return render_template("instances/dossier.html", page=page, words=words, typed=typed)


def _reader() -> str:
    person = viewer()
    return "　".join(filter(None, (person.agency_name, person.unit_name, person.name)))


def _download(content: bytes, media_type: str, name: str) -> Response:
    answer = make_response(content)
    answer.headers["Content-Type"] = media_type
    title = quote(_("卷宗") + "-" + name)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{title}"
    answer.headers["Cache-Control"] = "no-store"
    return answer

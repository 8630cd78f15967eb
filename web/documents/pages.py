"""A document: its page, its pages as pictures, versions, editing, verification, receipts."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.documents import editing, previewing, receipts, verifying
from engine.errors import Refusal
from engine.queries import documents, envelopes
from web.auth.viewer import acting, client_address, the_engine, viewer
from web.documents import differences, words
from web.errors import said
from web.headers import name_file
from web.language import language
from web.vocabulary import message_name

pages = Blueprint("documents", __name__)
PDF = "application/pdf"


@pages.get("/documents/<document_id>")
def show(document_id: str) -> str:
    """Everything about a document; the reading is recorded."""
    page = documents.document_page(*acting(), document_id, address=client_address())
    return render_template("documents/document.html", **_context(page))


@pages.get("/documents/<document_id>/preview")
def preview(document_id: str) -> str:
    """Its pages, its words and what people changed, for htmx to put into a page."""
    page = documents.document_page(*acting(), document_id, address=client_address())
    return render_template("documents/preview.html", **_context(page))


@pages.get("/documents/<document_id>/<any(pdf, docx):kind>")
def original(document_id: str, kind: str) -> Response:
    """The very bytes whose digest is on record."""
    found = documents.read_document(*acting(), document_id, kind, address=client_address())
    return _file(found.content, found.media_type, found.filename, "attachment")


@pages.get("/documents/<document_id>/reading.pdf")
def reading(document_id: str) -> Response:
    """To be read and printed: it says on every page who read it and when."""
    filename, pdf = previewing.reading_copy(*acting(), document_id, address=client_address())
    return _file(pdf, PDF, filename, "inline")


@pages.post("/documents/<document_id>/verify")
def verify(document_id: str) -> AnyResponse:
    """Make it once more and compare the digests."""
    found = verifying.verify_document(*acting(), document_id, address=client_address())
    flash(words.verified(found, language()), "success" if found.kept else "error")
    return redirect(url_for("documents.show", document_id=document_id))


@pages.get("/documents/<document_id>/compare")
def compare(document_id: str) -> str:
    """Two versions, the differences marked."""
    other = request.args.get("with", "")
    found = documents.compare_versions(*acting(), document_id, other, address=client_address())
    blocks = differences.compared(found.blocks_before, found.blocks_after)
    return render_template("documents/compare.html", found=found, blocks=blocks)


@pages.get("/documents/<document_id>/edit")
def edit(document_id: str) -> str:
    """The words of a draft, paragraph by paragraph."""
    found = editing.document_words(*acting(), document_id, address=client_address())
    return render_template("documents/edit.html", words=found, typed={}, problem="")


@pages.post("/documents/<document_id>/edit")
def save(document_id: str) -> AnyResponse:
    """A new version; what the engine says no to comes back with the typing."""
    texts = _texts(request.form)
    reason = request.form.get("reason", "")
    try:
        made = editing.edit_document(
            *acting(), document_id, texts, reason, address=client_address()
        )
    except Refusal as refusal:
        found = editing.document_words(*acting(), document_id, address=client_address())
        typed = {"reason": reason, **texts}
        page = render_template(
            "documents/edit.html", words=found, typed=typed, problem=said(refusal)
        )
        return make_response(page, 422)
    flash(_("已保存为新的一版，改动处会向审核人显示。"))
    return redirect(url_for("documents.show", document_id=made))


@pages.get("/instances/<instance_id>/documents")
def of_request(instance_id: str) -> str:
    """All documents of the request that the reader may see."""
    found = documents.documents_of_request(the_engine(), viewer().actor, instance_id)
    return render_template("documents/list.html", found=found, instance_id=instance_id)


@pages.get("/envelopes/<envelope_id>/receipt.pdf")
def receipt(envelope_id: str) -> Response:
    """回执 of a message, to both sides."""
    name = envelopes.name_of(the_engine(), envelope_id)
    pdf = receipts.receipt(*acting(), envelope_id, message_name(name), address=client_address())
    return _file(pdf, PDF, f"{_('回执')} {name}.pdf", "inline")


def _context(page: documents.DocumentPage) -> dict[str, Any]:
    shown = previewing.document_pages(*acting(), page.document.id, address=client_address())
    return {
        "page": page,
        "document": page.document,
        "pictures": [b64encode(picture).decode() for picture in shown.pictures],
        "filled": shown.filled,
        "edits": [differences.pieces(one.was, one.now) for one in page.edits],
        "stations": [words.station(one) for one in page.stations],
    }


def _texts(form: Mapping[str, str]) -> dict[int, str]:
    """`paragraph-3` → the words of block 3."""
    found = {}
    for name, text in form.items():
        head, _dash, number = name.partition("-")
        if head == "paragraph" and number.isascii() and number.isdigit():
            found[int(number)] = text
    return found


def _file(content: bytes, media_type: str, filename: str, disposition: str) -> Response:
    answer = make_response(content)
    answer.headers["Content-Type"] = media_type
    name_file(answer, disposition, filename)
    return answer

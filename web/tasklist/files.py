"""Uploaded files, back to those who may see them."""

from __future__ import annotations

from flask import Blueprint, Response, make_response

from engine.attachments import read_file
from web.auth.viewer import acting, client_address
from web.headers import name_file

pages = Blueprint("files", __name__)

_SHOWN_INLINE = ("application/pdf", "image/jpeg", "image/png")


@pages.get("/files/<file_id>")
def show(file_id: str) -> Response:
    """The file; what a browser can show safely it shows, the rest is saved. Recorded."""
    found = read_file(*acting(), file_id, address=client_address())
    answer = make_response(found.content)
    answer.headers["Content-Type"] = found.media_type
    disposition = "inline" if found.media_type in _SHOWN_INLINE else "attachment"
    name_file(answer, disposition, found.filename)
    return answer

"""The blueprint that the studio's modules hang their pages on."""

from __future__ import annotations

from flask import Blueprint, Response, request

from engine.errors import Forbidden
from engine.permissions import may_draw
from web.auth.viewer import viewer
from web.headers import POLICY

pages = Blueprint("studio", __name__, url_prefix="/studio")

PAGES = ["studio.css"]
"""What every page of the studio loads beside the common bundle."""

# The editors of bpmn.io (CodeMirror, form-js, dmn-js) write <style> elements and style="" of their
# own. Scripts stay where they are: 'self', nothing inline, no eval. See docs/decisions/0008.
_STYLES = "style-src 'self' 'unsafe-inline'"


@pages.before_request
def only_analysts() -> None:
    """Every page of the studio is for those who draw."""
    if not may_draw(viewer().actor):
        raise Forbidden("studio.may_not_draw")


@pages.after_request
def allow_styles(answer: Response) -> Response:
    """Loosen the policy for the editors' styles, on the editors' pages only."""
    if request.endpoint == "studio.edit":
        answer.headers["Content-Security-Policy"] = POLICY.replace("style-src 'self'", _STYLES)
    return answer

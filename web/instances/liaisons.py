"""联络名录: whom to call at the other agency, day and night (procedures B27)."""

from __future__ import annotations

from flask import Blueprint, render_template

from engine.permissions import on_duty
from engine.queries.liaisons import read_liaisons
from web.auth.viewer import acting, client_address, viewer

pages = Blueprint("liaisons", __name__)


@pages.get("/liaisons")
def show() -> str:
    """Both agencies' directory; names and phones for the roles on duty, each reading recorded."""
    return render_template(
        "instances/liaisons.html",
        agencies=read_liaisons(*acting(), address=client_address()),
        opened=on_duty(viewer().actor),
    )

"""The blueprint that the supervisors' modules hang their pages on."""

from __future__ import annotations

from flask import Blueprint

from engine.queries.supervision import overseen
from web.auth.viewer import viewer

pages = Blueprint("cockpit", __name__)


@pages.before_request
def only_supervisors() -> None:
    """Every page here is for those who supervise their agency."""
    overseen(viewer().actor)

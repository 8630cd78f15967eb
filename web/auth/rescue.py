"""A form sent after the session went idle: its typing becomes the sender's own draft."""

from __future__ import annotations

from flask import request
from werkzeug.datastructures import MultiDict

from engine.drafts import save_draft, start_key
from engine.errors import LiandongError
from engine.queries.sessions import owner_of_idle_session
from forms.drafts import capture
from web.auth.viewer import client_address, the_engine


def rescue_typing(session_key: str) -> None:
    """Save what was sent to a task or a start form; the CSRF token has been checked before."""
    key = _draft_key()
    if key is None or request.method != "POST":
        return
    owner = owner_of_idle_session(the_engine(), session_key)
    if owner is None:
        return
    try:
        save_draft(
            the_engine(), owner, key, capture(MultiDict(request.form)), address=client_address()
        )
    except LiandongError:
        # Somebody who has left meanwhile has no draft to come back to.
        return


def _draft_key() -> str | None:
    """The key under which the form of this endpoint keeps its draft; None for other endpoints."""
    named = request.view_args or {}
    if request.endpoint in ("tasks.submit", "tasks.draft"):
        return str(named["task_id"])
    if request.endpoint in ("start.submit", "start.draft"):
        return start_key(str(named["process_key"]), request.form.get("_request"))
    return None

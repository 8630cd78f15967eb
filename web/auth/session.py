"""The signed-in browser: a random key in a cookie of its own, the session itself in the database.

Flask's signed cookie carries only the CSRF token, the language, flash messages and the minute of
the last act; nothing in it opens anything.
"""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask, g, redirect, request, session, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import Unauthorized
from werkzeug.wrappers import Response

from engine import sign_in
from engine.actors import Actor
from engine.errors import Forbidden
from engine.password_resets import must_change
from engine.rehearsal import is_rehearsing, may_advance_clock
from web.auth.rescue import rescue_typing
from web.auth.viewer import Viewer, client_address, the_engine
from web.settings import WebSettings

COOKIE = "liandong"
PUBLIC = frozenset({"static", "auth.sign_in", "auth.choose_language", "home"})
"""Endpoints that need no signed-in person."""
WITH_A_GIVEN_PASSWORD = PUBLIC | {"auth.password", "auth.sign_out"}
"""All that a password opens which an administrator gave (SEC-05)."""
_ACTIVE = "active_at"


def install(app: Flask, settings: WebSettings) -> None:
    """Find the viewer before every request; send strangers to the sign-in page."""

    def find_viewer() -> Response | None:
        if request.endpoint == "static":
            return None
        actor = _actor(settings)
        g.viewer = Viewer(the_engine(), actor) if actor else None
        if actor is None and request.endpoint is not None and request.endpoint not in PUBLIC:
            return _to_sign_in()
        return _to_own_password(actor)

    app.before_request(find_viewer)
    app.context_processor(_for_templates)


def _to_own_password(actor: Actor | None) -> Response | None:
    """Who signed in with a password that an administrator gave chooses his own, nothing else."""
    if actor is None or request.endpoint in WITH_A_GIVEN_PASSWORD - {"home"}:
        return None
    return redirect(url_for("auth.password")) if must_change(the_engine(), actor.id) else None


def begin(answer: Response, signed_in: sign_in.SignedIn, settings: WebSettings) -> Response:
    """Put the key of a new session into the browser; what the old one left is dropped."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    answer.set_cookie(
        COOKIE,
        signed_in.session_key,
        expires=signed_in.expires_at,
        httponly=True,
        secure=settings.secure_cookies,
        samesite="Lax",
    )
    return answer


def end(answer: Response) -> Response:
    """Sign the browser out."""
    sign_in.sign_out(the_engine(), request.cookies.get(COOKIE, ""), client_address())
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    answer.delete_cookie(COOKIE)
    return answer


def is_background() -> bool:
    """A page that refreshes itself is no sign of life of its reader (SEC-08)."""
    return request.headers.get("X-Background") == "1"


def _actor(settings: WebSettings) -> Actor | None:
    key = request.cookies.get(COOKIE)
    if not key or (is_background() and _idle(settings)):
        return None
    try:
        actor = sign_in.actor_of_session(the_engine(), key, client_address(), idle=settings.idle)
    except Forbidden:
        return None
    if actor and not is_background():
        _note_act()
    return actor


def _idle(settings: WebSettings) -> bool:
    last = datetime.fromtimestamp(session.get(_ACTIVE, 0), UTC)
    return the_engine().clock.now() - last > settings.idle


def _note_act() -> None:
    minute = int(the_engine().clock.now().timestamp()) // 60 * 60
    if session.get(_ACTIVE) != minute:
        session[_ACTIVE] = minute


def _to_sign_in() -> Response:
    """Somebody whose session is over hears why; an htmx exchange makes the whole page move."""
    had_session = COOKIE in request.cookies
    if had_session:
        rescue_typing(request.cookies[COOKIE])
    back = request.full_path.rstrip("?") if request.method == "GET" else _form_page()
    target = url_for("auth.sign_in", next=_path(back), why="idle" if had_session else None)
    if request.headers.get("HX-Request"):
        answer = Unauthorized(_("请重新登录")).get_response(request.environ)
        answer.headers["HX-Redirect"] = target
        return answer
    return redirect(target)


def _form_page() -> str | None:
    """Where the form stands that was sent: its own address, or the page it came from."""
    if request.endpoint in ("tasks.submit", "start.submit"):
        return request.path
    return request.referrer


def _path(back: str | None) -> str | None:
    """Only the path of an address of ours: nobody is led away from here."""
    if not back:
        return None
    if back.startswith(request.host_url):
        back = "/" + back[len(request.host_url) :]
    return back if safe(back) else None


def safe(path: str) -> bool:
    """Whether a redirection to `path` stays on this site.

    Browsers leave tabs and line breaks out of an address: "/<tab>/elsewhere" would lead away.
    """
    return path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()


def _for_templates() -> dict[str, object]:
    """Nothing that would ask the database where it has just failed (web.errors)."""
    if g.get("without_database"):
        return {"viewer": None, "counts": None, "rehearsing": False, "moves_clock": False}
    found = g.get("viewer")
    return {
        "viewer": found,
        "counts": found.counts if found else None,
        "rehearsing": is_rehearsing(the_engine()),
        "moves_clock": bool(found) and may_advance_clock(found.actor),
    }

"""The pages: `create_app` makes the Flask application around an engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask, g, redirect, url_for
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from web import bundles, errors, headers, language, limits, rest, times, vocabulary
from web.admin.pages import pages as admin_pages
from web.auth import session as auth_session
from web.auth.pages import make_pages as make_auth_pages
from web.chips import instance_chip
from web.cockpit import pages as cockpit_pages
from web.documents import words as document_words
from web.documents.pages import pages as document_pages
from web.dossier.pages import pages as dossier_pages
from web.instances.liaisons import pages as liaison_pages
from web.instances.pages import pages as instance_pages
from web.instances.watch_list import pages as watch_list_pages
from web.settings import WebSettings
from web.studio import pages as studio_pages
from web.tasklist.files import pages as file_pages
from web.tasklist.lists import pages as list_pages
from web.tasklist.start import pages as start_pages
from web.tasklist.tasks import pages as task_pages
from web.tracing import pages as tracing

if TYPE_CHECKING:
    from engine.engine import Engine

__all__ = ["WebSettings", "create_app"]


def create_app(engine: Engine, settings: WebSettings) -> Flask:
    """The application for one engine; nothing is global, so tests make as many as they like."""
    app = Flask(__name__)
    app.extensions["liandong"] = engine
    rest.mount(app, settings)
    _configure(app, settings)
    CSRFProtect(app)
    for part in (bundles, language, vocabulary, errors, headers, limits):
        part.install(app)
    auth_session.install(app, settings)
    _install_words(app)
    tracing.install(app, settings)
    _register(app, settings)
    return app


def _configure(app: Flask, settings: WebSettings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="liandong-page",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=settings.upload_limit,
        WORKFLOWS=settings.workflows,
        # A form may stay open through the night; the token lives as long as the session cookie.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=settings.secure_cookies,
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        proxied = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
        app.wsgi_app = proxied  # type: ignore[method-assign]


def _install_words(app: Flask) -> None:
    app.jinja_env.globals.update(
        chip=times.chip,
        shown=times.shown,
        shown_short=times.shown_short,
        shown_due=times.shown_due,
        clock_time=times.clock_time,
        instance_chip=instance_chip,
        document_state=document_words.state,
        now=lambda: app.extensions["liandong"].clock.now(),
    )


def _register(app: Flask, settings: WebSettings) -> None:
    for pages in (
        make_auth_pages(settings),
        list_pages,
        start_pages,
        task_pages,
        file_pages,
        instance_pages,
        document_pages,
        dossier_pages,
        watch_list_pages,
        liaison_pages,
        cockpit_pages,
        admin_pages,
        studio_pages,
        tracing.pages,
    ):
        app.register_blueprint(pages)

    app.add_url_rule("/", "home", _home)


def _home() -> Response:
    """Everybody's first page: the inbox, the directory, the studio, or the sign-in page."""
    if g.viewer is None:
        return redirect(url_for("auth.sign_in"))
    if g.viewer.administers:
        return redirect(url_for("admin.directory"))
    if g.viewer.actor.roles == {"analyst"}:
        return redirect(url_for("studio.procedures"))
    return redirect(url_for("tasklist.inbox"))

"""Sign-in, sign-out, the choice of language."""

from __future__ import annotations

from flask import (
    Blueprint,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine import sign_in as sessions
from engine.directory import change_password
from engine.errors import Refusal
from engine.queries import people
from web.auth.session import begin, end, safe
from web.auth.viewer import acting, client_address, the_engine
from web.errors import said
from web.language import LOCALES
from web.settings import WebSettings

_IDLE = "idle"


def make_pages(settings: WebSettings) -> Blueprint:
    """The blueprint; the settings say how the cookie is set."""
    pages = Blueprint("auth", __name__)

    @pages.route("/sign-in", methods=["GET", "POST"])
    def sign_in() -> Response:
        """Who signs in already goes to his page; a refusal keeps the login that was typed."""
        if request.method == "GET":
            return redirect(url_for("home")) if g.viewer else _form()
        try:
            signed_in = sessions.sign_in(
                the_engine(),
                request.form.get("login", ""),
                request.form.get("password", ""),
                client_address() or "",
            )
        except Refusal as refusal:
            return _form(refusal)
        return begin(redirect(_next()), signed_in, settings)

    @pages.post("/sign-out")
    def sign_out() -> Response:
        """Back to the sign-in page."""
        return end(redirect(url_for("auth.sign_in")))

    @pages.route("/password", methods=["GET", "POST"])
    def password() -> Response:
        """One's own password; afterwards every browser signs in anew."""
        if request.method == "GET":
            return make_response(render_template("auth/password.html", words=""))
        try:
            _change_password()
        except Refusal as refusal:
            body = render_template("auth/password.html", words=said(refusal))
            return make_response(body, 422)
        flash(_("密码已更改，请用新密码重新登录。"))
        return redirect(url_for("auth.sign_in"))

    @pages.post("/language")
    def choose_language() -> Response:
        """Chinese or English from now on, in this browser."""
        chosen = request.form.get("language", "")
        if chosen in LOCALES:
            session["language"] = chosen
        back = request.form.get("back", "")
        return redirect(back if safe(back) else url_for("home"))

    return pages


def _change_password() -> None:
    new = request.form.get("new", "")
    if new != request.form.get("again", ""):
        raise Refusal("password.not_repeated")
    change_password(*acting(), request.form.get("old", ""), new, address=client_address())


def _form(refusal: Refusal | None = None) -> Response:
    notice = _("您已 15 分钟未操作，系统已自动退出。请重新登录，已保存的草稿不会丢失。")
    body = render_template(
        "auth/sign_in.html",
        login=request.form.get("login", ""),
        next=request.values.get("next", ""),
        words=said(refusal) if refusal else "",
        notice=notice if request.args.get("why") == _IDLE else "",
        demo=people.demo_sheet(the_engine()),
    )
    return make_response(body, _status(refusal))


def _status(refusal: Refusal | None) -> int:
    if refusal is None:
        return 200
    return 429 if refusal.code == "sign_in.locked" else 422


def _next() -> str:
    wanted = request.form.get("next", "")
    return wanted if safe(wanted) else url_for("home")

"""密码重设确认: the second administrator (docs/decisions/0012)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.password_resets import confirm_reset, pending
from web.auth.viewer import acting, client_address, the_engine, viewer

pages = Blueprint("resets", __name__, url_prefix="/password-resets")


@pages.get("")
def waiting() -> str:
    """The resets that wait for the reader; nothing for everybody else."""
    return render_template("admin/resets.html", resets=pending(the_engine(), viewer().actor))


@pages.post("/<reset_id>/confirm")
def confirm(reset_id: str) -> Response:
    """It counts from now on."""
    confirm_reset(*acting(), reset_id, address=client_address())
    flash(_("已确认，新密码可以登录一次并须立即更改。"))
    return redirect(url_for("admin.resets.waiting"))

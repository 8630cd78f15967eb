"""A page for one act of a supervisor: what it is about, what will happen, why it is done.

The same page serves with and without JavaScript. Whatever the engine says no to comes back as a
sentence above the form, with everything that was typed still in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, make_response, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine import reasons
from engine.errors import Conflict, Forbidden, LiandongError, Refusal
from web.errors import said, status_of
from web.language import language
from web.messages import sentence


@dataclass(frozen=True)
class Act:
    """What the page of an act says. `obstacle`: why it cannot be done now; no form then."""

    heading: str
    about: str
    back: str
    consequences: Sequence[str]
    button: str
    done: str
    dangerous: bool = False
    """Asks for a tick as well: it cannot be undone."""
    obstacle: str = ""
    reason_label: str = ""
    seen: str = ""
    """What the reader has seen; sent back, so that a change meanwhile is noticed."""


def will(code: str, **params: Any) -> str:
    """A sentence of what will happen, or why something cannot be done."""
    return sentence(code, params, language())


def listed(names: Sequence[str]) -> str:
    """“a”、“b” and no third: 等 n 项 says the rest."""
    named = "、".join(f"“{name}”" for name in names[:3])
    return _("%(names)s等 %(n)s 项", names=named, n=len(names)) if len(names) > 3 else named


def carry_out(
    act: Act,
    perform: Callable[[str], object],
    template: str = "cockpit/act.html",
    **context: Any,
) -> Response:
    """Show the page; when it is sent, do it and go back to where the reader came from."""
    if request.method == "GET":
        return _page(act, template, context)
    try:
        _require_consent(act)
        reason = request.form.get("reason", "")
        reasons.require(reason)
        perform(reason)
    except (Refusal, Conflict, Forbidden) as problem:
        return _page(act, template, context, problem)
    flash(act.done)
    return redirect(act.back)


def _require_consent(act: Act) -> None:
    if act.seen and request.form.get("seen") != act.seen:
        raise Conflict("act.moved_on")
    if act.dangerous and request.form.get("confirmed") != "1":
        raise Refusal("act.not_confirmed")


def _page(
    act: Act, template: str, context: dict[str, Any], problem: LiandongError | None = None
) -> Response:
    words = said(problem) if problem else ""
    body = render_template(template, act=act, words=words, typed=request.form, **context)
    return make_response(body, status_of(problem) if problem else 200)

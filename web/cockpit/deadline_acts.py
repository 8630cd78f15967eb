"""Extend a time limit by a decision that the law allows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine import deadlines as verbs
from engine.errors import Refusal
from engine.queries.deadlines import DeadlineView
from engine.queries.stepping_in import limit, situation
from engine.timing.rules import RULES
from engine.timing.zone import SHANGHAI
from web.auth.viewer import acting, client_address, the_engine, viewer
from web.cockpit.acting import Act, carry_out, will
from web.cockpit.blueprint import pages
from web.instances import story
from web.vocabulary import norms

_LONGEST_CLAUSE = 200


@pages.route("/deadlines/<deadline_id>/extend", methods=["GET", "POST"])
def extend(deadline_id: str) -> Response:
    """Into the period that the law names, by a number of days or hours, or until an instant."""
    found = limit(the_engine(), viewer().actor, deadline_id)
    about = situation(the_engine(), viewer().actor, found.instance_id)
    act = Act(
        heading=_("延长期限"),
        about=f"{about.process_name} · {about.case_no or about.business_key}",
        back=url_for("instances.show", instance_id=found.instance_id),
        consequences=[will("act.extend.moves"), will("act.extend.ledger")],
        button=_("延长期限"),
        done=_("期限已延长。"),
        obstacle="" if found.running else will("act.extend.over"),
        reason_label=_("延长理由"),
    )
    return carry_out(
        act,
        lambda ground: verbs.extend_deadline(
            *acting(), deadline_id, ground, _clause(), **_until(found), address=client_address()
        ),
        "cockpit/extend.html",
        found=found,
        longer=_longer(found),
        most=_most(found),
        cited=[clause.cite for clause in story.clauses(found)],
        derivation=story.derivation(found),
        ledger_words=story.ledger_words,
    )


def _clause() -> str:
    """What the extension rests on. Raises `Refusal`: an extension without law is none."""
    clause = request.form.get("clause", "").strip()
    if not 0 < len(clause) <= _LONGEST_CLAUSE:
        raise Refusal("act.extend.clause", longest=_LONGEST_CLAUSE)
    return clause


def _until(found: DeadlineView) -> dict[str, Any]:
    """The one way of extending that was chosen. Raises `Refusal`."""
    chosen = request.form.get("to")
    if chosen == "period":
        return {"period": _longer(found)}
    if chosen == "amount":
        return {"amount": request.form.get("amount", type=int) or 0}
    if chosen == "due":
        return {"due": _instant(request.form.get("due", ""))}
    raise Refusal("act.extend.nothing_chosen")


def _instant(written: str) -> datetime:
    """As it is read on a Chinese wall. Raises `Refusal`."""
    try:
        return datetime.fromisoformat(written).replace(tzinfo=SHANGHAI)
    except ValueError:
        raise Refusal("act.extend.instant") from None


def _longer(found: DeadlineView) -> str | None:
    """The period that the law lets this one be extended into."""
    row = norms().periods.get(found.period_id)
    return row.extends_to if row else None


def _most(found: DeadlineView) -> tuple[int, str] | None:
    """The largest number that the law lets be chosen, and of what; None where it lets no more."""
    row = norms().periods.get(found.period_id)
    if row is None or row.most is None or row.most <= (row.amount or 0):
        return None
    units = {
        "working_day": _("个工作日"),
        "day": _("日"),
        "hour": _("小时"),
        "month": _("个月"),
        "year": _("年"),
    }
    return row.most, units[RULES[row.rule].unit]

"""The state of an instance, or of a person of the directory, as a chip."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from engine.queries.people import PersonView


def instance_chip(instance: Any) -> Markup:
    """`instance` has state, outcome and incident_count: a row of a list or the instance itself."""
    style, words = _state(instance)
    chip = Markup('<span class="chip chip-{}">{}</span>').format(style, words)
    if instance.incident_count:
        chip += Markup(' <span class="chip chip-overdue">{}</span>').format(_("异常"))
    return chip


def person_chip(person: PersonView) -> Markup:
    """Whether somebody of the directory can sign in."""
    if not person.active:
        style, words = "paused", _("已离任")
    elif person.locked_until:
        style, words = "tier2", _("已锁定")
    else:
        style, words = "on-time", _("在岗")
    return Markup('<span class="chip chip-{}">{}</span>').format(style, words)


def _state(instance: Any) -> tuple[str, str]:
    states = {
        "active": ("on-time", _("办理中")),
        "suspended": ("paused", _("已中止")),
        "completed": ("met", instance.outcome or _("已办结")),
        "cancelled": ("paused", _("已撤销")),
        "terminated": ("paused", _("已终止")),
    }
    return states.get(instance.state, ("paused", instance.state))

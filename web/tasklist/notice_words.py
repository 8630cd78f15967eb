"""Notices in sentences: the engine stores a kind and parameters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from engine.queries.notices import Notice
from web.language import language
from web.messages import sentence
from web.vocabulary import with_names


@dataclass(frozen=True)
class ToldNotice:
    """A notice with its sentence; `style` is the class of its chip."""

    id: str
    at: datetime
    read_at: datetime | None
    instance_id: str | None
    business_key: str | None
    label: str
    style: str
    words: str


def told(notice: Notice) -> ToldNotice:
    """The notice with its label and sentence; a drawn notice brings its own text."""
    label, style = _label(notice)
    params = {**notice.params, "task": notice.params.get("name", notice.params.get("task"))}
    return ToldNotice(
        id=notice.id,
        at=notice.at,
        read_at=notice.read_at,
        instance_id=notice.instance_id,
        business_key=notice.business_key,
        label=label,
        style=style,
        words=params.get("text")
        or sentence(f"notice.{notice.kind}", with_names(params), language()),
    )


def _label(notice: Notice) -> tuple[str, str]:
    labels = {
        "reminder": (_("期限提醒"), "tier3"),
        "overdue": (_("逾期"), "overdue"),
        "escalation": (_("逾期升级"), "overdue"),
        "message": (_("来件"), "on-time"),
        "task": (_("任务"), "on-time"),
        "incident": (_("异常"), "tier2"),
        "correction": (_("更正"), "tier3"),
    }
    return labels.get(notice.kind, (_("通知"), "paused"))

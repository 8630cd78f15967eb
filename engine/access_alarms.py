"""越权告警: whoever is refused an act or a reading alarms those who watch (SEC-14, B28)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Text, exists, select, type_coerce

from engine.store.models import Notification
from engine.store.unit_of_work import Unit

KIND = "alarm"
WATCHERS = ("audit_admin", "sec_admin")
QUIET = timedelta(hours=1)
"""One alarm for each person in this time: the audit holds every refusal, the inbox need not."""


def alarm(unit: Unit, code: str, what: str) -> None:
    """Tell the watchers of the actor's agency, unless they were told of him just now.

    `code`: of the refusal; `what`: the verb. A stranger without agency alarms nobody here.
    """
    agency_id, person = unit.actor.agency_id, unit.actor.id
    if agency_id is None or _told_already(unit, agency_id, person):
        return
    for role in WATCHERS:
        params = {"code": code, "what": what, "person": person}
        unit.notify(KIND, agency_id=agency_id, role=role, level=1, params=params)


def _told_already(unit: Unit, agency_id: str, person: str) -> bool:
    lately = exists().where(
        Notification.agency_id == agency_id,
        Notification.kind == KIND,
        Notification.at > unit.now - QUIET,
        type_coerce(Notification.params, Text).contains(f'"person":"{person}"', autoescape=True),
    )
    return bool(unit.session.scalar(select(lately)))

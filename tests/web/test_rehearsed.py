"""Moving the clock on: limits warn, pass and escalate, each at its own instant, and it is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from engine import rehearsal
from engine.engine import Engine
from engine.store.models import Deadline, DeadlineEntry
from tests.factories import NIGHT, PASSWORD
from tests.web.control import Control, under_control


@pytest.fixture
def control(engine: Engine) -> Control:
    made = under_control(engine)
    engine.clock = rehearsal.demonstration_clock(engine.database, engine.clock)
    return made


def test_a_night_lets_the_two_hours_warn_pass_and_escalate(
    app: Flask, engine: Engine, control: Control
) -> None:
    client = app.test_client()
    client.post("/sign-in", data={"login": "sysadmin", "password": PASSWORD})
    told = client.post("/admin/clock", data={"step": "night"}, follow_redirects=True).text
    assert "提醒 2 次，逾期 1 项，升级" in told
    assert "流程定时触发 1 次" in told
    with engine.database.read() as session:
        limit = session.get_one(Deadline, control.limit)
        entries = session.execute(
            select(DeadlineEntry.kind, DeadlineEntry.recorded_at)
            .where(DeadlineEntry.deadline_id == control.limit)
            .order_by(DeadlineEntry.recorded_at)
        ).all()
    assert limit.state == "overdue"
    assert [(kind, at - NIGHT) for kind, at in entries[:4]] == [
        ("start", timedelta()),
        ("reminder", timedelta(hours=1)),
        ("reminder", timedelta(hours=1, minutes=36)),
        ("overdue", timedelta(hours=2)),
    ]
    assert {kind for kind, _ in entries[4:]} == {"escalation"}

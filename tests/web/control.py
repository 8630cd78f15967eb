"""The night by the real verbs: a person under control, the two-hour clock running, a colleague."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from engine.engine import Engine
from engine.instances import start_process
from engine.jobs import drain
from engine.store.models import Deadline, ProcessInstance, UserTask
from engine.user_tasks import claim_user_task, complete_user_task
from tests.factories import COURT, World
from tests.web.night import NUMBER, the_evening_before


@dataclass(frozen=True)
class Control:
    """Ids of the court's side: instance, open task 法院响应 of the handler, its limit."""

    court: str
    respond: str
    limit: str


def under_control(engine: Engine) -> Control:
    """From the request to the station's report, each by whoever does it."""
    the_evening_before(engine)
    with engine.database.write() as session:
        world = World(engine, session)
        world.person("colleague", "court-enforcement", "court_handler", name="承办人壬", demo=True)
    start_process(engine, "handler", "night", {
        "case_no": "（2026）豫1321执12号", "doc_no": NUMBER, "efforts": "多次上门查找未果",
    })
    _complete(engine, "handler", "Task_Request")
    _complete(engine, "president", "Task_Approve")
    drain(engine)
    _complete(engine, "station", "Task_Control")
    drain(engine)
    with engine.database.read() as session:
        court = session.scalars(
            select(ProcessInstance.id).where(ProcessInstance.agency_id == COURT)
        ).one()
        respond = session.scalars(select(UserTask.id).where(_open("Task_Respond"))).one()
        limit = session.scalars(select(Deadline.id).where(Deadline.instance_id == court)).one()
    return Control(court, respond, limit)


def _open(element: str):
    return (UserTask.element_id == element) & (UserTask.state == "open")


def _complete(engine: Engine, person: str, element: str) -> None:
    with engine.database.read() as session:
        task = session.scalars(select(UserTask).where(_open(element))).one()
    if task.assignee is None:
        claim_user_task(engine, person, task.id)
    complete_user_task(engine, person, task.id, {})

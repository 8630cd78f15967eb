"""A night in the database: a person under control at a station, the two-hour clock running."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import orjson
from sqlalchemy import select

from engine.definitions import EXPANDED
from engine.deployments import deploy
from engine.engine import Engine
from engine.store.models import Post, ProcessDefinition, Resource, Setting
from tests.factories import COURT, POLICE, World

DATA = Path(__file__).parent / "data"
NUMBER = "411321180001010005"


@dataclass(frozen=True)
class Night:
    """Ids of what tests point at."""

    definition: str
    court: str
    police: str
    respond: str
    free: str
    others: str
    deadline: str
    incident: str
    notice: str
    post: str


def the_night(engine: Engine) -> Night:
    """People, two instances of one request, tasks in every state of urgency."""
    with engine.database.write() as session:
        world = World(engine, session)
        world.agencies()
        _people(world)
        ours, theirs = _definitions(world)
        court = world.instance(ours)
        police = world.instance(
            theirs, agency_id=POLICE, unit_id="police-station-1", started_by="system"
        )
        limit = world.deadline(
            court, world.now - timedelta(minutes=48), world.now + timedelta(minutes=72)
        )
        respond = world.task(
            court, "法院响应", assignee="handler", form_key="night_respond", priority=90,
            claimed_at=world.now - timedelta(minutes=40), due_at=limit.due_at,
            deadline_id=limit.id, unit_id="court-enforcement",
        )
        free = world.task(
            court, "核对查控请求有效期", element_id="Task_Handover", unit_id="court-enforcement",
            due_at=world.now + timedelta(days=3, hours=4),
        )
        others = world.task(
            court, "院长审批", element_id="Task_Approve", role="court_president",
            state="completed", completed_by="president", assignee="president",
            completed_at=world.now - timedelta(hours=2),
        )
        _past(world, court, police)
        incident = world.incident(court, "bpmn.no_flow_open", element="Gateway_1", name="是否到达")
        notice = _notices(world, court)
        post = session.scalars(select(Post.id).where(Post.person_id == "handler")).one()
        return Night(ours.id, court.id, police.id, respond.id, free.id, others.id, limit.id,
                     incident.id, notice, post)


def the_evening_before(engine: Engine) -> None:
    """The people, and the procedure deployed by the real verb: nothing has begun."""
    with engine.database.write() as session:
        world = World(engine, session)
        world.agencies()
        _people(world)
    files = {file.name: file.read_bytes() for file in DATA.iterdir()}
    deploy(engine, "sysadmin", "night", files)


def _people(world: World) -> None:
    world.add(Setting(key="demo", value={"password": "correct horse battery"}))
    for login, unit, roles, name in (
        ("handler", "court-enforcement", ("court_handler",), "承办人甲"),
        ("president", "court-enforcement", ("court_president",), "院长乙"),
        ("station", "police-station-1", ("police_station",), "民警丙"),
        ("legal", "police-legal", ("police_legal",), "法制员丁"),
        ("stranger", "other-enforcement", ("court_handler",), "外院戊"),
        ("sysadmin", "court-enforcement", ("sys_admin",), "系统管理员己"),
        ("secadmin", "court-enforcement", ("sec_admin",), "安全管理员庚"),
        ("auditor", "court-enforcement", ("audit_admin",), "审计管理员辛"),
        ("analyst", "court-enforcement", ("analyst",), "分析员壬"),
    ):
        world.person(login, unit, *roles, name=name, demo=True)


def _definitions(world: World) -> tuple[ProcessDefinition, ProcessDefinition]:
    ours = world.definition(
        DATA / "night.bpmn", "night", "协助查找、控制被执行人", startable_by=["court_handler"]
    )
    source = (DATA / "night_respond.form").read_bytes()
    name = f"night_respond.form{EXPANDED}"
    expanded = orjson.dumps(world.engine.forms.expand(source, {}))
    world.add(Resource(deployment_id=ours.deployment_id, name=name, content=expanded,
                       sha256="0" * 64))
    theirs = world.add(ProcessDefinition(
        deployment_id=ours.deployment_id, key="night__police", version=1, agency_kind="police",
        name="协助查找、控制被执行人（公安）", resource_name="night.bpmn", digest=ours.digest,
    ))
    return ours, theirs


def _past(world: World, court, police) -> None:
    for element, name, kind in (
        ("Start_Request", "申请查控", "startEvent"), ("Task_Request", "申请协助查控", "userTask"),
        ("Task_Approve", "院长审批", "userTask"), ("Send_Request", "发出查控请求", "sendTask"),
        ("Catch_Controlled", "收到控制通报", "receiveTask"),
    ):
        world.activity(court, element, "completed", name, kind)
    world.activity(court, "Task_Respond", "active", "法院响应")
    world.activity(police, "Task_Control", "completed", "临时控制")
    world.task(police, "临时控制", element_id="Task_Control", role="police_station",
               unit_id="police-station-1", state="completed", completed_by="station",
               completed_at=world.now - timedelta(minutes=50))
    world.task(police, "撤控确认", element_id="Task_Control", role="police_station",
               unit_id="police-station-1", due_at=world.now - timedelta(hours=26))
    world.envelope(court, "person_control_request", acknowledged_by="station",
                   acknowledged_at=world.now - timedelta(hours=1, minutes=50))
    world.envelope(court, "entrust_request", state="waiting", receipt_no=None)
    world.envelope(court, "person_controlled", from_agency=POLICE, to_agency=COURT, urgent=True,
                   delivered_at=world.now - timedelta(minutes=48))
    world.watched(NUMBER)


def _notices(world: World, court) -> str:
    world.notice("overdue", person_id="handler", instance_id=court.id, level=1,
                 business_key=court.business_key,
                 params={"period": "T-PER-2H", "due": "2026-11-20T19:52:00+00:00"})
    first = world.notice("reminder", person_id="handler", instance_id=court.id,
                         business_key=court.business_key,
                         params={"period": "T-PER-2H", "due": "2026-11-20T19:52:00+00:00"})
    return first.id

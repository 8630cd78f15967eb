"""The access audit's sample, its alarms, and taking somebody's posts away (procedures B28)."""

from typing import Any

import pytest
from sqlalchemy import select

from engine import case_files
from engine.audit import record_reading
from engine.errors import Forbidden
from engine.feel import to_python
from engine.store.models import Notification, Post, UserTask
from engine.user_tasks import claim_user_task
from engine.verbs import unit_of_work
from tests.engine.drawing import element, flows, process, user
from tests.engine.house import COURT, House
from tests.engine.topics.drawing import topic


def auditing(size: str = "3") -> bytes:
    return process(
        "audit", element("startEvent", "s"),
        topic("draw", "audit.sample", **{"from": "${today()}", "to": "${today()}"}, size=size),
        user("look"), flows("s -> draw -> look"),
    )  # fmt: skip


def drawn(house: House, size: str = "3") -> list[dict[str, Any]]:
    house.deploy("audit", auditing(size))
    instance = house.instance(house.start("audit"))
    with unit_of_work(house.engine, "system") as unit:
        known = case_files.read(unit, COURT, instance.business_key)
    found: list[dict[str, Any]] = to_python(known["audit.events"])
    return found


def refused(house: House) -> None:
    """The handler tries to take a task of the president's."""
    house.run(process("p", element("startEvent", "s"), user("a", "court_president"),
                      flows("s -> a")))  # fmt: skip
    (task,) = [task for task in house.tasks() if task.element_id == "a"]
    with pytest.raises(Forbidden):
        claim_user_task(house.engine, "handler", task.id)


def test_a_refusal_alarms_once_and_stands_in_the_sample(house: House) -> None:
    refused(house)
    house_tasks = house.rows(select(UserTask.id).where(UserTask.element_id == "a"))
    with pytest.raises(Forbidden):
        claim_user_task(house.engine, "handler", house_tasks[0])
    alarms = house.rows(select(Notification).where(Notification.kind == "alarm"))
    assert sorted(one.role for one in alarms) == ["audit_admin", "sec_admin"]
    marked = [row for row in drawn(house) if row["alarm"] == "越权被拒"]
    denied = ("handler（handler）", "access.denied")
    assert [(row["actor"], row["action"]) for row in marked] == [denied] * 2


def test_the_rest_is_drawn_by_chance_and_the_same_again(house: House) -> None:
    for _ in range(10):
        record_reading(house.engine, "head", "instance", "x")
    assert len(drawn(house)) == 3
    assert all(row["alarm"] == "" for row in drawn(house))


def test_who_read_far_more_than_others_is_marked(house: House) -> None:
    for reader, times in (("head", 2), ("center", 2), ("president", 60)):
        for _ in range(times):
            record_reading(house.engine, reader, "instance", "x")
    marked = [(row["actor"], row["alarm"]) for row in drawn(house, "0")]
    assert marked == [("president（president）", "查阅60次")]


def test_whoever_is_suspended_holds_no_post_and_his_tasks_go_back(house: House) -> None:
    instance = house.run(process(
        "p", element("startEvent", "s"), user("mine"), user("decide", "court_president"),
        topic("stop", "person.suspend", person='${"handler"}'), element("endEvent", "e"),
        flows("s -> mine", "s -> decide -> stop -> e"),
    ))  # fmt: skip
    assert [task.assignee for task in house.tasks() if task.element_id == "mine"] == ["handler"]
    house.complete("decide", by="president")
    (left,) = house.tasks()
    assert (left.element_id, left.assignee, left.instance_id) == ("mine", None, instance)
    held = select(Post.role).where(Post.person_id == "handler", Post.until.is_(None))
    assert house.rows(held) == []

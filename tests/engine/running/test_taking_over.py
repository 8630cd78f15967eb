"""A request that began on paper enters in the middle, with its true times."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine import case_files
from engine.errors import Conflict, Forbidden, LiandongError, NotFound, Refusal
from engine.messages import receive_message
from engine.store.models import AuditRow, Deadline, DeadlineEntry, Submission
from engine.taking_over import take_over
from engine.verbs import unit_of_work
from tests.engine.drawing import (
    border,
    element,
    flows,
    process,
    properties,
    script,
    timer,
    user,
)  # fmt: skip
from tests.engine.house import BUREAU, COURT, MORNING, House
from tests.engine.running.test_two_agencies import catches, collaboration, throws

FORM = {
    "schemaVersion": 19, "type": "default", "id": "found", "components": [
        {"type": "textfield", "id": "name", "key": "name", "label": "姓名",
         "validate": {"required": True}},
        {"type": "datetime", "subtype": "datetime", "id": "controlled_at", "key": "controlled_at",
         "dateLabel": "控制时间", "properties": {"routing": "true", "happened": "true"}},
    ],
}  # fmt: skip
BEGAN = MORNING - timedelta(days=2)
CONTROLLED = MORNING - timedelta(minutes=50)


def drawing() -> bytes:
    """A search, then inside a sub-process the control with its two hours, then a report."""
    law = properties(legal_period="T-PER-2H")
    due = timer("timeDate", '${due("T-PER-2H", controlled_at)}')
    inside = (
        element("startEvent", "bs") + user("hand_over") + element("endEvent", "be")
        + border("due", "hand_over", law + due, interrupting=False) + element("endEvent", "late")
        + flows("bs -> hand_over -> be", "due -> late")
    )  # fmt: skip
    lift = element("messageEventDefinition", "m", messageRef="Lift")
    return process(
        "p", element("startEvent", "s"), script("note", "now()", "noted_at"),
        user("search", camunda_formRef="found", camunda_formRefBinding="deployment"),
        element("subProcess", "body", inside), user("report"), element("endEvent", "e"),
        border("lifted", "body", lift), element("endEvent", "gone"),
        flows("s -> note -> search -> body -> report -> e", "lifted -> gone"),
        around='<message id="Lift" name="lift_notice"/>',
    )  # fmt: skip


@pytest.fixture
def drawn(house: House) -> House:
    house.deploy("p", {"p.bpmn": drawing(), "found.form": json.dumps(FORM).encode()})
    return house


def taken(house: House, at: list[str], by: str = "head", **more: Any) -> str:
    values = {"name": "王某某", "controlled_at": CONTROLLED.isoformat()}
    forms = more.pop("forms", [("found", values)])
    given = {"began_at": BEGAN, "reason": "上线前已经以纸质方式办理", **more}
    return str(take_over(house.engine, by, "p", at, forms, **given).instance_id)


def test_it_goes_on_where_it_stands(drawn: House) -> None:
    """Given a person controlled fifty minutes ago, then the hand-over is open, nothing before."""
    instance = taken(drawn, ["hand_over"])
    assert drawn.open() == ["hand_over"]
    drawn.complete("hand_over")
    assert drawn.open() == ["report"]
    assert "search" not in drawn.passed(instance)


def test_the_two_hours_count_from_the_true_instant(drawn: House) -> None:
    taken(drawn, ["hand_over"])
    (deadline,) = drawn.rows(select(Deadline))
    assert (deadline.started_at, deadline.due_at) == (CONTROLLED, CONTROLLED + timedelta(hours=2))
    (entry,) = drawn.rows(select(DeadlineEntry))
    assert (entry.happened_at, entry.recorded_at) == (CONTROLLED, MORNING)
    drawn.advance(minutes=71)
    assert drawn.rows(select(Deadline.state)) == ["overdue"]


def test_what_watches_the_sub_process_watches_it(drawn: House) -> None:
    """A message on the border of the sub-process still ends it."""
    taken(drawn, ["hand_over"])
    key = drawn.rows(select(Deadline.business_key))[0]
    receive_message(drawn.engine, "system", "lift_notice", key, from_agency=COURT, to_agency=COURT)
    drawn.tick()
    assert drawn.open() == []


def test_the_forms_are_kept_with_their_times_and_fill_the_case_file(drawn: House) -> None:
    instance = drawn.instance(taken(drawn, ["hand_over"]))
    (kept,) = drawn.rows(select(Submission))
    assert (kept.form_key, kept.happened_at, kept.recorded_at) == ("found", CONTROLLED, MORNING)
    with unit_of_work(drawn.engine, "system") as unit:
        assert case_files.read(unit, COURT, instance.business_key)["found.name"] == "王某某"
    assert instance.started_at == BEGAN
    audited = drawn.rows(select(AuditRow).where(AuditRow.action == "instance.taken_over"))
    assert [(row.actor, row.at) for row in audited] == [("head", MORNING)]


def test_a_form_that_is_wrong_is_refused_by_name_and_nothing_is_kept(drawn: House) -> None:
    with pytest.raises(LiandongError) as problem:
        taken(drawn, ["hand_over"], forms=[("found", {"name": ""})])
    assert (problem.value.code, problem.value.params["form"]) == ("form.invalid", "found")
    assert drawn.rows(select(Submission)) == []


@pytest.mark.parametrize(
    ("at", "more", "code"),
    [
        (["note"], {}, "takeover.place"),
        ([], {}, "takeover.place"),
        (["hand_over"], {"began_at": datetime(2027, 1, 1, tzinfo=UTC)}, "takeover.when"),
        (["hand_over"], {"reason": " "}, "reason.missing"),
    ],
)
def test_a_wrong_place_a_future_time_or_no_reason_is_refused(
    drawn: House, at: list[str], more: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refusal) as problem:
        taken(drawn, at, **more)
    assert problem.value.code == code


def test_only_supervisors_may(drawn: House) -> None:
    with pytest.raises(Forbidden):
        taken(drawn, ["hand_over"], by="handler")


def test_the_other_side_joins_under_the_same_number(house: House) -> None:
    """Given the court's half is taken over, then the bureau's joins it, once, and they talk."""
    court = (
        element("startEvent", "cs") + user("ask") + user("read")
        + catches("intermediateCatchEvent", "wait", "answer") + flows("cs -> ask -> wait -> read")
    )  # fmt: skip
    police = (
        catches("startEvent", "ps", "request") + user("work", "police_station")
        + throws("tell", "answer", "found") + element("endEvent", "pe")
        + flows("ps -> work -> tell -> pe")
    )  # fmt: skip
    house.deploy("p", collaboration(court, police))
    reason = {"began_at": BEGAN, "reason": "停机期间以纸质方式办理"}
    first = take_over(house.engine, "head", "p", ["wait"], [], **reason)
    key = first.business_key
    other = {"business_key": key, "variables": {"found": True}, **reason}
    take_over(house.engine, "legal", "p__police", ["work"], [], **other)
    with pytest.raises(Conflict):
        take_over(house.engine, "legal", "p__police", ["work"], [], **other)
    house.complete("work", by="station")
    house.tick()
    assert house.open() == ["read"]


def test_a_number_nobody_knows_is_refused(drawn: House) -> None:
    with pytest.raises(NotFound):
        taken(drawn, ["hand_over"], business_key=f"{BUREAU}-PER-2026-000001")

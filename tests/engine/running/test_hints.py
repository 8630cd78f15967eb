"""Start facts that become known later, and limits that turn into hints (decisions 2 and 9)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from engine import ledger
from engine.store.models import Agency, Deadline, DeadlineEntry, Notification
from engine.topics.registry import built_in
from tests.engine.drawing import border, element, flows, process, properties, script, timer, user
from tests.engine.house import MORNING, House
from tests.engine.topics.drawing import topic

DAY = timedelta(days=1)
CHINA = ZoneInfo("Asia/Shanghai")


def end_of(month: int, day: int) -> datetime:
    """24:00 of a day of 2026."""
    return datetime(2026, month, day, tzinfo=CHINA) + DAY


def review(*inside: str) -> bytes:
    """A review under seven days (thirty when extended), and fifteen days in Zhoukou."""
    drawn = [
        element("startEvent", "s1"),
        user("accept"),
        *inside,
        user("decide"),
        element("endEvent", "e1"),
    ]
    order = "s1 -> accept -> " + " -> ".join(["move"] * bool(inside) + ["decide", "e1"])
    span = element("subProcess", "span", "".join(drawn) + flows(order))
    return process(
        "p",
        element("startEvent", "s"),
        script("deliver", "now()", "delivered_at"),
        span,
        *(_limit(period) for period in ("T-CRIME-7D", "T-CRIME-15D")),
        topic("late", "deadline.overdue"),
        element("endEvent", "noted"),
        element("endEvent", "done"),
        flows("s -> deliver -> span -> done", "t7 -> late -> noted", "t15 -> late"),
    )


def _limit(period: str) -> str:
    due = timer("timeDate", f'${{due("{period}", delivered_at)}}')
    extra = properties(legal_period=f"{period},T-CRIME-30D")
    name = f"t{period.split('-')[2].removesuffix('D')}"
    return border(name, "span", due, interrupting=False, extra=extra)


EXTENDED = topic(
    "move", "deadline.extend", period="T-CRIME-7D", to_period="T-CRIME-30D", ground="案情复杂"
)
STARTED = topic("move", "deadline.start", period="T-CRIME-7D,T-CRIME-15D", **{"from": "${now()}"})


@pytest.fixture
def zhoukou(house: House) -> House:
    """The parties share the profile that has the fifteen days."""
    house.engine.topics = built_in()
    with house.engine.database.write() as session:
        for agency in session.scalars(select(Agency)):
            agency.profile = "zhoukou_2021"
    return house


def limits(house: House) -> dict[str, Deadline]:
    return {found.period_id: found for found in house.rows(select(Deadline))}


def test_the_clocks_are_counted_again_from_the_start_fact_once_it_is_known(zhoukou: House) -> None:
    zhoukou.run(review(STARTED))
    assert limits(zhoukou)["T-CRIME-7D"].due_at == end_of(3, 9)
    zhoukou.advance(days=1)
    zhoukou.complete("accept")
    moved = limits(zhoukou)
    assert moved["T-CRIME-7D"].started_at == MORNING + DAY
    assert moved["T-CRIME-7D"].due_at == end_of(3, 10)
    assert moved["T-CRIME-15D"].due_at == end_of(3, 18)
    assert {job.due_at for job in zhoukou.timers()} == {end_of(3, 10), end_of(3, 18)}
    (task,) = zhoukou.tasks()
    assert task.due_at == end_of(3, 10)
    starts = select(DeadlineEntry).where(DeadlineEntry.kind == "start")
    assert {entry.happened_at for entry in zhoukou.rows(starts)} == {MORNING, MORNING + DAY}


def test_a_start_fact_that_is_no_news_moves_nothing(zhoukou: House) -> None:
    zhoukou.run(review(STARTED))
    zhoukou.complete("accept")
    entries = zhoukou.rows(select(DeadlineEntry).where(DeadlineEntry.kind == "start"))
    assert len(entries) == 2


def test_the_extension_turns_the_other_limit_into_a_hint_that_is_never_overdue(
    zhoukou: House,
) -> None:
    zhoukou.run(review(EXTENDED))
    zhoukou.complete("accept")
    found = limits(zhoukou)
    assert (found["T-CRIME-7D"].kind, found["T-CRIME-7D"].due_at) == ("statutory", end_of(4, 1))
    assert (found["T-CRIME-15D"].kind, found["T-CRIME-15D"].due_at) == ("hint", end_of(3, 17))
    (task,) = zhoukou.tasks()
    assert task.due_at == end_of(4, 1)
    zhoukou.advance(days=17)
    assert limits(zhoukou)["T-CRIME-15D"].state == "running"
    binding = zhoukou.rows(select(Deadline).where(ledger.binding()))
    assert [limit.period_id for limit in binding] == ["T-CRIME-7D"]
    told = zhoukou.rows(select(Notification))
    assert "reminder" in {one.kind for one in told}
    assert "escalation" not in {one.kind for one in told}


def test_an_act_after_the_hint_meets_it_in_time(zhoukou: House) -> None:
    zhoukou.run(review(EXTENDED))
    zhoukou.complete("accept")
    zhoukou.advance(days=20)
    zhoukou.complete("decide")
    assert {found.state for found in limits(zhoukou).values()} == {"met"}


def test_without_extension_both_limits_bind(zhoukou: House) -> None:
    zhoukou.run(review())
    zhoukou.advance(days=17)
    assert {found.state for found in limits(zhoukou).values()} == {"overdue"}
    assert {found.kind for found in limits(zhoukou).values()} == {"statutory"}

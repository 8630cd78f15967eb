"""`figures.compile`: what a meeting's pack and an assessment show (procedures B23, B26)."""

from datetime import timedelta
from typing import Any

from engine import case_files
from engine.feel import to_python
from engine.verbs import unit_of_work
from tests.engine.drawing import border, element, flows, process, properties, script, timer, user
from tests.engine.house import COURT, House
from tests.engine.topics.drawing import topic

MEETING = process(
    "meeting", element("startEvent", "ms"),
    topic(
        "count", "figures.compile",
        **{"from": '${"2026-03-01"}', "to": '${"2026-03-31"}', "sample": "2"},
    ),
    user("prepare"), flows("ms -> count -> prepare"),
)  # fmt: skip


def handover() -> bytes:
    """Two hours for a hand-over; a report that is only measured; the outcome 已移交."""
    due = timer("timeDate", '${due("T-PER-2H", notified_at)}')
    law, measured = properties(legal_period="T-PER-2H"), properties(legal_period="T-IMM-VEHNOTE")
    return process(
        "p", element("startEvent", "s"), script("note", "now()", "notified_at"), user("hand_over"),
        border("due", "hand_over", law + due, interrupting=False), element("endEvent", "late"),
        user("report", "court_handler", measured), element("endEvent", "e", name="已移交"),
        flows("s -> note -> hand_over -> report -> e", "due -> late"),
    )  # fmt: skip


def told(house: House, key: str) -> list[dict[str, Any]]:
    house.deploy("meeting", MEETING)
    instance = house.instance(house.start("meeting", by="handler"))
    with unit_of_work(house.engine, "system") as unit:
        known = case_files.read(unit, COURT, instance.business_key)
    found: list[dict[str, Any]] = to_python(known[key])
    return found


def figure(house: House, subject: str, measure: str) -> str | None:
    rows = told(house, "figures.indicators")
    found = [r["value"] for r in rows if (r["subject"], r["measure"]) == (subject, measure)]
    return found[0] if found else None


def carried_out(house: House, late: bool) -> None:
    house.deploy("p", handover())
    house.start("p")
    house.advance(minutes=150 if late else 60)
    house.complete("hand_over", {"overdue_reason": "路途堵塞，十时四十分方才到达"} if late else {})
    house.advance(minutes=20)
    house.complete("report")
    house.clock.advance(timedelta(hours=5))


def test_requests_are_counted_by_what_became_of_them(house: House) -> None:
    carried_out(house, late=False)
    assert figure(house, "p", "发起") == "1"
    assert figure(house, "p", "已移交") == "1"


def test_a_limit_kept_and_a_limit_passed_make_the_rate(house: House) -> None:
    carried_out(house, late=False)
    carried_out(house, late=True)
    name = house.engine.statutes.current.periods["T-PER-2H"].zh
    assert figure(house, name, "按期率") == "50"
    assert figure(house, name, "平均逾期") == "0.5"


def test_what_was_passed_is_listed_by_request_number_alone(house: House) -> None:
    carried_out(house, late=True)
    (row,) = told(house, "figures.overdue")
    assert row["request_no"].startswith(COURT)
    assert (row["hours_late"], row["done"]) == ("0.5", "已办")


def test_a_word_without_a_number_is_measured(house: House) -> None:
    """Given a report twenty minutes after the hand-over, then that is its median."""
    carried_out(house, late=False)
    name = house.engine.statutes.current.periods["T-IMM-VEHNOTE"].zh
    assert figure(house, name, "中位数") == "20"


def test_another_period_counts_nothing_of_it(house: House) -> None:
    house.advance(days=40)
    carried_out(house, late=True)
    assert told(house, "figures.overdue") == []
    assert figure(house, "p", "已移交") is None


def test_as_many_requests_are_drawn_as_are_asked_for_and_no_more_than_there_are(
    house: House,
) -> None:
    carried_out(house, late=False)
    assert {row["procedure"] for row in told(house, "figures.sample")} == {"meeting", "p"}
    carried_out(house, late=False)
    carried_out(house, late=False)
    drawn = told(house, "figures.sample")
    assert len({row["request_no"] for row in drawn}) == 2

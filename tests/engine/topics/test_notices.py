"""`notify` and `deadline.overdue`."""

from sqlalchemy import select

from engine.store.models import Deadline, DeadlineEntry, Notification
from tests.engine.drawing import border, element, flows, process, properties, timer, user
from tests.engine.house import BUREAU, COURT, House
from tests.engine.topics.drawing import topic


def test_a_notice_reaches_a_role_of_either_side(house: House) -> None:
    source = process(
        "p",
        element("startEvent", "s"),
        topic("tell", "notify", to="court_command_center, police_legal", text="受托法院已到达。"),
        user("after"),
        flows("s -> tell -> after"),
    )
    house.run(source)
    notices = house.rows(select(Notification).order_by(Notification.role))
    assert [(n.agency_id, n.role) for n in notices] == [
        (COURT, "court_command_center"),
        (BUREAU, "police_legal"),
    ]
    assert notices[0].params == {"text": "受托法院已到达。", "element": "tell"}


def overdue_entries(house: House) -> list[DeadlineEntry]:
    return house.rows(select(DeadlineEntry).where(DeadlineEntry.kind == "overdue"))


def test_a_passed_period_is_written_down_once_and_the_duty_goes_on(house: House) -> None:
    due = '${due("T-PER-2H", now())}'
    late = border(
        "late",
        "hand_over",
        timer("timeDate", due),
        interrupting=False,
        extra=properties(legal_period="T-PER-2H"),
    )
    source = process(
        "p",
        element("startEvent", "s"),
        user("hand_over"),
        late,
        topic("record", "deadline.overdue", period="T-PER-2H"),
        element("endEvent", "recorded"),
        flows("s -> hand_over", "late -> record -> recorded"),
    )
    house.run(source)
    house.advance(hours=2)
    (deadline,) = house.rows(select(Deadline))
    assert deadline.state == "overdue"
    (entry,) = overdue_entries(house)
    assert entry.happened_at == deadline.due_at
    assert house.open() == ["hand_over"]
    house.advance(hours=2)
    assert len(overdue_entries(house)) == 1

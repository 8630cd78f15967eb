"""A notice is read once; to a role it is read for all by the first."""

import pytest
from sqlalchemy import select

from engine import directory
from engine.errors import NotFound
from engine.notifications import mark_all_notifications_read, mark_notification_read
from engine.store.models import Notification
from engine.store.unit_of_work import Unit
from engine.verbs import verb
from tests.engine.installation import MORNING, Installation


@verb
def tell(unit: Unit, role: str) -> str:
    notice = unit.notify("reminder", agency_id="court-1", role=role, params={"period": "T-PER-2H"})
    unit.session.flush()
    return notice.id


def people(installation: Installation) -> tuple[str, str]:
    directory.add_agency(installation, "system", "court-1", "court", "南召县人民法院", "nanzhao")
    directory.add_unit(installation, "system", "court-1", "division-1", "执行局")
    ids = []
    for login in ("first", "second"):
        id = directory.add_person(
            installation, "system", "court-1", login, "张三", "long enough word"
        )
        directory.give_post(installation, "system", id, "division-1", "court_handler")
        ids.append(id)
    return ids[0], ids[1]


def unread(installation: Installation) -> list[tuple[str | None, bool]]:
    with installation.database.read() as session:
        found = session.execute(select(Notification.read_by, Notification.read_at))
        return [(who, when is None) for who, when in found]


def test_the_first_holder_of_the_role_reads_for_all_and_is_remembered(
    installation: Installation,
) -> None:
    first, second = people(installation)
    notice = tell(installation, "system", "court_handler")
    mark_notification_read(installation, first, notice)
    mark_notification_read(installation, second, notice)
    assert unread(installation) == [(first, False)]


def test_a_notice_to_others_does_not_exist_for_me(installation: Installation) -> None:
    first, _ = people(installation)
    notice = tell(installation, "system", "court_president")
    with pytest.raises(NotFound):
        mark_notification_read(installation, first, notice)
    mark_all_notifications_read(installation, first)
    assert unread(installation) == [(None, True)]


def test_all_can_be_marked_at_once(installation: Installation) -> None:
    first, _ = people(installation)
    for _ in range(3):
        tell(installation, "system", "court_handler")
    mark_all_notifications_read(installation, first)
    assert unread(installation) == [(first, False)] * 3
    assert installation.clock.now() == MORNING

"""The disk is full, or may only be read: a refusal with a sentence, and nothing half."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import event, text

from engine.errors import Unavailable
from engine.store.database import Database
from engine.store.models import Base
from tests.engine.drawing import element, flows, process, user
from tests.engine.house import House
from tests.faults.extent import of
from tests.faults.test_crash_points import change, traces
from web.messages import catalogue

MOST = 5_000
PAGES = of(1_500, at_least=400)
"""Pages of four kilobytes, a little more than an empty installation takes."""
SOURCE = process(
    "p", element("startEvent", "s"), user("a"), element("endEvent", "e"), flows("s -> a -> e")
)


@pytest.fixture
def sqlite_house(tmp_path: Any) -> Iterator[House]:
    database = Database(f"sqlite:///{tmp_path / 'liandong.db'}")
    Base.metadata.create_all(database.writer)
    yield House(database)
    database.close()


def allow(house: House, pages: int) -> None:
    """What the disk still takes, counted in pages of the file."""
    database = house.engine.database

    def limited(connection: Any, _: Any) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")

    database.close()
    event.listen(database.writer, "connect", limited)


def fill(house: House) -> tuple[list[str], str]:
    """Start instances until the disk is full: those that were acknowledged, and the refusal."""
    told: list[str] = []
    for _ in range(MOST):
        try:
            told.append(house.start("p"))
        except Unavailable as refusal:
            return told, refusal.code
    raise AssertionError("the disk never was full")


def test_a_full_disk_is_told_and_what_was_acknowledged_is_there(
    sqlite_house: House, figure: Callable[[str], None]
) -> None:
    """Given a disk that fills up, then the verb is refused, nothing of it is kept, readers go on,
    and once there is room so do writers."""
    house = sqlite_house
    house.deploy("p", SOURCE)
    allow(house, PAGES)
    told, code = fill(house)
    assert (code, code in catalogue("zh")) == ("database.full", True)
    before = traces(house)
    with pytest.raises(Unavailable):
        house.start("p")
    assert change(traces(house), before) == {}
    assert len(house.tasks()) == len(told) > 0
    allow(house, 10 * PAGES)
    house.start("p")
    assert len(house.tasks()) == len(told) + 1
    figure(f"disk full after {len(told)} starts: all {len(told)} there, 0 half, goes on with room")


def forbid_writing(database: Database) -> None:
    """As an administrator, or a standby server, does it."""
    if database.dialect == "postgresql":
        with database.writer.connect() as connection:
            name = connection.scalar(text("SELECT current_database()"))
            connection.execute(
                text(f'ALTER DATABASE "{name}" SET default_transaction_read_only=on')
            )
            connection.commit()
    else:
        event.listen(
            database.writer, "connect", lambda connection, _: connection.execute(
                "PRAGMA query_only=ON"
            ),
        )  # fmt: skip
    database.close()


def test_a_database_that_may_only_be_read_is_read_and_says_so_to_writers(house: House) -> None:
    house.deploy("p", SOURCE)
    house.start("p")
    forbid_writing(house.engine.database)
    with pytest.raises(Unavailable) as refusal:
        house.start("p")
    assert refusal.value.code == "database.read_only"
    assert refusal.value.code in catalogue("zh")
    assert house.open() == ["a"]

"""What any released version wrote down, the present one reads, migrates and finishes."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from engine.store.database import Database
from engine.store.migrations import require_current, upgrade
from engine.store.models import ProcessInstance
from tests.engine.house import House
from tests.states.acting import bring_about, finish_all
from tests.states.rows import load
from tests.states.waits import CALLED, SOURCES
from tests.states.write import version

FILES = sorted(Path(__file__).parent.glob("*.json"))


def read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def loaded(path: Path, url: str) -> House:
    """That version's database, brought up to date."""
    written, database = read(path), Database(url)
    upgrade(database, written["revision"])
    load(database, written["rows"])
    upgrade(database)
    require_current(database)
    house = House(database)
    house.clock.set(datetime.fromisoformat(written["now"]))
    return house


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_wait_state_of_a_released_version_is_finished_as_it_would_have_been(
    path: Path, database_url: str
) -> None:
    house = loaded(path, database_url)
    expected = read(path)["passed"]
    assert expected
    assert finish_all(house) == expected
    house.engine.database.close()


def test_the_present_version_finishes_every_kind_of_wait_state(house: House) -> None:
    """Also those that no released version has written yet."""
    bring_about(house)
    passed = finish_all(house)
    assert set(passed) == set(SOURCES)
    assert set(house.rows(select(ProcessInstance.state))) == {"completed"}


def test_the_states_of_this_version_are_kept() -> None:
    assert version() in {path.stem for path in FILES}
    assert CALLED in read(FILES[-1])["passed"]

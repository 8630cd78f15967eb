"""A house whose engine knows the built-in topics."""

import pytest

from engine.store.database import Database
from engine.topics.registry import built_in
from tests.engine.house import House


@pytest.fixture
def house(database: Database) -> House:
    made = House(database)
    made.engine.topics = built_in()
    return made

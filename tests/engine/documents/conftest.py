"""A house that knows the topics, and the letters of the repository."""

import pytest

from engine.store.database import Database
from engine.topics.registry import built_in
from tests.engine.house import House


@pytest.fixture
def house(database: Database) -> House:
    made = House(database)
    made.engine.topics = built_in()
    return made

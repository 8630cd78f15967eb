"""A house that knows the topics, the letters of the repository, and the names of its people."""

import pytest

from engine.directory import NAME
from engine.store.database import Database
from engine.store.models import Person
from engine.topics.registry import built_in
from tests.engine.house import PEOPLE, House


@pytest.fixture
def house(database: Database) -> House:
    made = House(database)
    made.engine.topics = built_in()
    with made.engine.database.write() as session:
        for person in PEOPLE:
            sealed = made.engine.crypto.seal_text(f"示例{person}", NAME, person)
            session.get_one(Person, person).name = sealed
    return made

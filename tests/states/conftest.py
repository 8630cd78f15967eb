"""A house with fresh tables, on each kind of database."""

from collections.abc import Iterator

import pytest

from engine.store.database import Database
from engine.store.models import Base
from tests.engine.house import House


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    database = Database(database_url)
    Base.metadata.create_all(database.writer)
    yield House(database)
    database.close()

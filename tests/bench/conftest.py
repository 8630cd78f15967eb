"""A database with its tables, on each kind of server."""

from collections.abc import Iterator

import pytest

from engine.store.database import Database
from engine.store.models import Base
from tests.engine.house import House


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Fresh tables."""
    opened = Database(database_url)
    Base.metadata.create_all(opened.writer)
    yield opened
    opened.close()


@pytest.fixture
def house(database: Database) -> House:
    return House(database)

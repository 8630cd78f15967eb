"""A database with its tables, and the least of an installation around it."""

from collections.abc import Iterator

import pytest

from engine.store.database import Database
from engine.store.models import Base
from tests.engine.house import House
from tests.engine.installation import Installation


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Fresh tables; the test runs once on each kind of database."""
    opened = Database(database_url)
    Base.metadata.create_all(opened.writer)
    yield opened
    opened.close()


@pytest.fixture
def installation(database: Database) -> Installation:
    return Installation(database)


@pytest.fixture
def house(database: Database) -> House:
    return House(database)

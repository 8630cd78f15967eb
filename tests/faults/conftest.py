"""A database with its tables, on each kind of server; figures that are printed at the end."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from engine.store.database import Database
from engine.store.models import Base
from tests.engine.house import House

FIGURE = "figure"


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


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Keep a figure; `make faults` prints them all below the tests."""
    return lambda said: record_property(FIGURE, said)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    lines = [
        f"{report.nodeid.rpartition('/')[2]}\n    {said}"
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", "") == "call"
        for name, said in report.user_properties
        if name == FIGURE
    ]
    if lines:
        terminalreporter.section("figures")
        for line in lines:
            terminalreporter.write_line(line)

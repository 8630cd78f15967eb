"""Where the bench runs: the product as it is composed, on a database of its own, two people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from secrets import token_urlsafe
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import text

from engine import deployments, directory
from engine.engine import Engine
from web.bench.diagrams import ROLE, Sample
from web.commands.init import prepare

AGENCY, UNIT = "bench", "bench-unit"
PROFILE = "nanzhao_2021"

_SIZE = {
    "sqlite": "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count(),"
    " pragma_freelist_count(), pragma_page_size()",
    "postgresql": "SELECT sum(pg_total_relation_size(relid)) FROM pg_stat_user_tables",
}


@dataclass(frozen=True, slots=True)
class Ground:
    """An engine, and the officer who does everything."""

    engine: Engine
    officer: str

    def deploy(self, sample: Sample) -> None:
        """Make a sample startable."""
        deployments.deploy(self.engine, "system", sample.key, sample.files)

    def stored_bytes(self) -> int:
        """What tables and indexes take up."""
        database = self.engine.database
        with database.read() as session:
            return int(session.scalar(text(_SIZE[database.dialect])) or 0)


@contextmanager
def ground(installation: Any, database_url: str | None = None) -> Iterator[Ground]:
    """An installation like the given one, with nothing in it; gone afterwards.

    `database_url`: an empty database; without one an SQLite file beside nothing else.
    """
    with TemporaryDirectory(prefix="liandong-bench-") as folder:
        url = database_url or f"sqlite:///{folder}/bench.db"
        settings = replace(
            installation.settings, data=Path(folder), database_url=url, test_identities=True
        )
        apart = type(installation)(settings)
        prepare(apart)
        try:
            yield Ground(apart.engine(), _officer(apart.engine()))
        finally:
            apart.database.close()


def _officer(engine: Engine) -> str:
    directory.add_agency(engine, "system", AGENCY, "court", "某县人民法院", PROFILE)
    directory.add_unit(engine, "system", AGENCY, UNIT, "执行局")
    password = token_urlsafe()
    person: str = directory.add_person(engine, "system", AGENCY, "bench", "张某某", password)
    directory.give_post(engine, "system", person, UNIT, ROLE)
    return person

"""Revisions and models say the same, on both databases."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import delete, inspect, update
from sqlalchemy.exc import DBAPIError

from engine.errors import Refusal
from engine.store.database import Database
from engine.store.migrations import downgrade, require_current, upgrade
from engine.store.models import AuditRow, Base
from tests.engine.installation import MORNING


def tables(database: Database) -> set[str]:
    return set(inspect(database.reader).get_table_names()) - {"alembic_version"}


def test_the_revisions_make_what_the_models_say(database_url: str) -> None:
    database = Database(database_url)
    upgrade(database)
    upgrade(database)
    with database.read() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    require_current(database)
    database.close()


def test_the_way_back_leaves_nothing(database_url: str) -> None:
    database = Database(database_url)
    upgrade(database)
    assert tables(database) == set(Base.metadata.tables)
    downgrade(database)
    assert tables(database) == set()
    database.close()


def test_a_schema_of_another_version_is_refused_with_both_versions(database_url: str) -> None:
    database = Database(database_url)
    with pytest.raises(Refusal, match=r"database\.schema") as refusal:
        require_current(database)
    assert refusal.value.params["found"] is None
    upgrade(database, "0001")
    with pytest.raises(Refusal) as refusal:
        require_current(database)
    assert refusal.value.params["found"] == "0001"
    database.close()


@pytest.mark.parametrize("change", [delete(AuditRow), update(AuditRow).values(actor="another")])
def test_the_database_refuses_to_change_an_audit_row(database_url: str, change) -> None:
    database = Database(database_url)
    upgrade(database)
    row = {"chain": "day:2026-03-02", "position": 1, "at": MORNING, "actor": "officer"}
    rest = {"action": "a", "object_kind": "b", "object_id": "c", "previous": "", "hash": "d"}
    with database.write() as session:
        session.add(AuditRow(**row, **rest))
    with pytest.raises(DBAPIError, match="append-only"), database.write() as session:
        session.execute(change)
    database.close()

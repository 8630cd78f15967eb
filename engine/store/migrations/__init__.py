"""The schema's history: Alembic revisions, the same for SQLite and PostgreSQL.

A change of the models needs a revision: `python -m engine.store.migrations "Say what changes"`
writes its draft into versions/, to be read and corrected. A test compares models and revisions.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection

from engine.errors import Refusal
from engine.store.database import Database


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the schema up to `revision`, in one transaction; nothing happens where it is there.

    Raises Refusal("database.schema_unknown") on one that a newer version has written.
    """
    with database.restructure() as connection:
        try:
            command.upgrade(_config(connection), revision)
        except CommandError as problem:
            found = MigrationContext.configure(connection).get_current_revision()
            raise Refusal("database.schema_unknown", found=found) from problem


def downgrade(database: Database, revision: str = "base") -> None:
    """Take the schema, and the data in what goes, back to `revision`."""
    with database.restructure() as connection:
        command.downgrade(_config(connection), revision)


def require_current(database: Database) -> None:
    """Refuse to work on a schema of another version: `Refusal("database.schema")`."""
    expected = ScriptDirectory.from_config(_config()).get_current_head()
    with database.read() as session:
        found = MigrationContext.configure(session.connection()).get_current_revision()
    if found != expected:
        raise Refusal("database.schema", found=found, expected=expected)


def draft(database: Database, message: str) -> None:
    """Write a revision that takes an up-to-date `database` to what the models say now."""
    with database.restructure() as connection:
        command.revision(_config(connection), message, autogenerate=True)


def _config(connection: Connection | None = None) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config

"""Run by Alembic: revisions go through the connection that engine.store.migrations hands over."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from engine.store.models import Base


def _render(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Column types of ours by their module's name; everything else as Alembic does it."""
    if kind == "type" and type(item).__module__ == "engine.store.types":
        autogen.imports.add("from engine.store import types")
        return f"types.{type(item).__name__}()"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_item=_render,
    # SQLite cannot alter a column: the table is rebuilt.
    render_as_batch=connection.dialect.name == "sqlite",
)
# The caller's transaction is the only one.
context.run_migrations()

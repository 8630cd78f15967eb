"""Processes that begin by a signal."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store import types

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("process_definition") as table:
        table.add_column(
            sa.Column("start_signals", types.Json(), nullable=False, server_default="[]")
        )
    with op.batch_alter_table("process_definition") as table:
        table.alter_column("start_signals", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("process_definition") as table:
        table.drop_column("start_signals")

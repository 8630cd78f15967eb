"""What a task's form sees of its called process and its turn."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store import types

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("user_task") as table:
        table.add_column(sa.Column("variables", types.Json(), nullable=False, server_default="{}"))
    with op.batch_alter_table("user_task") as table:
        table.alter_column("variables", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("user_task") as table:
        table.drop_column("variables")

"""失信名单: entries by exact key, and every use of one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store import types

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "discipline_entry",
        sa.Column("id", types.Id, primary_key=True),
        sa.Column("agency_id", sa.String(32), nullable=False),
        sa.Column("business_key", sa.String(80), nullable=False),
        sa.Column("term", sa.String(64), nullable=False),
        sa.Column("masked", sa.LargeBinary(), nullable=False),
        sa.Column("valid_to", types.Instant()),
        sa.Column("added_at", types.Instant(), nullable=False),
        sa.Column("removed_at", types.Instant()),
        sa.Column("removed_for", sa.String(40)),
    )
    op.create_index("ix_discipline_entry_business_key", "discipline_entry", ["business_key"])
    op.create_index("ix_discipline_entry_term", "discipline_entry", ["term"])
    op.create_table(
        "discipline_use",
        sa.Column("id", types.Id, primary_key=True),
        sa.Column("agency_id", sa.String(32), nullable=False),
        sa.Column("entry_id", types.Id, sa.ForeignKey("discipline_entry.id"), nullable=False),
        sa.Column("business_key", sa.String(80), nullable=False),
        sa.Column("restriction", sa.String(16), nullable=False),
        sa.Column("used_at", types.Instant(), nullable=False),
    )
    op.create_index("ix_discipline_use_entry_id", "discipline_use", ["entry_id"])


def downgrade() -> None:
    op.drop_table("discipline_use")
    op.drop_table("discipline_entry")

"""名录: liaison officers and the units that answer for a matter."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store import types

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "directory_entry",
        sa.Column("id", types.Id, primary_key=True),
        sa.Column("agency_id", sa.String(32), sa.ForeignKey("agency.id"), nullable=False),
        sa.Column("place", sa.String(60), nullable=False),
        sa.Column("unit_id", sa.String(32), nullable=False),
        sa.Column("name", sa.LargeBinary()),
        sa.Column("phone", sa.LargeBinary()),
        sa.Column("valid_from", types.Instant(), nullable=False),
        sa.Column("valid_to", types.Instant()),
        sa.Column("business_key", sa.String(80), nullable=False),
        sa.Column("recorded_at", types.Instant(), nullable=False),
    )
    op.create_index("ix_directory_entry", "directory_entry", ["agency_id", "place", "valid_from"])


def downgrade() -> None:
    op.drop_table("directory_entry")

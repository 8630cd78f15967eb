"""What analysts draft in the studio."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store import types

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "studio_draft",
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("procedure", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("base_sha256", sa.String(length=64), nullable=False),
        sa.Column("saved_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "procedure", "name", name=op.f("pk_studio_draft")),
    )


def downgrade() -> None:
    op.drop_table("studio_draft")

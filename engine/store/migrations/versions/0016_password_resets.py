"""Passwords given by an administrator: who asked, who confirmed, when the person chose his own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store import types

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "password_reset",
        sa.Column("id", types.Id, primary_key=True),
        sa.Column("person_id", sa.String(64), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("agency_id", sa.String(32), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("asked_by", sa.String(64), nullable=False),
        sa.Column("asked_at", types.Instant(), nullable=False),
        sa.Column("confirmer", sa.String(64)),
        sa.Column("confirmed_at", types.Instant()),
        sa.Column("changed_at", types.Instant()),
    )
    op.create_index("ix_password_reset_person_id", "password_reset", ["person_id"])


def downgrade() -> None:
    op.drop_table("password_reset")

"""Service tasks that workers outside fetch and lock."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store import types

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "external_task",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("definition_id", sa.String(length=32), nullable=False),
        sa.Column("element_id", sa.String(length=120), nullable=False),
        sa.Column("agency_id", sa.String(length=32), nullable=False),
        sa.Column("business_key", sa.String(length=80), nullable=False),
        sa.Column("topic", sa.String(length=120), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("worker_id", sa.String(length=120), nullable=True),
        sa.Column("lock_expires_at", types.Instant(), nullable=True),
        sa.Column("retries", sa.Integer(), nullable=True),
        sa.Column("error_message", sa.String(length=666), nullable=True),
        sa.Column("inputs", types.Json(), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_external_task_instance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_task")),
    )
    fetched_by = ["topic", "state", "lock_expires_at"]
    op.create_index("ix_external_task_fetch", "external_task", fetched_by)
    op.create_index(op.f("ix_external_task_instance_id"), "external_task", ["instance_id"])


def downgrade() -> None:
    op.drop_table("external_task")

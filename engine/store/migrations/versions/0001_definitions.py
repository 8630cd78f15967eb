"""What analysts publish."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store import types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deployment",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("deployed_at", types.Instant(), nullable=False),
        sa.Column("deployed_by", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deployment")),
    )
    op.create_index(op.f("ix_deployment_digest"), "deployment", ["digest"], unique=False)
    op.create_table(
        "process_definition",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("deployment_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("agency_kind", sa.String(length=32), nullable=False),
        sa.Column("resource_name", sa.String(length=255), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("startable_by", types.Json(), nullable=False),
        sa.Column("start_form", sa.String(length=120), nullable=True),
        sa.Column("start_messages", types.Json(), nullable=False),
        sa.Column("start_timers", types.Json(), nullable=False),
        sa.Column("suspended", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["deployment.id"], name=op.f("fk_process_definition_deployment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_definition")),
        sa.UniqueConstraint("key", "version", name=op.f("uq_process_definition_key")),
    )
    op.create_index(
        op.f("ix_process_definition_deployment_id"),
        "process_definition",
        ["deployment_id"],
        unique=False,
    )
    op.create_table(
        "resource",
        sa.Column("deployment_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["deployment.id"], name=op.f("fk_resource_deployment_id")
        ),
        sa.PrimaryKeyConstraint("deployment_id", "name", name=op.f("pk_resource")),
    )


def downgrade() -> None:
    op.drop_table("resource")
    op.drop_index(op.f("ix_process_definition_deployment_id"), table_name="process_definition")
    op.drop_table("process_definition")
    op.drop_index(op.f("ix_deployment_digest"), table_name="deployment")
    op.drop_table("deployment")

"""What runs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store import types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "envelope",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("business_key", sa.String(length=80), nullable=False),
        sa.Column("from_agency", sa.String(length=32), nullable=False),
        sa.Column("from_unit", sa.String(length=32), nullable=True),
        sa.Column("from_person", sa.String(length=64), nullable=True),
        sa.Column("to_agency", sa.String(length=32), nullable=False),
        sa.Column("to_unit", sa.String(length=32), nullable=True),
        sa.Column("to_process", sa.String(length=120), nullable=True),
        sa.Column("case_no", sa.String(length=80), nullable=True),
        sa.Column("profile", sa.String(length=40), nullable=False),
        sa.Column("sender_instance", sa.String(length=32), nullable=True),
        sa.Column("variables", types.Json(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("payload_sm3", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("sent_at", types.Instant(), nullable=False),
        sa.Column("delivered_at", types.Instant(), nullable=True),
        sa.Column("receipt_no", sa.String(length=80), nullable=True),
        sa.Column("acknowledged_at", types.Instant(), nullable=True),
        sa.Column("acknowledged_by", sa.String(length=64), nullable=True),
        sa.Column("correlated_at", types.Instant(), nullable=True),
        sa.Column("instance_id", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_envelope")),
    )
    op.create_index(op.f("ix_envelope_business_key"), "envelope", ["business_key"], unique=False)
    op.create_index(op.f("ix_envelope_state"), "envelope", ["state"], unique=False)
    op.create_index("ix_envelope_waiting", "envelope", ["to_agency", "state"], unique=False)
    op.create_table(
        "process_instance",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("definition_id", sa.String(length=32), nullable=False),
        sa.Column("process_key", sa.String(length=120), nullable=False),
        sa.Column("business_key", sa.String(length=80), nullable=False),
        sa.Column("case_no", sa.String(length=80), nullable=True),
        sa.Column("agency_id", sa.String(length=32), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=True),
        sa.Column("profile", sa.String(length=40), nullable=False),
        sa.Column("norms_version", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=120), nullable=True),
        sa.Column("incident_count", sa.Integer(), nullable=False),
        sa.Column("open_deadlines", sa.Integer(), nullable=False),
        sa.Column("started_by", sa.String(length=64), nullable=False),
        sa.Column("started_at", types.Instant(), nullable=False),
        sa.Column("ended_at", types.Instant(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("variables", types.Json(), nullable=False),
        sa.Column("parties", types.Json(), nullable=False),
        sa.Column("audit_head", sa.String(length=64), nullable=False),
        sa.Column("audit_count", sa.Integer(), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["definition_id"],
            ["process_definition.id"],
            name=op.f("fk_process_instance_definition_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_instance")),
    )
    op.create_index(
        op.f("ix_process_instance_agency_id"), "process_instance", ["agency_id"], unique=False
    )
    op.create_index(
        op.f("ix_process_instance_business_key"), "process_instance", ["business_key"], unique=False
    )
    op.create_index(
        op.f("ix_process_instance_case_no"), "process_instance", ["case_no"], unique=False
    )
    op.create_index(
        op.f("ix_process_instance_definition_id"),
        "process_instance",
        ["definition_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_process_instance_process_key"), "process_instance", ["process_key"], unique=False
    )
    op.create_index(
        "ix_process_instance_request",
        "process_instance",
        ["business_key", "agency_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_process_instance_started_at"), "process_instance", ["started_at"], unique=False
    )
    op.create_index(op.f("ix_process_instance_state"), "process_instance", ["state"], unique=False)
    op.create_table(
        "activity",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("definition_id", sa.String(length=32), nullable=False),
        sa.Column("element_id", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("started_at", types.Instant(), nullable=False),
        sa.Column("ended_at", types.Instant(), nullable=True),
        sa.Column("flow_id", sa.String(length=120), nullable=True),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_activity_instance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
    )
    op.create_index(op.f("ix_activity_instance_id"), "activity", ["instance_id"], unique=False)
    op.create_table(
        "incident",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=True),
        sa.Column("job_id", sa.String(length=32), nullable=True),
        sa.Column("envelope_id", sa.String(length=64), nullable=True),
        sa.Column("element_id", sa.String(length=120), nullable=True),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("params", types.Json(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("raised_at", types.Instant(), nullable=False),
        sa.Column("resolved_at", types.Instant(), nullable=True),
        sa.Column("resolved_by", sa.String(length=64), nullable=True),
        sa.Column("resolution", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_incident_instance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    op.create_index(op.f("ix_incident_instance_id"), "incident", ["instance_id"], unique=False)
    op.create_index(op.f("ix_incident_state"), "incident", ["state"], unique=False)
    op.create_table(
        "job",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=True),
        sa.Column("task_id", sa.String(length=32), nullable=True),
        sa.Column("element_id", sa.String(length=120), nullable=True),
        sa.Column("due_at", types.Instant(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("retries", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=1000), nullable=True),
        sa.Column("detail", types.Json(), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("fired_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_job_instance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index(
        "ix_job_due",
        "job",
        ["due_at", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
        sqlite_where=sa.text("state = 'waiting'"),
    )
    op.create_index("ix_job_instance", "job", ["instance_id", "state"], unique=False)
    op.create_table(
        "subscription",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("agency_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("business_key", sa.String(length=80), nullable=False),
        sa.Column("element_id", sa.String(length=120), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_subscription_instance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
    )
    op.create_index(
        op.f("ix_subscription_instance_id"), "subscription", ["instance_id"], unique=False
    )
    op.create_index(
        "ix_subscription_message", "subscription", ["kind", "name", "business_key"], unique=False
    )
    op.create_table(
        "user_task",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("definition_id", sa.String(length=32), nullable=False),
        sa.Column("element_id", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("business_key", sa.String(length=80), nullable=False),
        sa.Column("agency_id", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=64), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=True),
        sa.Column("assignee", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("form_key", sa.String(length=120), nullable=True),
        sa.Column("row_id", sa.String(length=64), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("claimed_at", types.Instant(), nullable=True),
        sa.Column("due_at", types.Instant(), nullable=True),
        sa.Column("deadline_id", sa.String(length=32), nullable=True),
        sa.Column("completed_at", types.Instant(), nullable=True),
        sa.Column("completed_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["process_definition.id"], name=op.f("fk_user_task_definition_id")
        ),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_user_task_instance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_task")),
    )
    op.create_index("ix_user_task_assignee", "user_task", ["assignee", "state"], unique=False)
    op.create_index(op.f("ix_user_task_business_key"), "user_task", ["business_key"], unique=False)
    op.create_index(op.f("ix_user_task_due_at"), "user_task", ["due_at"], unique=False)
    op.create_index(op.f("ix_user_task_instance_id"), "user_task", ["instance_id"], unique=False)
    op.create_index(
        "ix_user_task_open",
        "user_task",
        ["agency_id", "role", "unit_id"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
        sqlite_where=sa.text("state = 'open'"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_user_task_open",
        table_name="user_task",
        postgresql_where=sa.text("state = 'open'"),
        sqlite_where=sa.text("state = 'open'"),
    )
    op.drop_index(op.f("ix_user_task_instance_id"), table_name="user_task")
    op.drop_index(op.f("ix_user_task_due_at"), table_name="user_task")
    op.drop_index(op.f("ix_user_task_business_key"), table_name="user_task")
    op.drop_index("ix_user_task_assignee", table_name="user_task")
    op.drop_table("user_task")
    op.drop_index("ix_subscription_message", table_name="subscription")
    op.drop_index(op.f("ix_subscription_instance_id"), table_name="subscription")
    op.drop_table("subscription")
    op.drop_index("ix_job_instance", table_name="job")
    op.drop_index(
        "ix_job_due",
        table_name="job",
        postgresql_where=sa.text("state = 'waiting'"),
        sqlite_where=sa.text("state = 'waiting'"),
    )
    op.drop_table("job")
    op.drop_index(op.f("ix_incident_state"), table_name="incident")
    op.drop_index(op.f("ix_incident_instance_id"), table_name="incident")
    op.drop_table("incident")
    op.drop_index(op.f("ix_activity_instance_id"), table_name="activity")
    op.drop_table("activity")
    op.drop_index(op.f("ix_process_instance_state"), table_name="process_instance")
    op.drop_index(op.f("ix_process_instance_started_at"), table_name="process_instance")
    op.drop_index("ix_process_instance_request", table_name="process_instance")
    op.drop_index(op.f("ix_process_instance_process_key"), table_name="process_instance")
    op.drop_index(op.f("ix_process_instance_definition_id"), table_name="process_instance")
    op.drop_index(op.f("ix_process_instance_case_no"), table_name="process_instance")
    op.drop_index(op.f("ix_process_instance_business_key"), table_name="process_instance")
    op.drop_index(op.f("ix_process_instance_agency_id"), table_name="process_instance")
    op.drop_table("process_instance")
    op.drop_index("ix_envelope_waiting", table_name="envelope")
    op.drop_index(op.f("ix_envelope_state"), table_name="envelope")
    op.drop_index(op.f("ix_envelope_business_key"), table_name="envelope")
    op.drop_table("envelope")

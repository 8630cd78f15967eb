"""What officers enter and the law counts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store import types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("agency_id", sa.String(length=32), nullable=False),
        sa.Column("business_key", sa.String(length=80), nullable=True),
        sa.Column("filename", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sm3", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_by", sa.String(length=64), nullable=False),
        sa.Column("uploaded_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index(
        op.f("ix_attachment_business_key"), "attachment", ["business_key"], unique=False
    )
    op.create_table(
        "case_file",
        sa.Column("agency_id", sa.String(length=32), nullable=False),
        sa.Column("business_key", sa.String(length=80), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("updated_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("agency_id", "business_key", name=op.f("pk_case_file")),
    )
    op.create_table(
        "draft",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("key", "person_id", name=op.f("pk_draft")),
    )
    op.create_table(
        "index_term",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("term", sa.String(length=64), nullable=False),
        sa.Column("field", sa.String(length=80), nullable=False),
        sa.Column("agency_id", sa.String(length=32), nullable=False),
        sa.Column("business_key", sa.String(length=80), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_index_term")),
    )
    op.create_index(
        op.f("ix_index_term_business_key"), "index_term", ["business_key"], unique=False
    )
    op.create_index("ix_index_term_search", "index_term", ["term", "field"], unique=False)
    op.create_table(
        "watch_entry",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("agency_id", sa.String(length=32), nullable=False),
        sa.Column("business_key", sa.String(length=80), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("term", sa.String(length=64), nullable=False),
        sa.Column("masked", sa.LargeBinary(), nullable=False),
        sa.Column("valid_to", types.Instant(), nullable=True),
        sa.Column("added_at", types.Instant(), nullable=False),
        sa.Column("removed_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch_entry")),
    )
    op.create_index(op.f("ix_watch_entry_agency_id"), "watch_entry", ["agency_id"], unique=False)
    op.create_index(
        op.f("ix_watch_entry_business_key"), "watch_entry", ["business_key"], unique=False
    )
    op.create_index(op.f("ix_watch_entry_term"), "watch_entry", ["term"], unique=False)
    op.create_table(
        "deadline",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("agency_id", sa.String(length=32), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=True),
        sa.Column("business_key", sa.String(length=80), nullable=False),
        sa.Column("period_id", sa.String(length=60), nullable=False),
        sa.Column("element_id", sa.String(length=120), nullable=False),
        sa.Column("duty_element_id", sa.String(length=120), nullable=False),
        sa.Column("job_id", sa.String(length=32), nullable=True),
        sa.Column("scope_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("started_at", types.Instant(), nullable=False),
        sa.Column("due_at", types.Instant(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("met_at", types.Instant(), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("profile", sa.String(length=40), nullable=False),
        sa.Column("norms_version", sa.String(length=64), nullable=False),
        sa.Column("calendar_version", sa.String(length=64), nullable=False),
        sa.Column("derivation", types.Json(), nullable=False),
        sa.Column("clause", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_deadline_instance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline")),
    )
    op.create_index(op.f("ix_deadline_business_key"), "deadline", ["business_key"], unique=False)
    op.create_index(op.f("ix_deadline_instance_id"), "deadline", ["instance_id"], unique=False)
    op.create_index("ix_deadline_running", "deadline", ["state", "due_at"], unique=False)
    op.create_table(
        "document",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("agency_id", sa.String(length=32), nullable=False),
        sa.Column("business_key", sa.String(length=80), nullable=False),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=True),
        sa.Column("docx", sa.LargeBinary(), nullable=True),
        sa.Column("pdf_sm3", sa.String(length=64), nullable=True),
        sa.Column("docx_sm3", sa.String(length=64), nullable=True),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_document_instance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("agency_id", "number", "version", name=op.f("uq_document_agency_id")),
    )
    op.create_index(op.f("ix_document_business_key"), "document", ["business_key"], unique=False)
    op.create_index(op.f("ix_document_instance_id"), "document", ["instance_id"], unique=False)
    op.create_table(
        "submission",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("task_id", sa.String(length=32), nullable=True),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("agency_id", sa.String(length=32), nullable=False),
        sa.Column("business_key", sa.String(length=80), nullable=False),
        sa.Column("form_key", sa.String(length=120), nullable=False),
        sa.Column("definition_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("submitted_by", sa.String(length=64), nullable=False),
        sa.Column("happened_at", types.Instant(), nullable=True),
        sa.Column("recorded_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_submission_instance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
    )
    op.create_index(op.f("ix_submission_instance_id"), "submission", ["instance_id"], unique=False)
    op.create_index(
        "ix_submission_request", "submission", ["agency_id", "business_key"], unique=False
    )
    op.create_index(op.f("ix_submission_task_id"), "submission", ["task_id"], unique=False)
    op.create_table(
        "deadline_entry",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("deadline_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("happened_at", types.Instant(), nullable=False),
        sa.Column("recorded_at", types.Instant(), nullable=False),
        sa.Column("due_at", types.Instant(), nullable=True),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("ground", sa.String(length=500), nullable=True),
        sa.Column("clause", sa.String(length=200), nullable=True),
        sa.Column("detail", types.Json(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deadline_id"], ["deadline.id"], name=op.f("fk_deadline_entry_deadline_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_entry")),
    )
    op.create_index(
        op.f("ix_deadline_entry_deadline_id"), "deadline_entry", ["deadline_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_deadline_entry_deadline_id"), table_name="deadline_entry")
    op.drop_table("deadline_entry")
    op.drop_index(op.f("ix_submission_task_id"), table_name="submission")
    op.drop_index("ix_submission_request", table_name="submission")
    op.drop_index(op.f("ix_submission_instance_id"), table_name="submission")
    op.drop_table("submission")
    op.drop_index(op.f("ix_document_instance_id"), table_name="document")
    op.drop_index(op.f("ix_document_business_key"), table_name="document")
    op.drop_table("document")
    op.drop_index("ix_deadline_running", table_name="deadline")
    op.drop_index(op.f("ix_deadline_instance_id"), table_name="deadline")
    op.drop_index(op.f("ix_deadline_business_key"), table_name="deadline")
    op.drop_table("deadline")
    op.drop_index(op.f("ix_watch_entry_term"), table_name="watch_entry")
    op.drop_index(op.f("ix_watch_entry_business_key"), table_name="watch_entry")
    op.drop_index(op.f("ix_watch_entry_agency_id"), table_name="watch_entry")
    op.drop_table("watch_entry")
    op.drop_index("ix_index_term_search", table_name="index_term")
    op.drop_index(op.f("ix_index_term_business_key"), table_name="index_term")
    op.drop_table("index_term")
    op.drop_table("draft")
    op.drop_table("case_file")
    op.drop_index(op.f("ix_attachment_business_key"), table_name="attachment")
    op.drop_table("attachment")

"""Indexes behind the supervisors' lists; those that they make superfluous go."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_INSTANCE = "process_instance"
_LISTED = ("agency_id", "started_at", "id")
_NUMBERS = ("business_key", "case_no")
_SUPERFLUOUS = ("agency_id", "process_key", "started_at")


def upgrade() -> None:
    op.create_index("ix_process_instance_listed", _INSTANCE, [*_LISTED, *_NUMBERS])
    for name, column in (("procedure", "process_key"), ("unit", "unit_id")):
        columns = ["agency_id", column, "started_at", "id"]
        op.create_index(f"ix_process_instance_{name}", _INSTANCE, columns)
    alive = sa.text("ended_at IS NULL")
    op.create_index(
        "ix_process_instance_open",
        _INSTANCE,
        [*_LISTED],
        postgresql_where=alive,
        sqlite_where=alive,
    )
    op.create_index("ix_deadline_overseen", "deadline", ["agency_id", "state", "due_at"])
    for column in _SUPERFLUOUS:
        op.drop_index(f"ix_process_instance_{column}", table_name=_INSTANCE)


def downgrade() -> None:
    for column in _SUPERFLUOUS:
        op.create_index(f"ix_process_instance_{column}", _INSTANCE, [column])
    op.drop_index("ix_deadline_overseen", table_name="deadline")
    for name in ("open", "unit", "procedure", "listed"):
        op.drop_index(f"ix_process_instance_{name}", table_name=_INSTANCE)

"""Which request another one is about: what is raised is found from where it was raised."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("process_instance") as table:
        table.add_column(sa.Column("origin_request", sa.String(80)))
        table.create_index("ix_process_instance_origin_request", ["origin_request"])


def downgrade() -> None:
    with op.batch_alter_table("process_instance") as table:
        table.drop_index("ix_process_instance_origin_request")
        table.drop_column("origin_request")

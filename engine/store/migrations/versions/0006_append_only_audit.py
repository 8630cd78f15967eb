"""The audit trail is written once: the database itself refuses to change or delete it.

An owner of the tables can lift this; then the keyed chain and the seals tell (engine/audit.py).
"""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = ("audit", "audit_seal")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
    for table in TABLES:
        for act in _acts():
            op.execute(_trigger(table, act))


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in TABLES:
        for act in _acts():
            on = f" ON {table}" if postgresql else ""
            op.execute(f"DROP TRIGGER {table}_refuses_{act}{on}")
    if postgresql:
        op.execute("DROP FUNCTION refuse_change()")


def _acts() -> tuple[str, ...]:
    if op.get_bind().dialect.name == "postgresql":
        return ("update", "delete", "truncate")
    return ("update", "delete")


def _trigger(table: str, act: str) -> str:
    begin = f"CREATE TRIGGER {table}_refuses_{act} BEFORE {act.upper()} ON {table}"
    if op.get_bind().dialect.name == "postgresql":
        return f"{begin} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    return f"{begin} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"

"""`python -m tests.states.write`: the states of the present version; see README.md."""

import json
import tempfile
import tomllib
from pathlib import Path

from alembic.runtime.migration import MigrationContext

from engine.store.database import Database
from engine.store.migrations import upgrade
from tests.engine.house import House
from tests.states.acting import bring_about, finish_all
from tests.states.rows import dump

HERE = Path(__file__).parent


def version() -> str:
    """Of the project, as it is released."""
    project = tomllib.loads((HERE.parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])


def revision(database: Database) -> str:
    """Of the schema."""
    with database.read() as session:
        return str(MigrationContext.configure(session.connection()).get_current_revision())


def states() -> str:
    """Everything, one row a line."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/states.db")
        upgrade(database)
        house = House(database)
        bring_about(house)
        head = {"version": version(), "revision": revision(database)}
        head["now"] = house.clock.now().isoformat()
        rows = dump(database)
        passed = finish_all(house)
        database.close()
    return _lines({**head, "passed": passed, "rows": rows})


def _lines(content: dict[str, object]) -> str:
    parts = []
    for name, value in content.items():
        if not isinstance(value, dict):
            parts.append(f"{json.dumps(name)}: {json.dumps(value)}")
            continue
        inside = ",\n".join(f"{json.dumps(key)}: {_list(below)}" for key, below in value.items())
        parts.append(f"{json.dumps(name)}: {{\n{inside}\n}}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _list(rows: list[object]) -> str:
    return "[" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "]"


if __name__ == "__main__":
    target = HERE / f"{version()}.json"
    if target.exists():
        raise SystemExit(f"{target.name} was written when that version was released; see README.md")
    target.write_text(states(), encoding="utf-8")
    print(f"{target.name}: {target.stat().st_size // 1024} KB")

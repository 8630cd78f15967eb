"""Forms as they were deployed, for programs that show them."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from engine.queries.rest import repository

if TYPE_CHECKING:
    from engine.engine import Engine


def deployed_form(engine: Engine, definition_id: str, form_key: str) -> bytes | None:
    """The .form file byte for byte; None where the deployment holds none of that id."""
    with engine.database.read() as session:
        row = engine.definitions.row(session, definition_id)
    for file in repository.files(engine, row.deployment_id):
        if PurePosixPath(file.name).name == f"{form_key}.form":
            return repository.content(engine, row.deployment_id, file.name)
    return None

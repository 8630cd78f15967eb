"""What a procedure is checked against: the field groups on disk, the processes in the database."""

from __future__ import annotations

from collections.abc import Mapping

from flask import current_app

from engine.deployments import Checked, check
from engine.queries import studio
from web.auth.viewer import the_engine


def groups() -> dict[str, bytes]:
    """Field groups that forms may include, by file name."""
    home = current_app.config["WORKFLOWS"] / "groups"
    return {file.name: file.read_bytes() for file in sorted(home.glob("*.form"))}


def judged(files: Mapping[str, bytes]) -> Checked:
    """The files as the engine would judge them at deployment."""
    engine = the_engine()
    return check(engine, files, groups(), studio.process_keys(engine))

"""`liandong init`: the database, the key, the norms; nothing that exists is touched."""

from __future__ import annotations

from typing import Any

import click

from engine.statutes import keep
from engine.store import keys
from engine.store.migrations import upgrade
from engine.verbs import unit_of_work
from web.messages import sentence


@click.command("init", short_help="建立或升级数据库 / create or upgrade the database")
def init() -> None:
    """建立数据库（已有的升级到本版本），登记法规数据。可以重复执行。

    Create the database, or bring an existing one up to this version, and store the norms.
    """
    installation = click.get_current_context().obj
    prepare(installation)
    click.echo(sentence("init.done", {"database": shown(installation)}))


def prepare(installation: Any) -> None:
    """Schema, key and norms; raises LiandongError where the database cannot be used."""
    installation.settings.data.mkdir(parents=True, exist_ok=True)
    upgrade(installation.database)
    engine = installation.engine()
    with unit_of_work(engine, "system") as unit:
        keys.recognise_keys(unit.session, engine.crypto)
        folder = installation.settings.workflows / "norms"
        files = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.yaml")}
        keep(unit, engine.statutes.current, files)


def shown(installation: Any) -> str:
    """The database without its password."""
    return str(installation.database.url.render_as_string(hide_password=True))

"""Command-line interface: one module per group of commands, found by name when it is called.

Every command gets the installation as `click.get_current_context().obj` and makes the engine only
when it needs one, so that the pure commands work without a database.
"""

from __future__ import annotations

from importlib import import_module

import click

_HOMES = {
    "serve": "serve",
    "init": "init",
    "deploy": "deploy",
    "check": "deploy",
    "scenario": "scenario",
    "trace": "trace",
    "worker": "serve",
    "incidents": "incidents",
    "document": "document",
    "calendar": "calendar",
    "deadlines": "deadlines",
    "decide": "decide",
    "verify-audit": "verify_audit",
    "bench": "bench",
    "demo": "demo",
    "client": "client",
    "take-over": "take_over",
}
"""Command → module of this package in which it stands."""


class Commands(click.Group):
    """The `liandong` command: a module is imported only for the command that is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_HOMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _HOMES:
            return None
        home = import_module(f"web.commands.{_HOMES[cmd_name]}")
        command: click.Command = getattr(home, cmd_name.replace("-", "_"))
        return command

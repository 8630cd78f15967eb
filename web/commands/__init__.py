"""Command-line interface: one module per group of commands, assembled by app.py.

Every command gets the installation as `click.get_current_context().obj` and makes the engine only
when it needs one, so that the pure commands work without a database.
"""

from __future__ import annotations

import click

_COMMANDS = {
    "serve": "serve",
    "init": "init",
    "deploy": "deploy",
    "check": "deploy",
    "worker": "serve",
    "calendar": "calendar",
    "deadlines": "deadlines",
    "decide": "decide",
    "verify-audit": "verify_audit",
    "scenario": "scenario",
    "demo": "demo",
    "bench": "bench",
}
"""Command → module of this package in which it stands."""


def all_commands() -> list[click.Command]:
    """Every command; a module is imported once all are asked for."""
    from importlib import import_module

    found = []
    for name, module in _COMMANDS.items():
        home = import_module(f"web.commands.{module}")
        found.append(getattr(home, name.replace("-", "_")))
    return found

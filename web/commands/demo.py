"""`liandong demo`: a database to try everything on, with people and cases that nobody is."""

from __future__ import annotations

from typing import Any

import click

from engine.queries.people import demo_sheet
from web.commands.serve import run
from web.messages import sentence
from web.rehearsal.demonstration import Made, make
from web.rehearsal.report import left_out_lines, told_of


@click.command("demo", short_help="演示库 / a demonstration database")
@click.option("--serve", "then_serve", is_flag=True, help="建好后启动服务 / then serve.")
def demo(then_serve: bool) -> None:
    """建立演示库：虚构的机关、人员和办到不同阶段的事项；已有的不再重建。正式的库不受影响。

    Make a demonstration; what is there stays. A database made without it is refused.
    """
    installation = click.get_current_context().obj
    click.echo(sentence("demo.making"))
    made = make(installation)
    _print(installation, made)
    if then_serve:
        run(installation, None, None)


def _print(installation: Any, made: Made) -> None:
    for line in left_out_lines(made.left_out):
        click.echo(line, err=True)
    for title in made.told:
        click.echo(sentence("demo.told", {"title": title}))
    for story, line, failure in made.failed:
        click.echo(told_of(story, line, failure), err=True)
    engine = installation.engine()
    names = engine.statutes.current.roles
    sheet = demo_sheet(engine)
    assert sheet is not None
    for account in sheet.accounts:
        roles = [names.get(role, role) for role in account.roles]
        params = {"login": account.login, "unit": account.unit_name, "roles": roles}
        click.echo(sentence("demo.account", {**params, "name": account.name}))
    click.echo(sentence("demo.password", {"password": sheet.password}))

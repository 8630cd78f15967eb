"""`liandong client`: accounts of programs that speak to /engine-rest."""

from __future__ import annotations

from typing import Any

import click

from engine import rest_clients
from engine.engine import Engine
from web.commands.serve import require_usable
from web.messages import sentence


@click.group("client", short_help="接口程序的账号 / accounts of programs")
def client() -> None:
    """登记、授权、停用使用 /engine-rest 的程序。

    Add, allow and shut out programs that speak to /engine-rest.
    """


@client.command("add")
@click.argument("name")
@click.option("--unit", required=True, help="所属部门编号 / id of its unit.")
@click.option("--agency", required=True, help="所属机关编号 / id of its agency.")
@click.option("--role", "roles", multiple=True, help="岗位编码，可重复 / role code, repeatable.")
@click.option("--topic", "topics", multiple=True, help="外部任务主题，可重复 / topic, repeatable.")
def add(name: str, unit: str, agency: str, roles: tuple[str, ...], topics: tuple[str, ...]) -> None:
    """登记程序，显示一次令牌。 / Add a program; its token is shown once."""
    engine = _engine()
    made = rest_clients.add_client(engine, "system", agency, unit, name)
    rest_clients.allow_client(engine, "system", made.client_id, roles, topics)
    _show(made)


@client.command("allow")
@click.argument("client_id")
@click.option("--role", "roles", multiple=True, help="岗位编码，可重复 / role code, repeatable.")
@click.option("--topic", "topics", multiple=True, help="外部任务主题，可重复 / topic, repeatable.")
def allow(client_id: str, roles: tuple[str, ...], topics: tuple[str, ...]) -> None:
    """重新指定岗位与主题。 / Say anew which roles and topics it has."""
    rest_clients.allow_client(_engine(), "system", client_id, roles, topics)
    click.echo(sentence("client.allowed", {"client": client_id, "roles": roles, "topics": topics}))


@client.command("renew")
@click.argument("client_id")
def renew(client_id: str) -> None:
    """换发令牌，旧令牌随即失效。 / A new token; the old one opens nothing any more."""
    _show(rest_clients.renew_token(_engine(), "system", client_id))


@client.command("revoke")
@click.argument("client_id")
def revoke(client_id: str) -> None:
    """停用程序。 / Shut a program out for good."""
    rest_clients.revoke_client(_engine(), "system", client_id)
    click.echo(sentence("client.revoked", {"client": client_id}))


@client.command("passwords")
@click.argument("agency")
@click.option("--allow/--refuse", required=True, help="是否允许 / whether they may.")
def passwords(agency: str, allow: bool) -> None:
    """本机关人员能否用登录名和密码使用接口。 / Whether people may use login and password."""
    rest_clients.allow_passwords(_engine(), "system", agency, allow)
    code = "client.passwords_allowed" if allow else "client.passwords_refused"
    click.echo(sentence(code, {"agency": agency}))


def _engine() -> Engine:
    installation: Any = click.get_current_context().obj
    require_usable(installation)
    engine: Engine = installation.engine()
    return engine


def _show(made: rest_clients.NewToken) -> None:
    click.echo(sentence("client.token", {"client": made.client_id, "token": made.token}))

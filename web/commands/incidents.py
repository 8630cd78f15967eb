"""`liandong incidents`: what the engine could not do by itself, listed and tried again."""

from __future__ import annotations

import json
from typing import Any

import click
from sqlalchemy import select

from engine import retry_incident
from engine.engine import Engine
from engine.store.models import Incident, ProcessInstance
from web.commands.serve import require_usable
from web.messages import sentence
from web.times import shown


@click.group("incidents", short_help="异常 / incidents")
def incidents() -> None:
    """列出未处理的异常，或在排除原因后重试。

    List open incidents; try again once the cause is mended.
    """


@incidents.command("list")
@click.option("--json", "as_json", is_flag=True, help="结果为 JSON / print JSON.")
def list_open(as_json: bool) -> None:
    """列出未处理的异常，最近的在前。 / List open incidents, the latest first."""
    rows = _open(_engine())
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, default=str))
        return
    for row in rows:
        click.echo(sentence("incidents.row", row))
    click.echo(sentence("incidents.count", {"number": len(rows)}))


@incidents.command("retry")
@click.argument("incident_id")
@click.option("--reason", required=True, help="重试的理由 / why it will work now.")
def retry(incident_id: str, reason: str) -> None:
    """重试失败的步骤，异常随之办结。 / Try the failed step again; the incident is resolved."""
    retry_incident(_engine(), "system", incident_id, reason)
    click.echo(sentence("incidents.retried", {"id": incident_id}))


def _engine() -> Engine:
    installation = click.get_current_context().obj
    require_usable(installation)
    engine: Engine = installation.engine()
    return engine


def _open(engine: Engine) -> list[dict[str, Any]]:
    query = (
        select(Incident, ProcessInstance.business_key)
        .outerjoin(ProcessInstance, ProcessInstance.id == Incident.instance_id)
        .where(Incident.state == "open")
        .order_by(Incident.raised_at.desc(), Incident.id)
    )
    with engine.database.read() as session:
        return [_row(incident, key) for incident, key in session.execute(query)]


def _row(incident: Incident, business_key: str | None) -> dict[str, Any]:
    return {
        "id": incident.id,
        "raised_at": shown(incident.raised_at),
        "request": business_key,
        "element": incident.element_id,
        "code": incident.code,
        "words": sentence(incident.code, {**incident.params, "element": incident.element_id}),
    }

"""`liandong verify-audit`: has anybody touched the audit trail?"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

from engine import audit_verification
from engine.audit_verification import Finding
from engine.engine import Engine
from engine.errors import LiandongError
from engine.store.keys import require_keys
from web.commands.deadlines import LANGUAGE
from web.messages import error_sentence, sentence


@click.command("verify-audit", short_help="核对审计记录 / verify the audit trail")
@click.option("--json", "as_json", is_flag=True, help="结果为 JSON / print JSON.")
@LANGUAGE
def verify_audit(as_json: bool, lang: str) -> None:
    """核对全部审计记录：改动、删除、截断、调换、伪造的封存。

    Look for altered, deleted, cut off and swapped rows and forged seals. Exit code 0: the trail is
    whole; 1: it is not, with every place named; 2: it could not be read.
    """
    try:
        findings = audit_verification.verify_audit(_engine())
    except LiandongError as error:
        click.echo(error_sentence(error, lang), err=True)
        sys.exit(2)
    click.echo(_as_json(findings) if as_json else _as_text(findings, lang))
    sys.exit(1 if findings else 0)


def _engine() -> Engine:
    """With the key that the rows were sealed with: under any other, every row looks altered."""
    engine: Engine = click.get_current_context().obj.engine()
    with engine.database.read() as session:
        require_keys(session, engine.crypto)
    return engine


def _as_json(findings: list[Finding]) -> str:
    found = [asdict(finding) for finding in findings]
    return json.dumps({"whole": not findings, "findings": found}, ensure_ascii=False, indent=2)


def _as_text(findings: list[Finding], lang: str) -> str:
    if not findings:
        return sentence("audit.whole", language=lang)
    places = [sentence(finding.code, asdict(finding), lang) for finding in findings]
    return "\n".join([sentence("audit.found", {"number": len(findings)}, lang), *places])

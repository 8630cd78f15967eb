"""`liandong verify-audit`: whole, or every place that was touched; exit codes for scripts."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import update

from engine import audit_verification
from engine.errors import Unavailable
from engine.store.crypto import CryptoProvider
from engine.store.database import Database
from engine.store.keys import recognise_keys
from engine.store.models import AuditRow, Base
from engine.store.unit_of_work import Unit
from engine.verbs import verb
from tests.engine.installation import Installation
from web.commands.verify_audit import verify_audit
from web.messages import catalogue


@verb
def act(unit: Unit) -> None:
    unit.audit("setting.changed", "setting", "profile")


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    database = Database(f"sqlite:///{tmp_path / 'liandong.db'}")
    Base.metadata.create_all(database.writer)
    made = Installation(database)
    act(made, "system")
    yield made
    database.close()


def run(installation: Installation, *options: str) -> Result:
    composed = SimpleNamespace(engine=lambda: installation)
    return CliRunner().invoke(verify_audit, options, obj=composed)


def tamper(installation: Installation) -> None:
    with installation.database.write() as session:
        session.execute(update(AuditRow).values(actor="another"))


def test_a_whole_trail_is_said_to_be_whole(installation: Installation) -> None:
    answer = run(installation)
    assert answer.exit_code == 0
    assert answer.output.startswith("审计记录完整")


def test_an_altered_row_is_named_with_its_place(installation: Installation) -> None:
    tamper(installation)
    answer = run(installation, "--lang", "en")
    assert answer.exit_code == 1
    assert "day:2026-03-02, row 1: altered." in answer.output


def test_under_another_key_nothing_is_said_to_be_altered(installation: Installation) -> None:
    with installation.database.write() as session:
        recognise_keys(session, installation.crypto)
    installation.crypto = CryptoProvider([b"another key, as long as it must "])
    answer = run(installation)
    assert answer.exit_code == 2
    assert "另一把密钥" in answer.output


def test_scripts_read_the_same_as_json(installation: Installation) -> None:
    tamper(installation)
    assert json.loads(run(installation, "--json").output) == {
        "whole": False,
        "findings": [{"code": "audit.altered", "chain": "day:2026-03-02", "position": 1}],
    }


def test_a_database_that_cannot_be_read_is_another_exit_code() -> None:
    def unreachable() -> None:
        raise Unavailable("database.unreachable")

    answer = CliRunner().invoke(
        verify_audit, [], obj=SimpleNamespace(engine=unreachable)
    )
    assert answer.exit_code == 2
    assert "连接不上数据库" in answer.output


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_finding_has_its_sentence(language: str) -> None:
    told = re.findall(r'"(audit\.[a-z_]+)"', Path(audit_verification.__file__).read_text("utf-8"))
    assert len(set(told)) == 11
    assert set(told) <= catalogue(language).keys()

"""`liandong take-over`: a case that began on paper goes on where it stands."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result
from sqlalchemy import select

from app import Installation, Settings
from engine import deployments
from engine.store.models import Agency, Attachment, Deadline, Person, Post, Submission, Unit
from engine.timing.zone import SHANGHAI, local
from tests.engine.running.test_taking_over import FORM, drawing
from web.commands.init import init
from web.commands.take_over import take_over

WORKFLOWS = Path(__file__).parents[2] / "workflows"
SCAN = {"type": "filepicker", "id": "warrant", "key": "warrant", "label": "拘传票"}


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    """One court with its division head, and a procedure with a control of two hours."""
    found = Installation(Settings(f"sqlite:///{tmp_path / 'l.db'}", tmp_path, WORKFLOWS))
    CliRunner().invoke(init, obj=found, catch_exceptions=False)
    engine = found.engine()
    with engine.database.write() as session:
        session.add(Agency(id="豫1321", kind="court", name="某法院", profile="nanzhao_2021"))
        session.flush()
        session.add(Unit(id="u", agency_id="豫1321", name="执行局"))
        session.add(Person(id="h", login="head", name=b"", agency_id="豫1321", password_hash=""))
        session.flush()
        since = engine.clock.now() - timedelta(days=1)
        session.add(Post(person_id="h", unit_id="u", role="court_division_head", since=since))
    form = {**FORM, "components": [*FORM["components"], SCAN]}
    files = {"p.bpmn": drawing(), "found.form": json.dumps(form).encode()}
    deployments.deploy(engine, "system", "p", files)
    return found


def taken(installation: Installation, folder: Path, text: str) -> Result:
    (folder / "paper.yaml").write_text(text, "utf-8")
    return CliRunner().invoke(take_over, [str(folder / "paper.yaml")], obj=installation)


def entry(controlled: datetime, **changed: object) -> str:
    fill = {"name": "王某某", "controlled_at": f"{local(controlled):%Y-%m-%dT%H:%M}"}
    given = {
        "process": "p", "by": "head", "at": ["hand_over"], "began_at": "2026-03-01T09:00",
        "reason": "上线前已经以纸质方式办理", "forms": [{"form": "found", "fill": fill}], **changed,
    }  # fmt: skip
    return yaml.safe_dump([given], allow_unicode=True)


def test_the_case_goes_on_with_its_true_times_and_its_scan(
    installation: Installation, tmp_path: Path
) -> None:
    controlled = datetime.now(SHANGHAI).replace(second=0, microsecond=0) - timedelta(minutes=20)
    (tmp_path / "拘传票.pdf").write_bytes(b"%PDF-1.7 scan")
    text = entry(controlled).replace(
        "name: 王某某", "name: 王某某\n      warrant: !file 拘传票.pdf"
    )
    result = taken(installation, tmp_path, text)
    assert result.exit_code == 0, result.output
    assert "豫1321-REQ-" in result.output
    with installation.database.read() as session:
        deadline = session.scalars(select(Deadline)).one()
        assert deadline.due_at == controlled + timedelta(hours=2)
        assert session.scalars(select(Submission)).one().happened_at == controlled
        assert session.scalars(select(Attachment)).one().business_key == deadline.business_key


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"at": ["nowhere"]}, "不能从“nowhere”接着办"),
        ({"by": "nobody"}, "没有这个人员"),
        ({"forms": [{"form": "found", "fill": {}}]}, "found#name"),
        ({"reason": ""}, "理由"),
        ({"surprise": 1}, "应当有 process"),
        ({"began_at": "soon"}, "开始时间soon"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_entry(
    installation: Installation, tmp_path: Path, changed: dict[str, object], words: str
) -> None:
    result = taken(installation, tmp_path, entry(datetime.now(SHANGHAI), **changed))
    assert result.exit_code == 1
    assert "paper.yaml第1项" in result.output
    assert words in result.output


def test_a_missing_scan_is_told(installation: Installation, tmp_path: Path) -> None:
    text = entry(datetime.now(SHANGHAI)).replace("name: 王某某", "name: !file 无.pdf")
    assert "无.pdf" in taken(installation, tmp_path, text).output

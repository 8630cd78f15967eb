"""`liandong check`: every place named, nothing deployed."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from app import Installation, Settings
from engine.store.models import Deployment
from tests.engine.drawing import element, flows, process, properties, user
from web.commands.deploy import check, deploy
from web.commands.init import init

WORKFLOWS = Path(__file__).parents[2] / "workflows"


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    url = f"sqlite:///{tmp_path / 'liandong.db'}"
    return Installation(Settings(url, tmp_path, WORKFLOWS))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A procedure with a missing form, an unknown clause and a bad expression."""
    home = tmp_path / "broken"
    home.mkdir()
    task = user(
        "review",
        "court_handler",
        properties(legal_clause="NZ-9.9-nowhere"),
        name="审核",
        camunda_formRef="not_there",
    )
    source = process(
        "broken",
        element("startEvent", "s"),
        task,
        element("exclusiveGateway", "x"),
        element("endEvent", "e"),
        element("endEvent", "f"),
        flows("s -> review -> x", "x -> e [n >]", "x -> f [n = 1]"),
    )
    (home / "broken.bpmn").write_bytes(source.replace(b"><", b">\n<"))
    (home / "spoilt.dmn").write_bytes(b"<definitions><decision>")
    return home


def test_names_file_line_element_and_remedy_of_every_error(
    installation: Installation, folder: Path
) -> None:
    result = CliRunner().invoke(check, [str(folder)], obj=installation)
    assert result.exit_code == 1
    lines = result.output.splitlines()
    form = next(line for line in lines if "not_there" in line)
    assert form.startswith("broken.bpmn:")
    assert "“审核”（review）" in form
    assert "请补上 not_there.form" in form
    assert any("NZ-9.9-nowhere" in line and "请核对编号" in line for line in lines)
    assert any("x-e" in line for line in lines)
    assert any(line.startswith("spoilt.dmn:1") for line in lines)


def test_deploys_nothing_when_anything_is_wrong(installation: Installation, folder: Path) -> None:
    CliRunner().invoke(init, obj=installation, catch_exceptions=False)
    result = CliRunner().invoke(deploy, [str(folder)], obj=installation)
    assert result.exit_code == 1
    with installation.database.read() as session:
        names = [row.name for row in session.query(Deployment)]
    assert names == ["norms"]


def test_reports_as_json_where_asked(installation: Installation, folder: Path) -> None:
    result = CliRunner().invoke(check, ["--json", str(folder)], obj=installation)
    report = json.loads(result.output)
    assert report["errors"] == len([c for c in report["complaints"] if c["severity"] == "error"])
    assert {c["file"] for c in report["complaints"]} == {"broken.bpmn", "spoilt.dmn"}
    assert all(c["sentence"] for c in report["complaints"])


def test_our_own_procedures_have_no_error(installation: Installation) -> None:
    result = CliRunner().invoke(check, [str(WORKFLOWS)], obj=installation)
    assert result.exit_code == 0, result.output


def test_an_unchanged_folder_keeps_its_version(installation: Installation) -> None:
    run = CliRunner()
    run.invoke(init, obj=installation, catch_exceptions=False)
    first = run.invoke(deploy, ["--json", str(WORKFLOWS)], obj=installation)
    again = run.invoke(deploy, ["--json", str(WORKFLOWS)], obj=installation)
    assert all(not row["unchanged"] for row in json.loads(first.output))
    assert all(row["unchanged"] for row in json.loads(again.output))

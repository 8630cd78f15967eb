"""`liandong incidents`: listed with their sentence, tried again with a reason."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from app import Installation, Settings
from engine.bpmn.faults import Fault
from engine.errors import NotFound
from engine.incidents import raise_incident
from engine.store.models import Job
from engine.verbs import unit_of_work
from web.commands.incidents import incidents
from web.commands.init import init

WORKFLOWS = Path(__file__).parents[2] / "workflows"


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    found = Installation(Settings(f"sqlite:///{tmp_path / 'l.db'}", tmp_path, WORKFLOWS))
    CliRunner().invoke(init, obj=found, catch_exceptions=False)
    return found


@pytest.fixture
def failed(installation: Installation) -> str:
    """A job that has failed for good, with its incident."""
    with unit_of_work(installation.engine(), "system") as unit:
        job = Job(kind="message", state="failed", retries=0, due_at=unit.now, created_at=unit.now)
        unit.session.add(job)
        unit.session.flush()
        fault = Fault("bpmn.no_flow_open", element="x", name="是否受理？")
        return raise_incident(unit, fault, job=job).id


def test_are_listed_with_element_and_sentence(installation: Installation, failed: str) -> None:
    told = CliRunner().invoke(incidents, ["list"], obj=installation).output
    assert failed in told
    assert "是否受理？" in told
    rows = json.loads(CliRunner().invoke(incidents, ["list", "--json"], obj=installation).output)
    assert [(row["id"], row["element"]) for row in rows] == [(failed, "x")]


def test_a_retry_makes_the_job_due_again(installation: Installation, failed: str) -> None:
    run = CliRunner()
    result = run.invoke(incidents, ["retry", failed, "--reason", "已补缺省去向"], obj=installation)
    assert result.exit_code == 0, result.output
    with installation.database.read() as session:
        (job,) = session.query(Job)
        assert (job.state, job.retries) == ("waiting", 3)
    assert json.loads(run.invoke(incidents, ["list", "--json"], obj=installation).output) == []


def test_an_unknown_incident_is_refused(installation: Installation) -> None:
    result = CliRunner().invoke(incidents, ["retry", "none", "--reason", "再试"], obj=installation)
    assert isinstance(result.exception, NotFound)

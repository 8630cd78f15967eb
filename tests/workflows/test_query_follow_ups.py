"""What a query found is filled in where the court goes on: nobody types it twice."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app import Installation, Settings
from engine.queries.tasks import open_task
from engine.store.models import ProcessInstance, UserTask
from forms.prefill import initial
from web.rehearsal.acting import perform
from web.rehearsal.reading import read
from web.rehearsal.stage import House, Stage

WORKFLOWS = Path(__file__).parents[2] / "workflows"
SCENARIO = WORKFLOWS / "information_query" / "scenarios" / "follow_ups.yaml"


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A query whose result was taken over with every follow-up ticked."""
    data = tmp_path_factory.mktemp("follow-ups")
    installation = Installation(Settings(f"sqlite:///{data / 'unused.db'}", data, WORKFLOWS))
    with Stage(WORKFLOWS, installation.rehearse) as stage:
        scenario = read(SCENARIO, stage.procedures.known)
        with stage.house(scenario) as house:
            for step in scenario.steps:
                perform(house, step)
            yield house


def first_sight(house: House, process: str) -> dict[str, Any]:
    """What the handler finds filled in when he opens the first task of that procedure."""
    query = (
        select(UserTask.id)
        .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
        .where(ProcessInstance.process_key == process, UserTask.state == "open")
    )
    with house.engine.database.read() as session:
        task = session.scalars(query).one()
    opened = open_task(house.engine, house.people["court_handler"], task).opened
    return initial(house.schema(opened.form), opened.scope, house.clock.now())


def test_the_person_to_look_for_is_the_one_of_the_query(answered: House) -> None:
    found = first_sight(answered, "apprehension_handover")
    assert (found["name"], found["doc_no"]) == ("乙某", "411321180001010005")
    assert found["case_no"] == "（2026）豫1321执12号"


def test_the_vehicles_to_seize_are_those_that_were_found(answered: House) -> None:
    [vehicle] = first_sight(answered, "vehicle_registration_freeze")["vehicles"]
    assert (vehicle["plate_no"], vehicle["vin"]) == ("豫R00001", "LSVAA49J132047371")
    assert vehicle["owner_name"] == "乙某"


def test_a_further_query_asks_about_the_same_people(answered: House) -> None:
    [subject] = first_sight(answered, "information_query")["subjects"]
    assert (subject["name"], subject["query_categories"]) == ("乙某", ["I", "IV"])

"""What a query found is filled in where the court goes on; what a withdrawn one typed is gone."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from engine.drafts import save_draft
from engine.queries.tasks import open_task
from engine.store.models import Draft, ProcessInstance, UserTask
from forms.prefill import initial
from tests.workflows.drawn import WORKFLOWS
from web.rehearsal.acting import perform
from web.rehearsal.reading import read
from web.rehearsal.scenario import Scenario
from web.rehearsal.stage import House, Stage

SCENARIOS = WORKFLOWS / "information_query" / "scenarios"


def played(stage: Stage, name: str) -> Scenario:
    """The scenario of that name, to be played step by step."""
    return read(SCENARIOS / f"{name}.yaml", stage.procedures.known)


@pytest.fixture(scope="module")
def answered(stage: Stage) -> Iterator[House]:
    """A query whose result was taken over with every follow-up ticked."""
    scenario = played(stage, "follow_ups")
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


def test_what_was_typed_for_a_withdrawn_query_is_forgotten(stage: Stage) -> None:
    scenario = played(stage, "withdrawn_while_searching")
    with stage.house(scenario) as house:
        for step in scenario.steps:
            if step.subject == "information_query__withdraw":
                type_something(house, "search_center")
            perform(house, step)
        with house.engine.database.read() as session:
            assert session.scalars(select(Draft)).all() == []


def type_something(house: House, element: str) -> None:
    """The analyst has begun to fill in the task and saved a draft."""
    with house.engine.database.read() as session:
        task = session.scalars(select(UserTask.id).where(UserTask.element_id == element)).one()
    save_draft(house.engine, house.people["police_analysis_center"], task, [["note", "草稿"]])

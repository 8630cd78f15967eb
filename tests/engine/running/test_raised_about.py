"""What is raised about a request has a number of its own; the request goes on (C-5, C-6)."""

from __future__ import annotations

import pytest

from engine import case_files, directory, instances
from engine.actors import Actor, load_actor
from engine.errors import Conflict, NotFound
from engine.queries.definitions import startable
from engine.queries.instances import instance_page
from engine.queries.tasks import open_start
from engine.store.models import Person, ProcessInstance
from engine.verbs import unit_of_work
from tests.engine.drawing import element, flows, process, properties, user
from tests.engine.house import COURT, MORNING, House

OBJECTION = process(
    "objection",
    element("startEvent", "s"),
    user("look"),
    flows("s -> look"),
    extra=properties(
        request_type="REV", request_about="提出审查建议", request_flag="有审查建议"
    ),
    starters="court_handler",
)


@pytest.fixture
def target(house: House) -> ProcessInstance:
    """An open request with a case file, and the procedure that objects to it."""
    with house.engine.database.write() as session:
        sealed = house.engine.crypto.seal_text("承办人甲", directory.NAME, "handler")
        session.get_one(Person, "handler").name = sealed
    house.deploy("objection", OBJECTION)
    drawn = (element("startEvent", "s"), user("act"), flows("s -> act"))
    house.deploy("p", process("p", *drawn, starters="court_handler"))
    found = house.instance(house.start("p"))
    known = {"FG-PERSON.name": "王某", "own.note": "甲"}
    with unit_of_work(house.engine, "system") as unit:
        case_files.write(unit, COURT, found.business_key, known)
    return found


def object_to(house: House, target: ProcessInstance) -> ProcessInstance:
    started = instances.start_process(
        house.engine, "handler", "objection", about=target.business_key
    )
    return house.instance(started.instance_id)


def test_it_has_its_own_number_and_names_the_request_it_is_about(
    house: House, target: ProcessInstance
) -> None:
    raised = object_to(house, target)
    assert raised.business_key == f"{COURT}-REV-2026-000001"
    assert raised.origin_request == target.business_key
    assert (raised.parties, raised.profile) == (target.parties, target.profile)
    assert house.variables(raised.id)["origin_process"] == "p"


def test_the_field_groups_go_along_and_nothing_else(house: House, target: ProcessInstance) -> None:
    raised = object_to(house, target)
    with unit_of_work(house.engine, "system") as unit:
        known = case_files.read(unit, COURT, raised.business_key)
    assert known == {"FG-PERSON.name": "王某"}


def test_its_start_form_knows_the_request(house: House, target: ProcessInstance) -> None:
    actor = load_actor_of(house)
    chosen = next(one for one in startable(house.engine, actor) if one.about)
    opened = open_start(house.engine, "handler", chosen, None, target.business_key)
    assert opened.scope["origin_request"] == target.business_key
    assert opened.scope["name"] == "王某"


def test_the_request_shows_the_flag_while_it_is_open_and_goes_on(
    house: House, target: ProcessInstance
) -> None:
    raised = object_to(house, target)
    page = instance_page(house.engine, load_actor_of(house), target.id)
    assert page.flags == ["有审查建议"]
    assert [one.instance.id for one in page.raised] == [raised.id]
    assert page.instance.state == "active"
    house.complete("look")
    page = instance_page(house.engine, load_actor_of(house), target.id)
    assert (page.flags, len(page.raised)) == ([], 1)


def test_its_own_page_leads_back(house: House, target: ProcessInstance) -> None:
    raised = object_to(house, target)
    page = instance_page(house.engine, load_actor_of(house), raised.id)
    assert [one.id for one, _ in page.about] == [target.id]


def test_nothing_is_raised_about_a_request_that_has_ended(
    house: House, target: ProcessInstance
) -> None:
    house.complete("act")
    with pytest.raises(Conflict) as refused:
        object_to(house, target)
    assert refused.value.code == "instance.ended"


def test_nothing_is_raised_about_a_request_that_is_not_seen(
    house: House, target: ProcessInstance
) -> None:
    with pytest.raises(NotFound):
        instances.start_process(house.engine, "handler", "objection", about="豫1321-PER-2026-9")


def load_actor_of(house: House) -> Actor:
    with house.engine.database.read() as session:
        return load_actor(session, "handler", MORNING)

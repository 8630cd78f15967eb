"""Whose requests a further procedure, a start form or a file can be hung on."""

from __future__ import annotations

from typing import Any

import pytest

from engine import attachments, instances, messages, submissions
from engine.actors import load_actor
from engine.errors import NotFound
from engine.ports import Validated
from engine.queries.definitions import startable_definition
from engine.queries.tasks import open_start
from engine.store.models import (
    Attachment,
    Envelope,
    Person,
    Post,
    ProcessInstance,
    Unit,
    WatchEntry,
)
from engine.store.unit_of_work import Unit as UnitOfWork
from engine.verbs import verb
from tests.engine.drawing import element, flows, process, properties, user
from tests.engine.house import BUREAU, COURT, MORNING, House


@pytest.fixture
def number(house: House) -> str:
    """Of a request that the handler has started; a colleague sits in another unit."""
    with house.engine.database.write() as session:
        session.add(Unit(id="other-unit", agency_id=COURT, name="立案庭"))
        session.add(
            Person(id="colleague", login="c", name=b"", agency_id=COURT, password_hash="")
        )
        session.flush()
        session.add(
            Post(person_id="colleague", unit_id="other-unit", role="court_handler", since=MORNING)
        )
    _deploy(house, "p", "court_handler")
    return str(house.instance(house.start("p")).business_key)


def _deploy(house: House, key: str, role: str) -> None:
    own = properties(unit='"court-unit"')
    drawn = (element("startEvent", "s"), user("act", role, own), flows("s -> act"))
    house.deploy(key, process(key, *drawn, starters=role))


def _start_on(house: House, person: str, number: str, key: str = "p") -> str:
    started = instances.start_process(house.engine, person, key, business_key=number)
    return str(started.business_key)


def test_whoever_sees_a_request_starts_another_procedure_on_it(house: House, number: str) -> None:
    assert _start_on(house, "handler", number) == number


def test_a_number_that_was_guessed_opens_nothing(house: House, number: str) -> None:
    """Numbers run on: neither a given one nor the next one can be taken from outside."""
    following = f"{number[:-1]}{int(number[-1]) + 1}"
    for guessed in (number, following):
        with pytest.raises(NotFound, match=r"instance\.unknown"):
            _start_on(house, "colleague", guessed)


def test_the_start_form_of_a_request_that_one_may_not_see_is_not_shown(
    house: House, number: str
) -> None:
    with house.engine.database.read() as session:
        colleague = load_actor(session, "colleague", MORNING)
    chosen = startable_definition(house.engine, colleague, "p")
    with pytest.raises(NotFound, match=r"instance\.unknown"):
        open_start(house.engine, "colleague", chosen, number)


def test_a_station_reports_a_find_on_whom_its_watch_list_names(house: House, number: str) -> None:
    """Once the entry is removed, the number is as good as guessed."""
    _deploy(house, "find", "police_station")
    with house.engine.database.write() as session:
        for key, removed in ((number, None), ("lifted", MORNING)):
            session.add(
                WatchEntry(agency_id=BUREAU, business_key=key, instance_id="i", term="t",
                           masked=b"", added_at=MORNING, removed_at=removed)
            )
    assert _start_on(house, "station", number, "find") == number
    with pytest.raises(NotFound, match=r"instance\.unknown"):
        _start_on(house, "station", "lifted", "find")


def test_a_message_is_acknowledged_by_whoever_sees_its_request(house: House, number: str) -> None:
    received = messages.receive_message(house.engine, "system", "news", number, COURT,
                                        from_agency=BUREAU)
    with pytest.raises(NotFound, match=r"message\.unknown"):
        messages.acknowledge_envelope(house.engine, "colleague", received)
    messages.acknowledge_envelope(house.engine, "handler", received)
    with house.engine.database.read() as session:
        assert session.get_one(Envelope, received).acknowledged_by == "handler"


@verb
def _submit(unit: UnitOfWork, instance_id: str, files: list[str]) -> None:
    """What completing a form with these files does."""
    instance = unit.session.get_one(ProcessInstance, instance_id)
    submissions.keep(unit, instance, "form", Validated({}, files=files), task_id=None)


def _request_of(house: House, file: str) -> Any:
    with house.engine.database.read() as session:
        return session.get_one(Attachment, file).business_key


def test_a_file_uploaded_before_there_was_a_number_belongs_to_the_request_then(
    house: House, number: str
) -> None:
    file = attachments.store_file(house.engine, "handler", "笔录.pdf", "application/pdf", b"%PDF")
    _submit(house.engine, "handler", house.start("p"), [file])
    assert _request_of(house, file) is not None


def test_naming_the_file_of_another_request_neither_moves_nor_opens_it(
    house: House, number: str
) -> None:
    kept = (house.engine, "handler", "笔录.pdf", "application/pdf", b"%PDF")
    hung, loose = attachments.store_file(*kept, number), attachments.store_file(*kept)
    _submit(house.engine, "colleague", house.start("p", by="colleague"), [hung, loose])
    assert (_request_of(house, hung), _request_of(house, loose)) == (number, None)
    for file in (hung, loose):
        with pytest.raises(NotFound, match=r"file\.unknown"):
            attachments.read_file(house.engine, "colleague", file)

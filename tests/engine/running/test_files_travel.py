"""Files travel with the fields that name them: the station reads the ruling the court attached."""

from typing import Any

import pytest
from sqlalchemy import select

from engine import case_files
from engine.attachments import read_file, store_file
from engine.errors import NotFound
from engine.feel import from_python, to_python
from engine.store.models import Attachment, ProcessInstance
from engine.verbs import unit_of_work
from tests.engine.drawing import element, flows, user
from tests.engine.house import BUREAU, COURT, House
from tests.engine.running.test_two_agencies import catches, collaboration, throws

RULING = b"%PDF-1.7 ruling"


def asks() -> bytes:
    """The court attaches, tells, attaches again, tells again; the station works."""
    court = (
        element("startEvent", "cs") + user("attach") + user("again") + element("endEvent", "ce")
        + throws("send", "request", message_fields="own")
        + throws("tell", "answer", message_fields="own")
        + flows("cs -> attach -> send -> again -> tell -> ce")
    )  # fmt: skip
    police = (
        catches("startEvent", "ps", "request") + user("work", "police_station")
        + catches("intermediateCatchEvent", "more", "answer") + user("on", "police_station")
        + flows("ps -> work -> more -> on")
    )  # fmt: skip
    return collaboration(court, police)


def kept(house: House, agency: str) -> dict[str, Any]:
    (key,) = set(house.rows(select(ProcessInstance.business_key)))
    with unit_of_work(house.engine, "system") as unit:
        return {k: to_python(v) for k, v in case_files.read(unit, agency, key).items()}


def attached(house: House, *files: str, note: str = "") -> None:
    """The case file of the court names these files, in a row of a list and alone."""
    (key,) = set(house.rows(select(ProcessInstance.business_key)))
    values = {"own.rulings": [{"file": list(files)}], "own.note": note}
    with unit_of_work(house.engine, "system") as unit:
        case_files.write(unit, COURT, key, {k: from_python(v) for k, v in values.items()})


@pytest.fixture
def ruling(house: House) -> str:
    house.run(asks())
    (key,) = house.rows(select(ProcessInstance.business_key))
    id = store_file(house.engine, "handler", "裁定书.pdf", "application/pdf", RULING, key)
    attached(house, id)
    house.complete("attach")
    house.tick()
    return id


def test_the_receiver_reads_its_own_copy_under_the_same_name(house: House, ruling: str) -> None:
    (copy,) = kept(house, BUREAU)["own.rulings"][0]["file"]
    assert copy != ruling
    found = read_file(house.engine, "station", copy)
    assert (found.filename, found.content) == ("裁定书.pdf", RULING)


def test_the_sender_s_own_stays_closed_to_the_receiver(house: House, ruling: str) -> None:
    with pytest.raises(NotFound):
        read_file(house.engine, "station", ruling)


def test_the_same_file_sent_twice_is_one_copy(house: House, ruling: str) -> None:
    house.complete("work", by="station")
    house.complete("again")
    house.tick()
    copies = select(Attachment.id).where(Attachment.agency_id == BUREAU)
    assert len(house.rows(copies)) == 1


def test_an_id_of_another_request_opens_nothing(house: House, ruling: str) -> None:
    """Given that somebody types the id of a file of another request, then it does not travel."""
    other = store_file(house.engine, "handler", "别案.pdf", "application/pdf", b"x", "别案-1")
    attached(house, ruling, other, note=other)
    house.complete("work", by="station")
    house.complete("again")
    house.tick()
    told = kept(house, BUREAU)
    assert told["own.note"] == other
    with pytest.raises(NotFound):
        read_file(house.engine, "station", other)
    assert len(house.rows(select(Attachment).where(Attachment.agency_id == BUREAU))) == 1

"""名录: each place is filled by one entry at a time, and routing asks it (procedures B27)."""

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import text

from engine import case_files
from engine.errors import Refusal
from engine.feel import from_python
from engine.liaisons import Filling, entries, fill
from engine.store.models import Unit as OrganisationUnit
from engine.timing.zone import SHANGHAI
from engine.verbs import unit_of_work
from tests.engine.drawing import element, flows, process, script, user
from tests.engine.house import BUREAU, COURT, House
from tests.engine.topics.drawing import topic

MARCH, APRIL, MAY = (datetime(2026, month, 1, tzinfo=SHANGHAI) for month in (3, 4, 5))


@pytest.fixture
def two_units(house: House) -> House:
    with house.engine.database.write() as session:
        session.add(OrganisationUnit(id="court-center", agency_id=COURT, name="执行指挥中心"))
    return house


def filled(house: House, unit_id: str, start: datetime, **changed: Any) -> None:
    given = {"agency_id": COURT, "place": "联络员", "name": "丙某", "phone": "13000000001",
             "valid_to": None, "business_key": "豫1321-LIA-2026-000001"}  # fmt: skip
    with unit_of_work(house.engine, "system") as unit:
        fill(unit, Filling(unit_id=unit_id, valid_from=start, **{**given, **changed}))


def at(house: House, instant: datetime | None) -> list[tuple[str, str | None]]:
    with house.engine.database.read() as session:
        found = entries(session, house.engine.crypto, [COURT], instant)
    return [(one.unit_id, one.name) for one in found]


def test_who_follows_ends_the_one_before_without_gap_or_overlap(two_units: House) -> None:
    filled(two_units, "court-unit", MARCH)
    filled(two_units, "court-center", APRIL, name="丁某")
    assert at(two_units, MARCH) == [("court-unit", "丙某")]
    assert at(two_units, APRIL) == [("court-center", "丁某")]
    assert at(two_units, None) == [("court-center", "丁某"), ("court-unit", "丙某")]


def test_a_place_of_every_unit_is_filled_in_each_of_them(two_units: House) -> None:
    """Given what every station does in its area, then a second one does not replace the first."""
    filled(two_units, "court-unit", MARCH, place="暴力抗法")
    filled(two_units, "court-center", APRIL, place="暴力抗法")
    filled(two_units, "court-center", MAY, place="暴力抗法", name="丁某")
    assert at(two_units, MAY) == [("court-center", "丁某"), ("court-unit", "丙某")]


def test_another_place_is_not_touched(two_units: House) -> None:
    filled(two_units, "court-unit", MARCH)
    filled(two_units, "court-center", APRIL, place="第二联络员")
    assert len(at(two_units, MAY)) == 2


@pytest.mark.parametrize(
    ("unit_id", "changed", "code"),
    [
        ("police-unit", {}, "directory.unit_unknown"),
        ("nowhere", {}, "directory.unit_unknown"),
        ("court-unit", {"valid_to": MARCH}, "directory.never_valid"),
    ],
)
def test_a_unit_of_others_or_an_empty_stretch_is_refused(
    two_units: House, unit_id: str, changed: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refusal) as problem:
        filled(two_units, unit_id, MARCH, **changed)
    assert problem.value.code == code


def test_names_and_phones_lie_sealed(two_units: House) -> None:
    filled(two_units, "court-unit", MARCH)
    with two_units.engine.database.read() as session:
        row = session.execute(text("select name, phone from directory_entry")).one()
    assert "丙某".encode() not in bytes(row.name)
    assert b"13000000001" not in bytes(row.phone)


def test_the_procedure_fills_it_and_expressions_ask_it(two_units: House) -> None:
    """Given a change of the directory that took effect, then tasks go to the unit it names."""
    house = two_units
    source = process(
        "p", element("startEvent", "s"), user("change"),
        topic("enter", "directory.fill", form="liaison_change"),
        script("ask", 'responsible_unit("车辆")', "unit_found"),
        script("nobody", 'responsible_unit("出入境") = null', "unknown"), user("done"),
        flows("s -> change -> enter -> ask -> nobody -> done"),
    )  # fmt: skip
    instance = house.run(source)
    told = {"matter": "车辆", "unit": "court-center", "valid_from": date(2026, 3, 1)}
    fields = {f"liaison_change.{name}": from_python(value) for name, value in told.items()}
    with unit_of_work(house.engine, "system") as unit:
        case_files.write(unit, COURT, house.instance(instance).business_key, fields)
    house.complete("change")
    variables = house.variables(instance)
    assert (variables["unit_found"], variables["unknown"]) == ("court-center", True)
    assert BUREAU not in str(variables)

"""The case file of a request: what several instances fold into at once is all kept."""

from engine import case_files
from engine.store.unit_of_work import Unit
from engine.verbs import unit_of_work, verb
from tests.engine.house import COURT, House
from tests.engine.running.crowd import at_once

KEY = "豫1321-PER-2026-00001"


@verb
def fold(unit: Unit, name: str) -> None:
    known = case_files.read(unit, COURT, KEY)
    case_files.write(unit, COURT, KEY, {**known, name: name.upper()})


def content(house: House) -> dict[str, str]:
    with unit_of_work(house.engine, "system") as unit:
        return case_files.read(unit, COURT, KEY)


def test_two_folds_in_one_unit_see_each_other(house: House) -> None:
    with unit_of_work(house.engine, "system") as unit:
        fold.within(unit, "a")
        fold.within(unit, "b")
    assert content(house) == {"a": "A", "b": "B"}


def test_folds_of_several_instances_at_once_lose_nothing(house: House) -> None:
    """Given two instances of one request, when both fold at the same moment, then both are kept."""
    names = ["a", "b", "c"]
    answers = at_once(3, lambda n: fold(house.engine, "system", names[n]))
    assert answers == [None, None, None]
    assert content(house) == {"a": "A", "b": "B", "c": "C"}

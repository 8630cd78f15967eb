"""A county with the real procedures of `workflows/`, the people of one night, and their clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from engine import directory, jobs
from engine.engine import Engine
from engine.statutes import keep
from engine.timing.clock import SettableClock
from engine.topics.registry import built_in
from engine.verbs import unit_of_work
from tests.factories import PASSWORD, ROOT, make_engine
from web.commands.deploy import deploy_all, folders, groups_of
from web.rehearsal.cast import AGENCIES, UNITS

PROFILE = "nanzhao_2021"
PROCEDURES = [
    ROOT / "workflows" / name
    for name in (
        "apprehension_handover",
        "custody_inquiry",
        "document_issue",
        "lift_control",
        "local_court_entrustment",
    )
]
"""The procedure of the walk and those that it starts or calls."""
PEOPLE = {
    "handler": ("court-enforcement", "court_handler", "丙某"),
    "partner": ("court-enforcement", "court_handler", "丁某"),
    "head": ("court-enforcement", "court_division_head", "庚某"),
    "president": ("court-enforcement", "court_president", "辛某"),
    "command": ("court-center", "court_command_center", "壬某"),
    "legal": ("police-legal", "police_legal", "癸某"),
    "station": ("police-station-1", "police_station", "戊某"),
}
"""Login → unit, role, name."""


def make_county(folder: Path, now: datetime) -> Engine:
    """An engine on a database in `folder`, all of `PROCEDURES` deployed, its clock at `now`."""
    engine = make_engine(folder, now)
    engine.topics.update(built_in())
    with unit_of_work(engine, "system") as unit:
        keep(unit, engine.statutes.current, {})
    deploy_all(engine, folders(PROCEDURES), groups_of(PROCEDURES))
    _agencies(engine)
    for number, login in enumerate(PEOPLE):
        _person(engine, number, login)
    return engine


def _agencies(engine: Engine) -> None:
    for one in AGENCIES.values():
        directory.add_agency(
            engine, "system", one.id, one.kind, one.name, PROFILE, AGENCIES[one.counterpart].id
        )
    for unit, (agency, name) in UNITS.items():
        directory.add_unit(engine, "system", AGENCIES[agency].id, unit, name)


def _person(engine: Engine, number: int, login: str) -> None:
    unit, role, name = PEOPLE[login]
    agency = AGENCIES[UNITS[unit][0]]
    person = directory.add_person(
        engine, "system", agency.id, login, name, PASSWORD,
        phone=f"1300000{number + 1:04d}", certificate_no=f"200{number + 1:03d}",
    )
    directory.give_post(engine, "system", person, unit, role)


def pass_time(engine: Engine, length: timedelta) -> None:
    """Let the clock run on; every timer and reminder comes at its own instant."""
    clock = engine.clock
    assert isinstance(clock, SettableClock)
    target = clock.now() + length
    jobs.drain(engine)
    while (due := jobs.next_due(engine, after=clock.now())) and due <= target:
        clock.set(due)
        jobs.drain(engine)
    clock.set(target)

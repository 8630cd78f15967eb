"""The agencies and people of the demonstration, made by the directory's own verbs.

Every role that a deployed diagram asks for is somebody's, in two pairs of agencies: one under each
norm profile. All names are plainly made up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from engine import directory
from engine.bpmn.model import Diagram
from engine.engine import Engine
from engine.permissions import SEPARATED_POWERS, SUPERVISORS
from engine.store.models import Agency, Person, Unit
from web.rehearsal.cast import AGENCIES, UNITS, Bureau, Part, usual


@dataclass(frozen=True, slots=True)
class Pair:
    """A court, its bureau and whoever works with them, under one profile."""

    profile: str
    prefix: str
    """Before every login and unit id; empty for the pair that scenarios play in."""
    place: str
    agencies: Mapping[str, Bureau]


PAIRS = {
    "nanzhao": Pair("nanzhao_2021", "", "", AGENCIES),
    "zhoukou": Pair(
        "zhoukou_2021",
        "zk_",
        "（周口）",
        {
            "court": Bureau("豫1602", "court", "周口市川汇区人民法院", "police"),
            "police": Bureau("公411602", "police", "周口市公安局川汇分局", "court"),
        },
    ),
}
NIGHT_OFFICER = ("night_officer", Part("police_station", "police-station-2"), "值班民警")
"""A second officer, at another station: what is one person's must not be every officer's."""
ADMINISTRATORS = SEPARATED_POWERS | {"analyst"}


def roles_of(diagrams: Iterable[Diagram]) -> set[str]:
    """Roles that user tasks are for and that may start processes, the supervisors with them."""
    found = set(SUPERVISORS)
    for diagram in diagrams:
        for process in diagram.processes.values():
            found |= _listed(process.camunda.get("candidateStarterGroups", ""))
            for node in process.nodes.values():
                found |= _listed(node.camunda.get("candidateGroups", ""))
    return found


def _listed(text: str) -> set[str]:
    return {part.strip() for part in text.split(",") if part.strip() and "{" not in part}


def gather(engine: Engine, roles: set[str], password: str) -> None:
    """Make whatever is missing; what is there stays as it is."""
    known = set(engine.statutes.current.roles)
    for pair in PAIRS.values():
        _agencies(engine, pair)
        wanted = roles | (ADMINISTRATORS if not pair.prefix else set())
        for alias, part, name in _parts(engine, pair, wanted & known):
            _person(engine, pair, alias, part, name, password)


def _agencies(engine: Engine, pair: Pair) -> None:
    with engine.database.read() as session:
        there = set(session.scalars(select(Agency.id))) | set(session.scalars(select(Unit.id)))
    for one in pair.agencies.values():
        if one.id not in there:
            counterpart = pair.agencies[one.counterpart].id
            directory.add_agency(
                engine, "system", one.id, one.kind, one.name, pair.profile, counterpart
            )
    for id, (agency, name) in UNITS.items():
        unit = unit_id(pair, id)
        if agency in pair.agencies and unit not in there:
            directory.add_unit(engine, "system", pair.agencies[agency].id, unit, name)


def unit_id(pair: Pair, id: str) -> str:
    """The unit's id in this pair: `zk-police-legal`."""
    return pair.prefix.replace("_", "-") + id


def _parts(engine: Engine, pair: Pair, roles: set[str]) -> Iterator[tuple[str, Part, str]]:
    names = engine.statutes.current.roles
    for alias, part in sorted(usual(roles).items()):
        if UNITS[part.unit][0] in pair.agencies:
            yield alias, part, names[part.role]
    if not pair.prefix:
        yield NIGHT_OFFICER


def _person(engine: Engine, pair: Pair, alias: str, part: Part, name: str, password: str) -> None:
    login = pair.prefix + alias
    with engine.database.read() as session:
        found = session.scalar(select(Person.id).where(Person.login == login))
        number = len(session.scalars(select(Person.id)).all())
    agency = pair.agencies[UNITS[part.unit][0]]
    if found is None:
        found = directory.add_person(
            engine,
            "system",
            agency.id,
            login,
            f"示例{pair.place}{name}",
            password,
            phone=f"1300000{number:04d}",
            certificate_no=f"示例{number:04d}",
            demo=True,
        )
    directory.give_post(engine, "system", found, unit_id(pair, part.unit), part.role)


def agencies_of(pair: Pair) -> dict[str, str]:
    """Alias → id: the pair's own, and those of the first pair that it has not."""
    return {alias: one.id for alias, one in {**AGENCIES, **pair.agencies}.items()}


def people_of(engine: Engine, pair: Pair) -> dict[str, str]:
    """Alias → id of the pair's people."""
    agencies = [one.id for one in pair.agencies.values()]
    query = select(Person.login, Person.id).where(
        Person.demo.is_(True), Person.agency_id.in_(agencies)
    )
    with engine.database.read() as session:
        return {login.removeprefix(pair.prefix): id for login, id in session.execute(query)}

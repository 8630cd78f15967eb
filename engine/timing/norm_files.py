"""The files of `workflows/norms` read together, with every reference between them resolved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import Refusal
from engine.timing.calendar import CalendarYear, WorkingCalendar
from engine.timing.calendar_import import read_calendar
from engine.timing.citations import Citations
from engine.timing.fields import Fields, named, rows
from engine.timing.ladder import Ladder, Unacknowledged, read_ladder, read_unacknowledged
from engine.timing.norm_rows import (
    Clause,
    Document,
    Obligation,
    Profile,
    StatutoryPeriod,
    read_citation,
    read_clause,
    read_document,
    read_law,
    read_obligation,
    read_period,
    read_profile,
)
from engine.timing.rules import RULES
from engine.timing.statutory_days import FESTIVALS, StatutoryDays
from engine.timing.yaml_text import read_yaml, shown

PERIODS, CITATIONS, CLAUSES = "periods.yaml", "citations.yaml", "clauses.yaml"
OBLIGATIONS, PROFILES, ROLES = "obligations.yaml", "profiles.yaml", "roles.yaml"
CALENDAR, FESTIVAL_TABLE = "calendar/", "calendar/festivals.yaml"


@dataclass(frozen=True)
class Tables:
    """Everything that the norm files say."""

    calendar: WorkingCalendar
    citations: Citations
    rule_basis: Mapping[str, tuple[str, ...]]
    profiles: Mapping[str, Profile]
    roles: Mapping[str, str]
    periods: Mapping[str, StatutoryPeriod]
    ladders: Mapping[str, Ladder]
    unacknowledged: Unacknowledged
    documents: Mapping[str, Document]
    clauses: Mapping[str, Clause]
    obligations: Mapping[str, Obligation]


def read_tables(resources: Mapping[str, bytes]) -> Tables:
    """Read every file. Raises Refusal `norm.*`, `calendar.*`, `data.not_yaml`."""
    files = _Files(resources)
    roles = _roles(files.data(ROLES))
    profiles = {
        row.row: read_profile(row) for row in rows(PROFILES, files.data(PROFILES), "profiles")
    }
    citations = _citations(files.data(CITATIONS))
    ladders = _ladders(files.data(PERIODS), roles)
    periods = _periods(files.data(PERIODS), ladders)
    documents = {
        row.row: read_document(row, profiles)
        for row in rows(CLAUSES, files.data(CLAUSES), "documents")
    }
    clauses = {
        row.row: read_clause(row, documents)
        for row in rows(CLAUSES, files.data(CLAUSES), "clauses")
    }
    obligations = {
        row.row: read_obligation(row, clauses, periods)
        for row in rows(OBLIGATIONS, files.data(OBLIGATIONS), "obligations")
    }
    tables = Tables(
        read_working_calendar(resources),
        citations,
        _rule_basis(files.data(PERIODS), citations),
        profiles,
        roles,
        periods,
        ladders,
        read_unacknowledged(Fields(PERIODS, "unacknowledged", files.data(PERIODS)), roles),
        documents,
        clauses,
        obligations,
    )
    _check_references(tables)
    return tables


def read_working_calendar(resources: Mapping[str, bytes]) -> WorkingCalendar:
    """The calendar of the files below `calendar/`."""
    statutory = StatutoryDays(_festivals(_Files(resources).data(FESTIVAL_TABLE)))
    years: list[CalendarYear] = []
    for name in sorted(resources):
        if name.startswith(CALENDAR) and name != FESTIVAL_TABLE:
            years += read_calendar(name, resources[name], statutory)
    return WorkingCalendar(years, statutory)


class _Files:
    """The parsed files, each parsed once."""

    def __init__(self, resources: Mapping[str, bytes]) -> None:
        self._resources = resources
        self._parsed: dict[str, Any] = {}

    def data(self, name: str) -> Any:
        if name not in self._resources:
            raise Refusal("norm.file_missing", expected=name)
        if name not in self._parsed:
            self._parsed[name] = read_yaml(name, self._resources[name])
        return self._parsed[name]


def _festivals(data: Any) -> dict[int, dict[str, Any]]:
    if not isinstance(data, Mapping) or not data:
        raise Refusal("norm.section", file=FESTIVAL_TABLE, expected="2027: {春节: …}")
    table: dict[int, dict[str, Any]] = {}
    for year, found in data.items():
        row = Fields(FESTIVAL_TABLE, shown(year), found if isinstance(found, Mapping) else {})
        if not isinstance(year, int):
            raise row.refuse("festivals", "2027", year)
        table[year] = {name: row.day_or_none(name) for name in FESTIVALS}
        if None in table[year].values():
            raise row.refuse("festivals", ", ".join(FESTIVALS), found)
    if sorted(table) != list(range(min(table), max(table) + 1)):
        raise Refusal("norm.section", file=FESTIVAL_TABLE, expected="every year without a gap")
    return table


def _roles(data: Any) -> dict[str, str]:
    if not isinstance(data, Mapping):
        raise Refusal("norm.section", file=ROLES, expected="court_handler: 案件承办人")
    row = Fields(ROLES, "roles", data)
    return {role: row.text(role) for role in data}


def _citations(data: Any) -> Citations:
    laws = {law.row: read_law(law) for law in named(CITATIONS, data, "laws")}
    found = list(rows(CITATIONS, data, "citations"))
    versions = {row.row: read_citation(row, laws) for row in found}
    return Citations(versions, {row.row: row.text("subject") for row in found})


def _ladders(data: Any, roles: Mapping[str, str]) -> dict[str, Ladder]:
    return {row.row: read_ladder(row, roles) for row in named(PERIODS, data, "ladders")}


def _periods(data: Any, ladders: Mapping[str, Ladder]) -> dict[str, StatutoryPeriod]:
    facts = {row.row: (row.text("zh"), row.text("en")) for row in named(PERIODS, data, "facts")}
    return {row.row: read_period(row, facts, ladders) for row in rows(PERIODS, data, "periods")}


def _rule_basis(data: Any, citations: Citations) -> dict[str, tuple[str, ...]]:
    found = {row.row: row.names("basis", citations.ids()) for row in named(PERIODS, data, "rules")}
    if found.keys() != RULES.keys():
        different = ", ".join(sorted(found.keys() ^ RULES.keys()))
        raise Fields(PERIODS, "rules", {}).refuse("rules", ", ".join(RULES), different)
    return found


def _check_references(tables: Tables) -> None:
    for row in tables.periods.values():
        _known(PERIODS, row.id, "profiles", row.profiles, tables.profiles)
        _known(PERIODS, row.id, "clauses", row.clauses, {*tables.clauses, *tables.obligations})
        _known(PERIODS, row.id, "citations", row.citations + row.counting, tables.citations.ids())
        following = [id_ for id_ in (row.extends_to, row.hint_when_extended) if id_]
        _known(PERIODS, row.id, "extends_to", following, tables.periods)
    for profile in tables.profiles.values():
        _known(PROFILES, profile.id, "document", [profile.document], tables.documents)
        own = [id_ for id_, row in tables.periods.items() if profile.id in row.profiles]
        for name, timers in profile.items.items():
            _known(PROFILES, profile.id, f"items.{name}", timers, own)


def _known(file: str, row: str, field: str, found: Iterable[str], known: Iterable[str]) -> None:
    known = set(known)
    for id_ in found:
        if id_ not in known:
            raise Refusal("norm.reference", file=file, row=row, field=field, found=id_)

"""What scenarios claim to prove, and whether the claim shows who acts, what is done, and the limit.

docs/scenarios.md, 落实, says the same to analysts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.bpmn.model import Diagram
from web.rehearsal.cast import UNITS, usual
from web.rehearsal.scenario import Check, Scenario, Step
from web.tracing.data import Doers

_NO_ACT = frozenset({"running"})
"""Checks that say only how far it has come."""
_AGENCIES = ("from", "agency")
_TELLING = {
    "deadline": frozenset({"state", "due"}),
    "measured": frozenset({"minutes", "at_most"}),
}
"""Words by which a check tells of a limit."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One `proves`. `kind`: the check's; `refused`; `whole` for a whole scenario."""

    row: str
    scenario: str
    file: str
    line: int
    kind: str
    act: bool
    actor: bool
    limit: str = ""
    """The period whose state or due instant the check names."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Who works where, by the drawings."""

    roles: Mapping[str, frozenset[str]]
    """Element id → role codes of its task."""
    agencies: Mapping[str, str]
    """Process key → kind of its agency, which is also the alias."""


def drawn(diagrams: Iterable[Diagram]) -> Drawn:
    """From the pools and tasks of the diagrams."""
    roles: dict[str, frozenset[str]] = {}
    agencies: dict[str, str] = {}
    for diagram in diagrams:
        for process in diagram.processes.values():
            agencies[process.id] = process.agency_kind
            for node in process.nodes.values():
                groups = node.camunda.get("candidateGroups", "")
                named = frozenset(part.strip() for part in groups.split(",") if part.strip())
                roles[node.id] = roles.get(node.id, frozenset()) | named
    return Drawn(roles, agencies)


@dataclass(frozen=True, slots=True)
class Judge:
    """Knows who is meant by the actors of each row."""

    doers: Mapping[str, tuple[Doers, ...]]
    """Row of the catalogue → its actors."""
    drawn: Drawn
    measured: frozenset[str] = frozenset()
    """Periods without a number: no deadline shows that they were kept."""

    def claims(self, scenario: Scenario) -> Iterator[Claim]:
        """Every claim of the scenario."""
        name = scenario.file
        for row in scenario.own_proofs:
            yield Claim(row, name, name, 1, "whole", act=False, actor=False)
        last: Step | None = None
        for step in scenario.steps:
            for row in step.proves:
                actor = self._did(scenario, row, step)
                yield Claim(row, name, step.file, step.line, "refused", True, actor)
            last = last if step.kind == "then" else step
            yield from self._of_checks(scenario, step.checks, last)
        yield from self._of_checks(scenario, scenario.checks, last)

    def _of_checks(
        self, scenario: Scenario, checks: Iterable[Check], step: Step | None
    ) -> Iterator[Claim]:
        for check in checks:
            limit = check.subject if self._says_when(check) else ""
            for row in check.proves:
                actor = self._did(scenario, row, step) or self._named(scenario, row, check)
                act = check.kind not in _NO_ACT
                yield Claim(
                    row, scenario.file, check.file, check.line, check.kind, act, actor, limit
                )

    def _says_when(self, check: Check) -> bool:
        """Whether the check tells how the period stands, or how long an act took under it."""
        words = _TELLING.get(check.kind, frozenset())
        idle = check.kind == "deadline" and check.subject in self.measured
        return not idle and not words.isdisjoint(check.expected)

    def _did(self, scenario: Scenario, row: str, step: Step | None) -> bool:
        """Whether the step is done by whom the row obliges."""
        if step is None:
            return False
        person = step.subject if step.kind == "sign_in" else step.details.get("by")
        if person is not None:
            return self._is(scenario, row, person)
        return self._of_agency(row, step.details.get("from"))

    def _named(self, scenario: Scenario, row: str, check: Check) -> bool:
        """Whether the check itself tells who acts."""
        person = check.expected.get("who")
        if person is not None and self._is(scenario, row, person):
            return True
        if any(self._of_agency(row, check.expected.get(word)) for word in _AGENCIES):
            return True
        return self._works_there(row, check) or self._in_pool(row, check)

    def _works_there(self, row: str, check: Check) -> bool:
        """A task that only the obliged may do."""
        elements = check.subject if isinstance(check.subject, list) else [check.subject]
        roles = {role for one in elements for role in self.drawn.roles.get(one, ())}
        obliged = self.doers.get(row, ())
        return any(doers.are(role, _agency_of(role)) for role in roles for doers in obliged)

    def _in_pool(self, row: str, check: Check) -> bool:
        """What happened in the pool of the obliged agency."""
        process = check.of or (check.subject if check.kind == "ended" else None)
        return self._of_agency(row, self.drawn.agencies.get(process or ""))

    def _is(self, scenario: Scenario, row: str, person: str) -> bool:
        part = scenario.people[person]
        agency = UNITS[part.unit][0]
        return any(doers.are(part.role, agency) for doers in self.doers.get(row, ()))

    def _of_agency(self, row: str, agency: str | None) -> bool:
        return any(agency in doers.agencies for doers in self.doers.get(row, ()))


def _agency_of(role: str) -> str:
    """Alias of the agency in which the role is usually held."""
    return UNITS[usual([role])[role].unit][0]

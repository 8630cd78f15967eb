"""What carries obligations: elements, fields, decisions, letters, and what is declared beside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.bpmn.lint.law import listed
from engine.bpmn.model import Diagram
from engine.ports import Bearing
from web.rehearsal.coverage import Way
from web.rehearsal.procedures import Procedures
from web.tracing.data import Declared


@dataclass(frozen=True, slots=True)
class Bearer:
    """One bearer. `clauses`: every id that it names, rows of the catalogue and others."""

    kind: str
    """element · field · decision · letter, or a kind that is declared (web/tracing/data.py)."""
    id: str
    name: str
    clauses: tuple[str, ...]
    file: str
    line: int | None = None
    procedure: str = ""
    process: str = ""
    """Key of the process that an element stands in."""
    used_at: frozenset[tuple[str, str]] = frozenset()
    """(process, element): where an element stands, where a decision is made."""
    test: str = ""

    def passed_by(self, way: Way) -> bool:
        """Whether a story on this way came by it."""
        if self.kind == "field":
            return self.id.partition(".")[0] in way.forms
        if self.kind == "letter":
            return self.id.partition("/")[0] in way.documents
        return not self.used_at or not self.used_at.isdisjoint(way.elements)


def bearers_of(procedures: Procedures, declared: Iterable[Declared]) -> list[Bearer]:
    """All of them, procedure by procedure."""
    found: list[Bearer] = []
    for procedure, diagrams in procedures.diagrams.items():
        for diagram in diagrams:
            found += _elements(procedure, diagram)
        made_at = frozenset(_rule_tasks(diagrams))
        for bearing in procedures.checked[procedure].bearings:
            found.append(_of_file(procedure, bearing, made_at))
    return [*found, *map(_declared, declared)]


def _elements(procedure: str, diagram: Diagram) -> Iterator[Bearer]:
    for process in diagram.processes.values():
        for node in process.nodes.values():
            clauses = tuple(listed(node, "legal.clause"))
            if clauses:
                yield Bearer(
                    "element",
                    node.id,
                    node.name,
                    clauses,
                    f"{procedure}/{diagram.file}",
                    node.line,
                    procedure,
                    process.id,
                    frozenset({(process.id, node.id)}),
                )


def _rule_tasks(diagrams: Iterable[Diagram]) -> Iterator[tuple[str, str]]:
    """Where the folder's decisions are made: one may rest on others of the folder."""
    for diagram in diagrams:
        for process in diagram.processes.values():
            for node in process.nodes.values():
                if "decisionRef" in node.camunda:
                    yield process.id, node.id


def _of_file(procedure: str, bearing: Bearing, made_at: frozenset[tuple[str, str]]) -> Bearer:
    home = "groups" if bearing.file.startswith("FG-") else procedure
    return Bearer(
        bearing.kind,
        bearing.id,
        bearing.name,
        bearing.clauses,
        f"{home}/{bearing.file}",
        bearing.line,
        procedure,
        used_at=made_at if bearing.kind == "decision" else frozenset(),
    )


def _declared(one: Declared) -> Bearer:
    return Bearer(one.kind, one.id, one.name, one.clauses, one.place, test=one.test)

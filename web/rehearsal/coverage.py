"""Which elements and sequence flows of the diagrams the scenarios have passed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, select

from engine.bpmn.model import Diagram, Process
from engine.engine import Engine
from engine.store.models import Activity, Document, ProcessDefinition, Submission


@dataclass(frozen=True)
class Way:
    """What was passed: (process key, id of an element or flow); what was written on the way."""

    elements: frozenset[tuple[str, str]] = frozenset()
    flows: frozenset[tuple[str, str]] = frozenset()
    forms: frozenset[str] = frozenset()
    """Ids of the forms that were submitted."""
    documents: frozenset[str] = frozenset()
    """Templates of the documents that were made."""

    def with_(self, other: Way) -> Way:
        return Way(
            self.elements | other.elements,
            self.flows | other.flows,
            self.forms | other.forms,
            self.documents | other.documents,
        )


@dataclass(frozen=True)
class Covered:
    """One process: how much there is and what no scenario has passed."""

    process: str
    name: str
    elements: int
    flows: int
    missed_elements: list[str] = field(default_factory=list)
    missed_flows: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        return not self.missed_elements and not self.missed_flows


def way_taken(engine: Engine) -> Way:
    """From the history: elements completed, and the flows by which tokens came.

    An event that lost its race at an event-based gateway was not passed, nor the flow to it. A task
    that was interrupted was not passed, but the flow to it was; a sub-process may well end so, and
    an end event that throws an error always ends with what it stands in.
    """
    query = select(
        ProcessDefinition.key, Activity.element_id, Activity.flow_id, Activity.state, Activity.kind
    ).join(ProcessDefinition, ProcessDefinition.id == Activity.definition_id)
    with engine.database.read() as session:
        rows = session.execute(query).all()
        forms = frozenset(session.scalars(select(Submission.form_key)))
        documents = frozenset(session.scalars(select(Document.template)))
    return Way(
        frozenset((row.key, row.element_id) for row in rows if _was_passed(row)),
        frozenset((row.key, row.flow_id) for row in rows if row.flow_id and _was_reached(row)),
        forms,
        documents,
    )


def _was_passed(row: Row[Any]) -> bool:
    return row.state == "completed" or row.kind in ("subProcess", "callActivity", "endEvent")


def _was_reached(row: Row[Any]) -> bool:
    return row.state == "completed" or row.kind not in ("intermediateCatchEvent", "receiveTask")


def covered(diagrams: Iterable[Diagram], ways: Iterable[Way]) -> list[Covered]:
    """Every process of the diagrams, whether played or not."""
    whole = Way()
    for way in ways:
        whole = whole.with_(way)
    processes = [process for diagram in diagrams for process in diagram.processes.values()]
    return [_covered(process, whole) for process in sorted(processes, key=lambda p: p.id)]


def _covered(process: Process, way: Way) -> Covered:
    elements = [id for id, node in process.nodes.items() if not node.for_compensation]
    return Covered(
        process.id,
        process.name,
        len(elements),
        len(process.flows),
        [id for id in elements if (process.id, id) not in way.elements],
        [id for id in process.flows if (process.id, id) not in way.flows],
    )

"""What a diagram may refer to, and how a complaint about an element is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.bpmn.model import Diagram, Flow, Node, Process
from engine.ports import Complaint
from engine.timing.norms import Norms


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What exists around the diagram; an empty set means: not known, do not check."""

    forms: frozenset[str] | None = None
    decisions: frozenset[str] | None = None
    processes: frozenset[str] | None = None
    topics: frozenset[str] = field(default_factory=frozenset)
    roles: Mapping[str, str] | None = None
    """Role code → Chinese name, as lanes carry it."""
    norms: Norms | None = None


def about(
    diagram: Diagram,
    element: Node | Flow | Process,
    code: str,
    severity: Literal["error", "warning"] = "error",
    line: int | None = None,
    **params: Any,
) -> Complaint:
    """A complaint about one element."""
    return Complaint(
        severity=severity,
        file=diagram.file,
        code=code,
        line=line or element.line,
        element_id=element.id,
        element_name=element.name,
        params=params,
    )


def nodes(diagram: Diagram) -> Iterator[tuple[Process, Node]]:
    """Every flow node of every executable process."""
    for process in diagram.processes.values():
        if process.executable:
            for node in process.nodes.values():
                yield process, node

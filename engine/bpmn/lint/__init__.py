"""Refused at deployment: whatever would be executed wrongly, or not at all (D3).

Every rule is a function from a diagram and its surroundings to complaints with file, line,
element id and name; the sentence with the remedy is made at the edge from the code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from engine.bpmn.lint import law, references, standard, structure, support, texts
from engine.bpmn.lint.context import Surroundings
from engine.bpmn.model import Diagram
from engine.ports import Complaint

Rule = Callable[[Diagram, Surroundings], Iterator[Complaint]]

RULES: tuple[Rule, ...] = (
    *structure.RULES,
    *standard.RULES,
    *support.RULES,
    *texts.RULES,
    *references.RULES,
    *law.RULES,
)


def lint(diagram: Diagram, surroundings: Surroundings) -> list[Complaint]:
    """All complaints about a diagram, in the order of its lines."""
    found = [complaint for rule in RULES for complaint in rule(diagram, surroundings)]
    return sorted(found, key=lambda c: (c.line or 0, c.element_id or "", c.code))


__all__ = ["RULES", "Surroundings", "lint"]

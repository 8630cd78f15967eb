"""What ties the drawing to the law: clauses, periods, and the timers that compute them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.bpmn.lint.context import Surroundings, about, nodes
from engine.bpmn.model import Diagram, Node
from engine.ports import Complaint

DUE = re.compile(r"""due\(\s*["']([^"']+)["']""")


def listed(node: Node, name: str) -> list[str]:
    """Ids of a comma-separated property."""
    return [part.strip() for part in node.properties.get(name, "").split(",") if part.strip()]


def clauses_exist(diagram: Diagram, around: Surroundings) -> Iterator[Complaint]:
    """`legal.clause` names clauses of the norms."""
    if around.norms is None:
        return
    for _process, node in nodes(diagram):
        for clause in listed(node, "legal.clause"):
            if not around.norms.has_clause(clause):
                yield about(diagram, node, "bpmn.clause_unknown", clause=clause)


def periods_exist(diagram: Diagram, around: Surroundings) -> Iterator[Complaint]:
    """`legal.period` and `legal.meets` name periods of the norms."""
    if around.norms is None:
        return
    for _process, node in nodes(diagram):
        for period in (*listed(node, "legal.period"), *listed(node, "legal.meets")):
            if period not in around.norms.periods:
                yield about(diagram, node, "bpmn.period_unknown", period=period)


def timers_list_their_periods(diagram: Diagram, around: Surroundings) -> Iterator[Complaint]:
    """`legal.period` lists every id that the timer's expression may compute (D4)."""
    for _process, node in nodes(diagram):
        event = node.event
        if event is None or event.kind != "timer" or not event.expression:
            continue
        computed = set(DUE.findall(event.expression))
        for period in sorted(computed - set(listed(node, "legal.period"))):
            yield about(diagram, node, "bpmn.period_not_listed", line=event.line, period=period)
        if around.norms is not None:
            for period in sorted(computed - set(around.norms.periods)):
                yield about(diagram, node, "bpmn.period_unknown", line=event.line, period=period)


def deadlines_do_not_interrupt(diagram: Diagram, _: Surroundings) -> Iterator[Complaint]:
    """Lateness never ends a duty: a timer with a period does not interrupt (A6 C-2)."""
    for process, node in nodes(diagram):
        is_timer = node.event is not None and node.event.kind == "timer"
        if node.kind != "boundaryEvent" or not is_timer:
            continue
        if node.interrupting and listed(node, "legal.period"):
            host = process.nodes.get(node.attributes.get("attachedToRef", ""))
            yield about(diagram, node, "bpmn.deadline_interrupts", activity=host and host.label)


RULES = (clauses_exist, periods_exist, timers_list_their_periods, deadlines_do_not_interrupt)

"""Which clauses forms, decisions and letters carry out, and whether there are such clauses.

Elements of diagrams carry clauses too: `element_bearings`; their ids are judged by
engine/bpmn/lint/law.py, with all the rest that a diagram refers to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import orjson

from engine.bpmn.lint.law import listed
from engine.bpmn.model import Diagram
from engine.feel.decisions import DecisionModel
from engine.letters import Letter
from engine.ports import Bearing, Complaint, FormPort
from engine.timing.norms import Norms


def element_bearings(diagrams: Iterable[Diagram]) -> Iterator[Bearing]:
    """Every node that names clauses, by its id."""
    for diagram in diagrams:
        for process in diagram.processes.values():
            for node in process.nodes.values():
                clauses = tuple(listed(node, "legal.clause"))
                if clauses:
                    yield Bearing("element", node.id, node.name, clauses, diagram.file, node.line)


def form_bearings(
    forms: FormPort,
    expanded: Mapping[str, bytes],
    files: Mapping[str, bytes],
    groups: Mapping[str, bytes],
) -> Iterator[Bearing]:
    """Every field that names clauses, with the place where it does: in the form or in a group."""
    for file, body in expanded.items():
        homes = {file: files[file], **groups}
        for one in forms.bearings(orjson.loads(body)) if body else ():
            home, line = _place(homes, one.clauses[0])
            yield replace(one, id=f"{file.removesuffix('.form')}.{one.id}", file=home, line=line)


def _place(homes: Mapping[str, bytes], clause: str) -> tuple[str, int | None]:
    """The first file that has the words, and their line."""
    for file, content in homes.items():
        line = line_of(content, clause)
        if line is not None:
            return file, line
    return next(iter(homes)), None


def line_of(content: bytes, words: str) -> int | None:
    """The first line with these words; None where there is none."""
    at = content.find(words.encode())
    return None if at < 0 else content.count(b"\n", 0, at) + 1


def decision_bearings(models: Iterable[DecisionModel]) -> Iterator[Bearing]:
    """Every decision that names clauses."""
    for model in models:
        for one in model.decisions:
            if one.clauses:
                name = one.place.name or one.id
                yield Bearing("decision", one.id, name, one.clauses, one.place.file, one.place.line)


def letter_bearings(letters: Mapping[str, Letter], files: Mapping[str, bytes]) -> Iterator[Bearing]:
    """Every letter that names clauses, by its key: `TPL-02`, `TPL-22/拘传票`."""
    for file, letter in letters.items():
        if letter.clauses:
            line = line_of(files[file], letter.clauses[0])
            yield Bearing("letter", letter.key, letter.title, letter.clauses, file, line)


def unknown_clauses(found: Iterable[Bearing], norms: Norms) -> Iterator[Complaint]:
    """A complaint for every id that stands in no norm."""
    for one in found:
        for clause in one.clauses:
            if not norms.has_clause(clause):
                params = {"kind": one.kind, "field": one.id, "clause": clause}
                yield Complaint(
                    "error",
                    one.file,
                    "bearing.clause_unknown",
                    one.line,
                    one.id,
                    one.name,
                    params=params,
                )

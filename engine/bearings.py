"""Which clauses forms, decisions and letters carry out, and whether there are such clauses.

Elements of diagrams carry clauses too: engine/bpmn/lint/law.py judges them, with all the rest that
a diagram refers to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import orjson

from engine.feel.decisions import DecisionModel
from engine.letters import Letter
from engine.ports import Bearing, Complaint, FormPort
from engine.timing.norms import Norms


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
            home, line = _place(homes, one.id.rpartition(".")[2], one.clauses[0])
            yield replace(one, id=f"{file.removesuffix('.form')}.{one.id}", file=home, line=line)


def _place(homes: Mapping[str, bytes], key: str, clause: str) -> tuple[str, int | None]:
    """The first file in which the field names the clause, and the line; else the form."""
    for file, content in homes.items():
        line = _line_of(content, f'"{key}', clause)
        if line is not None:
            return file, line
    return next(iter(homes)), None


def _line_of(content: bytes, before: str, words: str) -> int | None:
    """The first line with these words, from where the others stand; None where there is none."""
    begins = content.find(before.encode())
    at = content.find(words.encode(), begins) if begins >= 0 else -1
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
            line = _line_of(files[file], "clauses:", letter.clauses[0])
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

"""Each bearer taken out in turn: a scenario that proves its rows must fail, or nobody would notice.

An element is bypassed, a field leaves its form, a decision loses its rules, a letter its words.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import orjson
import yaml

from engine.bpmn.removal import without_element, without_rules
from engine.definitions import EXPANDED
from engine.errors import LiandongError
from forms.naming import field_named
from forms.schema.model import Schema
from web.rehearsal.fillings import Samples
from web.rehearsal.playing import play
from web.rehearsal.procedures import Procedures
from web.rehearsal.sharing import shared_out
from web.rehearsal.stage import Stage
from web.tracing.bearers import Bearer, bearers_of
from web.tracing.trace import Ways
from web.tracing.tracing import claims_of, played, read_trace_data, scenarios_of

KILLED, BROKEN, SURVIVED, UNTRIED = "killed", "broken", "survived", "untried"
_CRASHED = "scenario.crashed"


@dataclass(frozen=True, slots=True)
class Attempt:
    """A bearer to take out, and the scenarios that prove its rows and pass it."""

    bearer: Bearer
    scenarios: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """killed: a scenario failed; broken: it could not run; survived; untried: no scenario."""

    attempt: Attempt
    outcome: str
    by: str = ""
    """The scenario that failed."""
    why: str = ""
    """Code of the failure."""


def mutate(stage: Stage, procedure: str | None = None) -> list[Verdict]:
    """Take out every bearer of the procedure, or of all. Scenarios that fail anyway prove none."""
    attempts = list(attempts_of(stage, procedure))
    return shared_out(stage, try_without, attempts)


def attempts_of(stage: Stage, procedure: str | None) -> Iterator[Attempt]:
    """Bearers of rows of the catalogue, with what would have to fail."""
    data = read_trace_data(stage.procedures)
    scenarios, _ = scenarios_of(stage.procedures)
    proving: dict[str, set[str]] = {}
    for claim in claims_of(stage.procedures, data, [one for _, one in scenarios]):
        if claim.act:
            proving.setdefault(claim.row, set()).add(claim.scenario)
    bearers = [one for one in removable(stage.procedures) if procedure in (None, one.procedure)]
    wanted = {file for one in bearers for row in one.clauses for file in proving.get(row, ())}
    ways = played(stage, [path for path, one in scenarios if one.file in wanted])
    for bearer in bearers:
        yield Attempt(bearer, tuple(_passing(bearer, proving, ways)))


def removable(procedures: Procedures) -> Iterator[Bearer]:
    """Bearers in the files of procedures that name a row of the catalogue."""
    for bearer in bearers_of(procedures, ()):
        if any(clause in procedures.norms.obligations for clause in bearer.clauses):
            yield bearer


def _passing(bearer: Bearer, proving: Mapping[str, Collection[str]], ways: Ways) -> Iterator[str]:
    """Those that prove the most of its rows first."""
    counts: dict[str, int] = {}
    for row in bearer.clauses:
        for file in proving.get(row, ()):
            way = ways.get(file)
            if way is not None and bearer.passed_by(way):
                counts[file] = counts.get(file, 0) + 1
    yield from sorted(counts, key=lambda file: (-counts[file], file))


def try_without(stage: Stage, attempt: Attempt) -> Verdict:
    """Play the scenarios without the bearer until one fails."""
    if not attempt.scenarios:
        return Verdict(attempt, UNTRIED)
    try:
        changed = without(stage, attempt.bearer)
    except LiandongError as problem:
        return Verdict(attempt, BROKEN, why=problem.code)
    for file in attempt.scenarios:
        outcome = play(changed, stage.workflows / file, file)
        if outcome.broken is not None:
            code = outcome.broken.code
            return Verdict(attempt, BROKEN if code == _CRASHED else KILLED, file, code)
    return Verdict(attempt, SURVIVED)


# taking out ---------------------------------------------------------------------------


def without(stage: Stage, bearer: Bearer) -> Stage:
    """The stage with the bearer taken out of what is deployed."""
    files = stage.files(bearer.procedure)
    changed = _REMOVALS[bearer.kind](stage, files, bearer)
    samples = stage.samples
    if bearer.kind == "field":
        form, _, name = bearer.id.partition(".")
        field = field_named(_schema(stage, files, form), name)
        assert field is not None
        samples = Samples(stage.workflows, {f"{bearer.procedure}/{form}": field.path})
    return stage.differing(bearer.procedure, changed, samples)


def _without_element(
    stage: Stage, files: Mapping[str, bytes], bearer: Bearer
) -> Mapping[str, bytes]:
    file = PurePosixPath(bearer.file).name
    return {file: without_element(files[file], file, bearer.id)}


def _without_rules(stage: Stage, files: Mapping[str, bytes], bearer: Bearer) -> Mapping[str, bytes]:
    file = PurePosixPath(bearer.file).name
    return {file: without_rules(files[file], file, bearer.id)}


def _without_field(stage: Stage, files: Mapping[str, bytes], bearer: Bearer) -> Mapping[str, bytes]:
    form, _, name = bearer.id.partition(".")
    field = field_named(_schema(stage, files, form), name)
    assert field is not None
    file = f"{form}.form{EXPANDED}"
    document = orjson.loads(files[file])
    document.pop("digest", None)
    _take_out(document, field.part.id)
    return {file: orjson.dumps(document)}


def _schema(stage: Stage, files: Mapping[str, bytes], form: str) -> Schema:
    return stage.schema(orjson.loads(files[f"{form}.form{EXPANDED}"]))


def _take_out(parent: Any, component: str) -> None:
    """The component with this id leaves, wherever it stands."""
    children = parent.get("components", [])
    parent["components"] = [one for one in children if one.get("id") != component]
    for child in parent["components"]:
        if "components" in child:
            _take_out(child, component)


def _without_words(stage: Stage, files: Mapping[str, bytes], bearer: Bearer) -> Mapping[str, bytes]:
    file = next(name for name in files if name == bearer.file.partition("/")[2])
    letter = yaml.safe_load(files[file])
    letter["body"] = [{"text": "—"}]
    return {file: yaml.safe_dump(letter, allow_unicode=True).encode()}


_REMOVALS: Mapping[str, Callable[[Stage, Mapping[str, bytes], Bearer], Mapping[str, bytes]]] = {
    "element": _without_element,
    "field": _without_field,
    "decision": _without_rules,
    "letter": _without_words,
}


def survivors(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """What nobody would notice."""
    return [one for one in verdicts if one.outcome in (SURVIVED, UNTRIED)]

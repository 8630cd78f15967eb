"""Each bearer taken out in turn: a scenario that proves its rows must fail, or nobody would notice.

An element is bypassed, a field leaves its form, a decision loses its rules, a letter its words.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Any

import orjson
import yaml

from engine.bpmn.removal import without_element, without_rules
from engine.definitions import EXPANDED
from engine.errors import LiandongError
from forms.naming import field_named
from forms.schema.model import Schema
from web.rehearsal.coverage import Way
from web.rehearsal.fillings import Samples
from web.rehearsal.playing import play
from web.rehearsal.procedures import Procedures
from web.rehearsal.sharing import shared_out
from web.rehearsal.stage import Stage
from web.tracing.bearers import Bearer, bearers_of
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


class Workshop:
    """Takes bearers out; what was read and played for some serves the others too."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        data = read_trace_data(stage.procedures)
        scenarios, _ = scenarios_of(stage.procedures)
        self._paths = {one.file: path for path, one in scenarios}
        self._lengths = {one.file: len(one.steps) for _, one in scenarios}
        self._ways: dict[str, Way | None] = {}
        self._proving: dict[str, set[str]] = {}
        for claim in claims_of(stage.procedures, data, [one for _, one in scenarios]):
            if claim.act:
                self._proving.setdefault(claim.row, set()).add(claim.scenario)

    def mutate(self, bearers: Sequence[Bearer]) -> list[Verdict]:
        """Take each out in turn. Scenarios that fail anyway prove none."""
        return shared_out(self._stage, try_without, self.attempts(bearers))

    def attempts(self, bearers: Sequence[Bearer]) -> list[Attempt]:
        """The bearers with what would have to fail, the shortest story first."""
        self._play({file for one in bearers for file in self._claiming(one)})
        return [Attempt(one, tuple(self._passing(one))) for one in bearers]

    def _play(self, wanted: Collection[str]) -> None:
        files = [self._paths[file] for file in sorted(wanted) if file not in self._ways]
        self._ways.update(played(self._stage, files))

    def _claiming(self, bearer: Bearer) -> set[str]:
        """Scenarios that claim to prove one of its rows."""
        return {file for row in bearer.clauses for file in self._proving.get(row, ())}

    def _passing(self, bearer: Bearer) -> Iterator[str]:
        """Those of them that come by the bearer."""
        for file in sorted(self._claiming(bearer), key=lambda one: (self._lengths[one], one)):
            way = self._ways.get(file)
            if way is not None and bearer.passed_by(way):
                yield file


def removable(procedures: Procedures, procedure: str | None = None) -> list[Bearer]:
    """Bearers in the files of the procedure, or of all, that name a row of the catalogue."""
    return [
        bearer
        for bearer in bearers_of(procedures, ())
        if procedure in (None, bearer.procedure)
        and any(clause in procedures.norms.obligations for clause in bearer.clauses)
    ]


def sample(bearers: Sequence[Bearer], count: int) -> list[Bearer]:
    """So many of them, always the same ones, from everywhere."""
    return sorted(bearers, key=_lot)[:count]


def _lot(bearer: Bearer) -> bytes:
    return sha256(f"{bearer.procedure}/{bearer.kind}/{bearer.id}".encode()).digest()


def try_without(stage: Stage, attempt: Attempt) -> Verdict:
    """Play the scenarios without the bearer until one fails."""
    if not attempt.scenarios:
        return Verdict(attempt, UNTRIED)
    try:
        changed = without(stage, attempt.bearer)
    except LiandongError as problem:
        return Verdict(attempt, BROKEN, why=problem.code)
    for file in attempt.scenarios:
        try:
            outcome = play(changed, stage.workflows / file, file)
        except LookupError as problem:
            # The start that the process begins by itself with is gone: nothing can be told.
            return Verdict(attempt, KILLED, file, type(problem).__name__)
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

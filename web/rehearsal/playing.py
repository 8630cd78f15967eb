"""Playing a scenario on a stage: step by step, check by check, to the first that is not so."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from traceback import extract_tb
from typing import Any

from engine.errors import LiandongError, Refusal
from engine.ports import Complaint
from web.rehearsal.acting import perform
from web.rehearsal.checking import verify
from web.rehearsal.coverage import Way, way_taken
from web.rehearsal.finding import Failure
from web.rehearsal.reading import read
from web.rehearsal.scenario import Check, Scenario, Step
from web.rehearsal.situation import Situation, faults, look
from web.rehearsal.stage import House, Stage


@dataclass(frozen=True)
class Broken:
    """Where a scenario failed and why."""

    file: str
    line: int
    step: int
    """Number of the step, from 1; one more than there are for the checks at the end."""
    deed: str
    """`complete respond`, `advance PT2H`, `then`: what was being done."""
    code: str
    params: dict[str, Any]
    situation: Situation


@dataclass(frozen=True)
class Outcome:
    """What came of one file. Passed where there are neither mistakes nor a failure."""

    file: str
    title: str = ""
    mistakes: list[Complaint] = field(default_factory=list)
    broken: Broken | None = None
    way: Way = field(default_factory=Way)
    proofs: list[tuple[str, str, int]] = field(default_factory=list)
    """(row of the catalogue, file, line); those of a scenario that passed hold."""
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        return not self.mistakes and self.broken is None


def play(stage: Stage, path: Path, name: str | None = None) -> Outcome:
    """Read and play one file; never raises for what stands in it."""
    begun = perf_counter()
    try:
        scenario = read(path, stage.procedures.known, name)
    except Refusal as refusal:
        return Outcome(name or path.name, mistakes=list(refusal.params["complaints"]))
    with stage.house(scenario, path.absolute().parent.parent.name) as house:
        broken = _run(house, scenario)
        way = way_taken(house.engine)
    return Outcome(
        scenario.file,
        scenario.title,
        broken=broken,
        way=way,
        proofs=scenario.proofs,
        seconds=perf_counter() - begun,
    )


def _run(house: House, scenario: Scenario) -> Broken | None:
    for number, step in enumerate(scenario.steps, 1):
        broken = _step(house, step, number)
        if broken is not None:
            return broken
    return _final(house, scenario)


def _step(house: House, step: Step, number: int) -> Broken | None:
    place: Step | Check = step
    try:
        perform(house, step)
        for check in step.checks:
            place = check
            verify(house, check)
        place = step
        _refuse_faults(house)
    except Failure as failure:
        return _broken(house, place, number, _deed(step), failure)
    except LiandongError as problem:
        failure = Failure("scenario.refused", problem=problem)
        return _broken(house, place, number, _deed(step), failure)
    except Exception as problem:  # a fault of ours must not keep the other scenarios from playing
        return _broken(house, place, number, _deed(step), _crash(problem))
    return None


def _crash(problem: Exception) -> Failure:
    where = extract_tb(problem.__traceback__)[-1]
    place = f"{Path(where.filename).name}:{where.lineno}"
    kind, text = type(problem).__name__, str(problem)[:300]
    return Failure("scenario.crashed", kind=kind, text=text, place=place)


def _final(house: House, scenario: Scenario) -> Broken | None:
    for check in scenario.checks:
        try:
            verify(house, check)
        except Failure as failure:
            return _broken(house, check, len(scenario.steps) + 1, "then", failure)
    return None


def _refuse_faults(house: House) -> None:
    found = faults(house)
    if found:
        raise Failure("scenario.fault", faults=found)


def _deed(step: Step) -> str:
    if step.kind == "then":
        return "then"
    subject = getattr(step.subject, "written", step.subject)
    by = step.details.get("by")
    return f"{by}: {step.kind} {subject}" if by else f"{step.kind} {subject}"


def _broken(house: House, place: Step | Check, number: int, deed: str, failure: Failure) -> Broken:
    situation = look(house)
    return Broken(place.file, place.line, number, deed, failure.code, failure.params, situation)

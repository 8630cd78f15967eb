"""From a stage to its trace: bearers and claims gathered, scenarios played where that is wanted."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.errors import Refusal
from engine.measured import measured_periods
from engine.ports import Complaint
from web.rehearsal.coverage import Way
from web.rehearsal.playing import play
from web.rehearsal.procedures import Procedures
from web.rehearsal.reading import read
from web.rehearsal.scenario import Scenario
from web.rehearsal.sharing import shared_out
from web.rehearsal.stage import Stage
from web.tracing.bearers import bearers_of
from web.tracing.claims import Claim, Judge, drawn
from web.tracing.data import TraceData, read_data
from web.tracing.trace import Trace, Ways, weigh

CODE = Path(__file__).parents[2]
"""Where the tests stand, if this is a checkout and no installation."""


def trace(stage: Stage, rows: Collection[str]) -> Trace:
    """The trace of a stage; the scenarios that speak for these rows of the catalogue are played."""
    gathered = gather(stage.procedures)
    wanted = {claim.scenario for claim in gathered.claims if claim.row in rows}
    files = [stage.workflows / name for name in sorted(wanted)]
    return weighed(stage.procedures, gathered, played(stage, files))


@dataclass(frozen=True)
class Gathered:
    """All that speaks for the rows, before it is weighed."""

    data: TraceData
    claims: Sequence[Claim]
    titles: Mapping[str, str]
    """Scenario file → its title."""
    broken: Sequence[Complaint]
    """What is wrong in scenarios that cannot be read."""


def gather(procedures: Procedures) -> Gathered:
    """Read the scenarios and what is declared beside the norms."""
    data = read_trace_data(procedures)
    scenarios, broken = scenarios_of(procedures)
    claims = list(claims_of(procedures, data, [scenario for _, scenario in scenarios]))
    titles = {scenario.file: scenario.title for _, scenario in scenarios}
    return Gathered(data, claims, titles, broken)


def weighed(procedures: Procedures, gathered: Gathered, ways: Ways | None) -> Trace:
    """The trace; `ways` as of `weigh`."""
    bearers = bearers_of(procedures, gathered.data.declared)
    found = weigh(procedures.norms, gathered.data, bearers, gathered.claims, ways)
    faults = [*_left_out(procedures), *gathered.broken, *found.faults]
    return replace(found, faults=faults, titles=gathered.titles, names=_names(procedures))


def _names(procedures: Procedures) -> dict[str, str]:
    drawn = (diagram for each in procedures.diagrams.values() for diagram in each)
    return {id: process.name for one in drawn for id, process in one.processes.items()}


def read_trace_data(procedures: Procedures) -> TraceData:
    """Actors, declared bearers, what is outside."""
    code = CODE if (CODE / "tests").is_dir() else None
    return read_data(procedures.workflows / "norms", procedures.norms, code)


def scenario_files(workflows: Path) -> list[Path]:
    """Every scenario of every procedure."""
    return sorted(workflows.glob("*/scenarios/*.yaml"))


def name_in(workflows: Path, path: Path) -> str:
    """As short as it is clear: from the folder of procedures on."""
    return path.relative_to(workflows).as_posix()


def scenarios_of(procedures: Procedures) -> tuple[list[tuple[Path, Scenario]], list[Complaint]]:
    """Those that can be read, and what is wrong with the others."""
    found: list[tuple[Path, Scenario]] = []
    wrong: list[Complaint] = []
    for path in scenario_files(procedures.workflows):
        if path.parent.parent.name in procedures.left_out:
            continue
        try:
            found.append((path, read(path, procedures.known, name_in(procedures.workflows, path))))
        except Refusal as refusal:
            wrong += refusal.params["complaints"]
    return found, wrong


def claims_of(
    procedures: Procedures, data: TraceData, scenarios: Sequence[Scenario]
) -> Iterator[Claim]:
    """Everything that the scenarios claim."""
    diagrams = [diagram for each in procedures.diagrams.values() for diagram in each]
    doers = {
        id: tuple(data.actors[actor] for actor in row.actor if actor in data.actors)
        for id, row in procedures.norms.obligations.items()
    }
    judge = Judge(doers, drawn(diagrams), measured_periods(procedures.norms))
    for scenario in scenarios:
        yield from judge.claims(scenario)


def played(stage: Stage, files: Sequence[Path]) -> Ways:
    """The way of each scenario that holds."""
    return dict(shared_out(stage, _play, files))


def _play(stage: Stage, path: Path) -> tuple[str, Way | None]:
    outcome = play(stage, path, name_in(stage.workflows, path))
    return outcome.file, outcome.way if outcome.passed else None


def _left_out(procedures: Procedures) -> Iterator[Complaint]:
    """What keeps a procedure from being deployed, an unknown clause among it."""
    for procedure, complaints in procedures.left_out.items():
        for one in complaints:
            file = f"{procedure}/{one.file}"
            yield Complaint(
                one.severity, file, one.code, one.line, one.element_id, one.element_name, one.params
            )

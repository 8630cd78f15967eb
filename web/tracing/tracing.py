"""From a stage to its trace: bearers and claims gathered, scenarios played where that is wanted."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from engine.errors import Refusal
from engine.ports import Complaint
from web.rehearsal.coverage import Way
from web.rehearsal.playing import play
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


def trace(stage: Stage, rows: Collection[str] | None = None) -> Trace:
    """The trace of everything deployed on the stage.

    `rows`: those of the catalogue whose scenarios are played; None: nothing is.
    """
    data = read_trace_data(stage)
    scenarios, broken = scenarios_of(stage)
    claims = list(claims_of(stage, data, [scenario for _, scenario in scenarios]))
    ways = None
    if rows is not None:
        wanted = {claim.scenario for claim in claims if claim.row in rows}
        ways = played(stage, [path for path, one in scenarios if one.file in wanted])
    found = weigh(stage.norms, data, bearers_of(stage, data.declared), claims, ways)
    faults = [*_left_out(stage), *broken, *found.faults]
    return Trace(found.rows, found.bearers, faults, found.played)


def read_trace_data(stage: Stage) -> TraceData:
    """Actors, declared bearers, what is outside."""
    code = CODE if (CODE / "tests").is_dir() else None
    return read_data(stage.workflows / "norms", stage.norms, code)


def scenario_files(workflows: Path) -> list[Path]:
    """Every scenario of every procedure."""
    return sorted(workflows.glob("*/scenarios/*.yaml"))


def name_in(workflows: Path, path: Path) -> str:
    """As short as it is clear: from the folder of procedures on."""
    return path.relative_to(workflows).as_posix()


def scenarios_of(stage: Stage) -> tuple[list[tuple[Path, Scenario]], list[Complaint]]:
    """Those that can be read, and what is wrong with the others."""
    found: list[tuple[Path, Scenario]] = []
    wrong: list[Complaint] = []
    for path in scenario_files(stage.workflows):
        if path.parent.parent.name in stage.left_out:
            continue
        try:
            found.append((path, read(path, stage.known, name_in(stage.workflows, path))))
        except Refusal as refusal:
            wrong += refusal.params["complaints"]
    return found, wrong


def claims_of(stage: Stage, data: TraceData, scenarios: Sequence[Scenario]) -> Iterator[Claim]:
    """Everything that the scenarios claim."""
    diagrams = [diagram for each in stage.diagrams.values() for diagram in each]
    doers = {
        id: tuple(data.actors[actor] for actor in row.actor if actor in data.actors)
        for id, row in stage.norms.obligations.items()
    }
    judge = Judge(doers, drawn(diagrams))
    for scenario in scenarios:
        yield from judge.claims(scenario)


def played(stage: Stage, files: Sequence[Path]) -> Ways:
    """The way of each scenario that holds."""
    return dict(shared_out(stage, _play, files))


def _play(stage: Stage, path: Path) -> tuple[str, Way | None]:
    outcome = play(stage, path, name_in(stage.workflows, path))
    return outcome.file, outcome.way if outcome.passed else None


def _left_out(stage: Stage) -> Iterator[Complaint]:
    """What keeps a procedure from being deployed, an unknown clause among it."""
    for procedure, complaints in stage.left_out.items():
        for one in complaints:
            file = f"{procedure}/{one.file}"
            yield Complaint(
                one.severity, file, one.code, one.line, one.element_id, one.element_name, one.params
            )

"""`liandong scenario`: play the analysts' scenarios and say what is not as they say."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click

from engine.bpmn.model import Diagram
from engine.errors import Refusal
from web.commands.deploy import JSON, LANGUAGE, PATHS
from web.messages import sentence
from web.rehearsal.coverage import Covered, Way, covered
from web.rehearsal.playing import play
from web.rehearsal.report import as_data, coverage_data, coverage_lines, left_out_lines, lines_of
from web.rehearsal.sharing import shared_out
from web.rehearsal.stage import Stage, root_of


@dataclass(frozen=True)
class Played:
    """One scenario's outcome in the reader's language, ready to leave its process."""

    passed: bool
    lines: list[str]
    data: Mapping[str, Any]
    way: Way


@click.command("scenario", short_help="执行场景 / play scenarios")
@PATHS
@click.option("--coverage", is_flag=True, help="列出没有场景经过的 / what none passes.")
@JSON
@LANGUAGE
def scenario(paths: tuple[Path, ...], coverage: bool, as_json: bool, lang: str) -> None:
    """执行 PATHS 中的场景（文件、流程文件夹或 workflows）。写法见 docs/scenarios.md。

    Play scenarios, each on a fresh database under its own clock. Exit code 0: all passed; 1: not.
    """
    files = files_in(paths)
    coverage = coverage or all(path.is_dir() for path in paths)
    installation = click.get_current_context().obj
    with Stage(root_of(paths[0]), installation.rehearse) as stage:
        played = shared_out(stage, partial(_play, lang), files)
        passed = covered(_drawn(stage, files), [p.way for p in played]) if coverage else []
        report = _data if as_json else _text
        click.echo(report(stage, played, passed, lang))
    sys.exit(0 if all(one.passed for one in played) else 1)


def files_in(paths: Sequence[Path]) -> list[Path]:
    """Scenario files named or below the paths. Raises `Refusal` scenario.none."""
    found: list[Path] = []
    for path in paths:
        found += [path] if path.is_file() else sorted(path.rglob("scenarios/*.yaml"))
    if not found:
        raise Refusal("scenario.none", paths=[str(path) for path in paths])
    return found


def _play(lang: str, stage: Stage, file: Path) -> Played:
    outcome = play(stage, file, name_in(stage.workflows, file))
    data = as_data(outcome, lang)
    return Played(outcome.passed, list(lines_of(outcome, lang)), data, outcome.way)


def name_in(workflows: Path, path: Path) -> str:
    """As short as it is clear: from the folder of procedures on."""
    absolute, root = path.resolve(), workflows.resolve()
    return absolute.relative_to(root).as_posix() if absolute.is_relative_to(root) else path.name


def _drawn(stage: Stage, files: Iterable[Path]) -> list[Diagram]:
    """The diagrams of the procedures whose scenarios were played."""
    homes = sorted({file.absolute().parent.parent.name for file in files})
    return [diagram for home in homes for diagram in stage.procedures.diagrams.get(home, ())]


def _counts(played: Sequence[Played]) -> dict[str, int]:
    return {"total": len(played), "failed": sum(not one.passed for one in played)}


def _data(stage: Stage, played: Sequence[Played], passed: Sequence[Covered], lang: str) -> str:
    report: dict[str, Any] = {
        **_counts(played),
        "scenarios": [one.data for one in played],
        "left_out": sorted(stage.procedures.left_out),
        "coverage": coverage_data(passed),
    }
    return json.dumps(report, ensure_ascii=False)


def _text(stage: Stage, played: Sequence[Played], passed: Sequence[Covered], lang: str) -> str:
    lines = [
        *left_out_lines(stage.procedures.left_out, lang),
        *(line for one in played for line in one.lines),
        *coverage_lines(passed, lang),
        sentence("scenario.summary", _counts(played), lang),
    ]
    return "\n".join(lines)

"""`liandong scenario`: play the analysts' scenarios and say what is not as they say."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from engine.bpmn.model import Diagram
from engine.errors import Refusal
from web.commands.deploy import JSON, LANGUAGE, PATHS
from web.messages import sentence
from web.rehearsal.coverage import Covered, covered
from web.rehearsal.playing import Outcome, play
from web.rehearsal.report import as_data, coverage_data, coverage_lines, left_out_lines, lines_of
from web.rehearsal.stage import Stage, root_of


@click.command("scenario", short_help="执行场景 / play scenarios")
@PATHS
@click.option("--coverage", is_flag=True, help="列出没有场景经过的元素和连线 / what none passes.")
@JSON
@LANGUAGE
def scenario(paths: tuple[Path, ...], coverage: bool, as_json: bool, lang: str) -> None:
    """执行 PATHS 中的场景（文件、流程文件夹或 workflows）。写法见 docs/scenarios.md。

    Play scenarios, each on a fresh database under its own clock. Exit code 0: all passed; 1: not.
    """
    found = files_in(paths)
    installation = click.get_current_context().obj
    with Stage(root_of(paths[0]), installation.rehearse) as stage:
        outcomes = [play(stage, path, _name(path, stage.workflows)) for path in found]
        passed = covered(_drawn(stage, found), [o.way for o in outcomes]) if coverage else []
        _print(stage, outcomes, passed, as_json, lang)
    sys.exit(0 if all(one.passed for one in outcomes) else 1)


def files_in(paths: Sequence[Path]) -> list[Path]:
    """Scenario files named or below the paths. Raises `Refusal` scenario.none."""
    found: list[Path] = []
    for path in paths:
        found += [path] if path.is_file() else sorted(path.rglob("scenarios/*.yaml"))
    if not found:
        raise Refusal("scenario.none", paths=[str(path) for path in paths])
    return found


def _drawn(stage: Stage, files: Sequence[Path]) -> list[Diagram]:
    """The diagrams of the procedures whose scenarios were played."""
    homes = sorted({file.absolute().parent.parent.name for file in files})
    return [diagram for home in homes for diagram in stage.diagrams.get(home, ())]


def _name(path: Path, workflows: Path) -> str:
    """As short as it is clear: from the folder of procedures on."""
    absolute = path.resolve()
    within = absolute.is_relative_to(workflows.resolve())
    return absolute.relative_to(workflows.resolve()).as_posix() if within else path.name


def _print(
    stage: Stage,
    outcomes: Sequence[Outcome],
    passed: Sequence[Covered],
    as_json: bool,
    lang: str,
) -> None:
    counts = {"total": len(outcomes), "failed": sum(not one.passed for one in outcomes)}
    if as_json:
        report: dict[str, Any] = {**counts, "scenarios": [as_data(o, lang) for o in outcomes]}
        report["left_out"] = sorted(stage.left_out)
        report["coverage"] = coverage_data(passed)
        click.echo(json.dumps(report, ensure_ascii=False, default=str))
        return
    for line in left_out_lines(stage.left_out, lang):
        click.echo(line)
    for outcome in outcomes:
        for line in lines_of(outcome, lang):
            click.echo(line)
    for line in coverage_lines(passed, lang):
        click.echo(line)
    click.echo(sentence("scenario.summary", counts, lang))

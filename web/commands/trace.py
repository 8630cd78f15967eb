"""`liandong trace`: what carries each obligation, and which scenario proves it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath
from time import perf_counter
from typing import Any

import click

from engine.errors import NotFound
from web.commands.deploy import JSON, LANGUAGE
from web.rehearsal.stage import Stage
from web.tracing.mutation import Verdict, Workshop, removable, survivors
from web.tracing.report import (
    bearer_data,
    bearer_lines,
    fault_lines,
    mutation_data,
    mutation_lines,
    progress_line,
    row_lines,
    summary_data,
    summary_line,
    trace_data,
)
from web.tracing.trace import Trace, Traced
from web.tracing.tracing import trace as traced


@click.command("trace", short_help="条款由什么落实 / what carries each obligation")
@click.option("--summary", is_flag=True, help="只列数目 / the counts only.")
@click.option("--obligation", metavar="ID", help="只看这一条目 / this row only.")
@click.option("--procedure", metavar="KEY", help="只看这个流程的条目 / rows of this procedure.")
@click.option("--bearers", is_flag=True, help="反过来列：承载者→条目 / bearer → rows.")
@click.option(
    "--mutate",
    is_flag=False,
    flag_value="",
    metavar="[PATH]",
    help="逐个去掉承载者，场景应当不通过 / take each bearer out; a scenario must fail.",
)
@JSON
@LANGUAGE
def trace(
    summary: bool,
    obligation: str | None,
    procedure: str | None,
    bearers: bool,
    mutate: str | None,
    as_json: bool,
    lang: str,
) -> None:
    """逐条列出两份文件的义务由什么承载、由哪个场景证明；有关的场景会逐个执行。

    Obligation → bearer → scenario; the scenarios concerned are played. Exit code 1: a bearer
    without a scenario, a clause that does not exist, a quotation that differs from the source.
    """
    installation = click.get_current_context().obj
    with Stage(installation.settings.workflows, installation.rehearse) as stage:
        if mutate is not None:
            sys.exit(_mutate(stage, PurePath(mutate).name or None, as_json, lang))
        rows = _wanted(stage, obligation, procedure)
        found = traced(stage, rows)
    shown = [one for one in found.rows if one.row.id in rows]
    if summary:
        click.echo(_dumped(summary_data(found)) if as_json else summary_line(found, lang))
        _tell_faults(found, lang)
    elif bearers:
        click.echo(_reverse(found, procedure, as_json, lang))
    elif as_json:
        click.echo(_dumped(trace_data(found, shown, lang)))
    else:
        click.echo("\n".join(_lines(found, shown, lang)))
    sys.exit(1 if found.faults else 0)


def _mutate(stage: Stage, procedure: str | None, as_json: bool, lang: str) -> int:
    """Exit code: 1 where a bearer is missed by nobody. Raises `NotFound`."""
    if procedure is not None and procedure not in stage.procedures.diagrams:
        raise NotFound("trace.no_procedure", found=procedure)
    begun = perf_counter()
    chosen = stage.procedures.diagrams if procedure is None else [procedure]
    verdicts = list(_taken_apart(stage, chosen, lang))
    seconds = round(perf_counter() - begun, 1)
    if as_json:
        click.echo(_dumped(mutation_data(verdicts, seconds)))
    else:
        click.echo("\n".join(mutation_lines(verdicts, seconds, lang)))
    return 1 if survivors(verdicts) else 0


def _taken_apart(stage: Stage, chosen: Iterable[str], lang: str) -> Iterator[Verdict]:
    """Procedure by procedure, each told as soon as it is done: all of them take an hour."""
    workshop = Workshop(stage)
    for procedure in chosen:
        begun = perf_counter()
        found = workshop.mutate(removable(stage.procedures, procedure))
        if found:
            seconds = round(perf_counter() - begun, 1)
            click.echo(progress_line(procedure, found, seconds, lang), err=True)
        yield from found


def _wanted(stage: Stage, obligation: str | None, procedure: str | None) -> frozenset[str]:
    """Ids of the rows that are asked for. Raises `NotFound`."""
    every = stage.procedures.norms.obligations
    if obligation is not None and obligation not in every:
        raise NotFound("norm.obligation_unknown", found=obligation)
    return frozenset(
        id
        for id, row in every.items()
        if obligation in (None, id) and (procedure is None or procedure in row.procedures)
    )


def _lines(found: Trace, shown: Sequence[Traced], lang: str) -> Iterator[str]:
    for one in shown:
        yield from row_lines(one, lang)
    yield from fault_lines(found, lang)
    yield summary_line(found, lang)


def _reverse(found: Trace, procedure: str | None, as_json: bool, lang: str) -> str:
    if not as_json:
        return "\n".join(bearer_lines(found, procedure, lang))
    chosen = [one for one in found.bearers if procedure in (None, one.procedure)]
    return _dumped({"bearers": [bearer_data(one) for one in chosen]})


def _tell_faults(found: Trace, lang: str) -> None:
    for line in fault_lines(found, lang):
        click.echo(line, err=True)


def _dumped(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False)

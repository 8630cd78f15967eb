"""`liandong bench`: what starting and completing costs, beside bare SpiffWorkflow and plain SQL."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import click

from web.bench import FULL, QUICK, SAMPLES, measure
from web.bench.ground import ground
from web.commands.deadlines import LANGUAGE
from web.messages import sentence


@click.command("bench", short_help="测量开销 / measure what verbs cost")
@click.option("--quick", is_flag=True, help="45 秒以内 / within 45 seconds.")
@click.option("--json", "as_json", is_flag=True, help="结果为 JSON / print JSON.")
@LANGUAGE
def bench(quick: bool, as_json: bool, lang: str) -> None:
    """在临时数据库上测量启动流程和提交任务的开销，不触及现有数据。

    Measure on a database of its own; nothing that exists is touched.
    """
    installation = click.get_current_context().obj
    with ground(installation) as place:
        found = measure(place, QUICK if quick else FULL)
    click.echo(json.dumps(found, indent=2) if as_json else "\n".join(lines(found, lang)))


def lines(found: Mapping[str, Any], lang: str) -> Iterator[str]:
    """The figures as sentences."""
    yield sentence("bench.head", {"database": found["database"]}, lang)
    for name in SAMPLES:
        sample = sentence(f"bench.sample_{name}", {}, lang)
        for verb in ("start", "complete"):
            figures = {"sample": sample, **found[f"{verb}_{name}"]}
            yield sentence(f"bench.{verb}", figures, lang)
    for number, figures in found["growth"].items():
        yield sentence("bench.growth", {"number": number, **figures}, lang)
    yield sentence("bench.timers", found["timers"], lang)

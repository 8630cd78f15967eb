"""`liandong deadlines explain`: when a period ends, and how that was counted."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from engine.errors import LiandongError, Refusal
from engine.timing.norms import Norms
from engine.timing.periods import Period
from engine.timing.zone import SHANGHAI, due_text
from web.messages import error_sentence, sentence

NORMS_FOLDER = Path(__file__).resolve().parents[2] / "workflows" / "norms"

LANGUAGE = click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)


@click.group("deadlines", short_help="期限推算 / compute periods")
def deadlines() -> None:
    """法定期限的推算。

    Statutory periods and how they are counted.
    """


@deadlines.command("explain", short_help="推算一个期限 / explain one period")
@click.argument("rule")
@click.argument("rest", metavar="[N] START", nargs=-1, required=True)
@click.option(
    "--profile", default="nanzhao_2021", show_default=True, help="规范方案 / norm profile."
)
@click.option(
    "--leave-hours", type=click.FloatRange(0, 8784), default=0, help="拘留请假小时 / leave."
)
@click.option("--json", "as_json", is_flag=True, help="结果为 JSON / print JSON.")
@LANGUAGE
def explain(
    rule: str, rest: Sequence[str], profile: str, leave_hours: float, as_json: bool, lang: str
) -> None:
    """RULE 为规则（PR-…，须带数额 N）或期限编号（T-…）；START 为起算时刻，未写时区即东八区。

    RULE is a PR- rule with its number N, or a T- timer id; START an ISO 8601 instant, China time
    unless it names a zone. Exit code 0: computed; 1: refused; 2: wrong usage.
    """
    n, start = _given(rest, lang)
    leave = timedelta(hours=leave_hours)
    try:
        norms = Norms.load(NORMS_FOLDER)
        if rule.startswith("T-"):
            found = norms.due(rule, profile, start, n=n, leave=leave)
        else:
            switches = norms.profile(profile).switches
            found = norms.compute(rule, n, start, switches=switches, leave=leave)
        click.echo(_answer(norms, rule, profile, found, as_json, lang))
    except LiandongError as error:
        click.echo(error_sentence(error, lang), err=True)
        sys.exit(1)


def _given(rest: Sequence[str], lang: str) -> tuple[int | None, datetime]:
    """The optional number and the start; anything else is a usage error (exit code 2)."""
    try:
        if len(rest) > 2:
            raise Refusal("deadlines.start", found=" ".join(rest))
        return (_number(rest[0]) if len(rest) == 2 else None), _instant(rest[-1])
    except Refusal as error:
        raise click.UsageError(error_sentence(error, lang)) from error


def _number(found: str) -> int:
    if not (found.isascii() and found.isdigit()):
        raise Refusal("deadlines.number", found=found)
    return int(found)


def _instant(found: str) -> datetime:
    try:
        instant = datetime.fromisoformat(found)
    except ValueError:
        raise Refusal("deadlines.start", found=found) from None
    return instant if instant.tzinfo else instant.replace(tzinfo=SHANGHAI)


def _answer(
    norms: Norms, rule: str, profile: str, found: Period | None, as_json: bool, lang: str
) -> str:
    fact = norms.periods[rule].fact(lang) if rule in norms.periods else None
    if as_json:
        return json.dumps(_data(rule, profile, found, lang, fact), ensure_ascii=False, indent=2)
    if found is None:
        name = norms.periods[rule].zh if lang == "zh" else norms.periods[rule].en
        params = {"profile": profile, "timer": rule, "name": name}
        return sentence("deadlines.not_in_profile", params, lang)
    return "\n".join(_lines(norms, profile, found, lang, fact))


def _data(
    rule: str, profile: str, found: Period | None, lang: str, fact: str | None
) -> dict[str, Any]:
    if found is None:
        nothing: dict[str, Any] = {
            "due": None,
            "last_day": None,
            "provisional": False,
            "derivation": [],
        }
        return {"timer": rule, "profile": profile, **nothing}
    return {**found.as_data(lang, fact), "profile": profile}


def _lines(norms: Norms, profile: str, found: Period, lang: str, fact: str | None) -> list[str]:
    lines = []
    if found.timer:
        row = norms.periods[found.timer]
        name = row.zh if lang == "zh" else row.en
        params = {"timer": found.timer, "name": name, "profile": profile}
        lines.append(sentence("deadlines.period", params, lang))
    lines.append(_due_line(found, lang))
    if found.advisory:
        advisory = {"advisory": due_text(found.advisory, lang)}
        lines.append(sentence("deadlines.advisory", advisory, lang))
    text = found.explain(lang, fact)
    return [*lines, sentence("deadlines.derivation", {"text": text}, lang)]


def _due_line(found: Period, lang: str) -> str:
    if found.due is None:
        return sentence("deadlines.no_due", {}, lang)
    provisional = sentence("deadlines.provisional", {}, lang) if found.provisional else ""
    return sentence(
        "deadlines.due", {"due": due_text(found.due, lang), "provisional": provisional}, lang
    )

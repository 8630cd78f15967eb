"""`liandong decide FILE.dmn DECISION INPUT.json`: one decision, the rules that matched, and why."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

import click

from engine.errors import LiandongError, Refusal
from engine.feel import describe
from engine.feel.decisions import DecisionModel, DecisionResult, Import, Reason, Step, load
from engine.feel.decisions.markup import MODEL_NAMESPACES
from engine.feel.functions.text import to_string
from engine.feel.limits import Run
from engine.timing.clock import SystemClock
from engine.timing.zone import SHANGHAI
from engine.xml import parse_xml
from web.messages import error_sentence, sentence


@click.command("decide", short_help="评估一项 DMN 决策 / evaluate one DMN decision")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("decision")
@click.argument("given", metavar="INPUT.json", type=click.File("r", encoding="utf-8"))
@click.option("--json", "as_json", is_flag=True, help="结果为 JSON / print JSON.")
@click.option("--trace", is_flag=True, help="显示求值过程 / show every step.")
@click.option(
    "--now", "instant", metavar="ISO", help="当作此刻的时间 / the instant to take as now."
)
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
def decide(
    file: Path, decision: str, given: TextIO, as_json: bool, trace: bool, instant: str, lang: str
) -> None:
    """按 INPUT.json（- 为标准输入）中的变量评估 FILE.dmn 的决策 DECISION（标识或名称）。

    Evaluate DECISION (id or name) of FILE.dmn with the variables in INPUT.json (- for stdin).
    Exit code 0: decided (a null comes with its reasons); 1: refused; 2: wrong usage.
    """
    variables, now = _usage(given, instant, lang)
    try:
        model = _load(file)
        context = model.typed(decision, variables)
        result = model.evaluate(decision, context, now=now, trace=trace)
    except LiandongError as error:
        click.echo(_refusal(error, lang), err=True)
        sys.exit(1)
    click.echo(_as_json(result) if as_json else _as_text(result, lang))


def _usage(given: TextIO, instant: str | None, lang: str) -> tuple[dict[str, Any], datetime]:
    """The variables and the instant; anything else is a usage error (exit code 2)."""
    try:
        return _variables(given), _now(instant)
    except Refusal as error:
        raise click.UsageError(error_sentence(error, lang)) from error


def _refusal(error: LiandongError, lang: str) -> str:
    """The sentence of a refusal; FEEL says for itself what is wrong within a text."""
    cause = error.__cause__ if error.code == "dmn.expression" else error
    if not isinstance(cause, LiandongError) or not cause.code.startswith("feel."):
        return error_sentence(error, lang)
    told = describe(cause, "en" if lang == "en" else "zh")
    return told if cause is error else _said("expression", lang, **error.params, told=told)


def _load(file: Path) -> DecisionModel:
    """The model; what it imports is looked for beside it. Raises the first problem it has."""

    def beside(wanted: Import) -> bytes | None:
        named = file.parent / Path(wanted.location or "").name
        others = (other for other in sorted(file.parent.glob("*.dmn")) if other != file)
        sources = (one.read_bytes() for one in (named, *others) if one.is_file())
        return next((s for s in sources if _namespace(s, file.name) == wanted.namespace), None)

    model = load(file.read_bytes(), file.name, imports=beside)
    for problem in model.problems:
        raise problem
    return model


def _namespace(source: bytes, filename: str) -> str | None:
    """The namespace of a DMN file; None for a neighbour that is not one."""
    try:
        root = parse_xml(source, filename)
    except Refusal:
        return None
    return (
        root.get("namespace") if str(root.tag)[1:].partition("}")[0] in MODEL_NAMESPACES else None
    )


def _variables(given: TextIO) -> dict[str, Any]:
    try:
        found = json.load(given, parse_float=Decimal, parse_int=Decimal)
    except (ValueError, RecursionError) as problem:
        line = getattr(problem, "lineno", None)
        raise Refusal("decide.json", file=given.name, line=line) from problem
    if not isinstance(found, dict):
        raise Refusal("decide.json_object", file=given.name)
    return found


def _now(instant: str | None) -> datetime:
    if instant is None:
        return SystemClock().now()
    try:
        written = datetime.fromisoformat(instant)
    except ValueError as problem:
        raise Refusal("decide.now", found=instant) from problem
    return written if written.tzinfo else written.replace(tzinfo=SHANGHAI)


def _written(value: Any) -> str:
    """The value as FEEL writes it."""
    return to_string(value, Run(None, None, None))


def _as_text(result: DecisionResult, lang: str) -> str:
    lines = [_said("value", lang, value=_written(result.value))]
    for rule in result.matched_rules:
        note = {"table": rule.table.id or rule.table.name, "description": rule.description}
        lines.append(_said("rule", lang, number=rule.number, id=rule.id, **note))
    if result.value is None:
        lines += [_reason(reason, lang) for reason in result.reasons]
    lines += [_step(step, lang) for step in result.trace]
    return "\n".join(lines)


def _said(what: str, lang: str, **params: Any) -> str:
    return sentence(f"decide.{what}", params, lang).rstrip()


def _reason(reason: Reason, lang: str) -> str:
    told = describe(reason.cause, "en" if lang == "en" else "zh") if reason.cause else ""
    params = {**reason.params, "cause": told}
    return _said("reason", lang, reason=sentence(reason.code, params, lang))


def _step(step: Step, lang: str) -> str:
    inputs = ", ".join(f"{name} = {_written(value)}" for name, value in step.inputs.items())
    place = step.place
    rules = _said("step_rules", lang, rules=[str(number) for number in step.rules])
    return _said(
        "step",
        lang,
        element=place.element,
        name=place.name or place.id,
        inputs=inputs,
        value=_written(step.value),
        rules=rules if step.rules else "",
    )


def _as_json(result: DecisionResult) -> str:
    answer = {
        "value": _plain(result.value),
        "matched_rules": [
            {
                "table": one.table.id,
                "rule": one.number,
                "id": one.id,
                "description": one.description,
            }
            for one in result.matched_rules
        ],
        "reasons": [_plain_reason(one) for one in result.reasons],
    }
    if result.trace:
        answer["trace"] = [_plain_step(step) for step in result.trace]
    return json.dumps(answer, ensure_ascii=False, indent=2)


def _plain_reason(reason: Reason) -> dict[str, Any]:
    cause = {"cause": reason.cause.code} if reason.cause else {}
    return {"code": reason.code, **cause, **_plain(reason.params)}


def _plain_step(step: Step) -> dict[str, Any]:
    place = step.place
    return {
        "element": place.element,
        "id": place.id,
        "name": place.name,
        "inputs": _plain(step.inputs),
        "value": _plain(step.value),
        "rules": list(step.rules),
    }


def _plain(value: Any) -> Any:
    """JSON's view of a FEEL value: exact numbers as numbers, times and durations as text."""
    if value is None or isinstance(value, bool | str | int):
        return value
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return _written(value)


def _number(value: Decimal) -> int | float | str:
    """A number that JSON readers would round is written as text instead."""
    if value == value.to_integral_value() and abs(value) < 2**53:
        return int(value)
    return float(value) if Decimal(repr(float(value))) == value else str(value)

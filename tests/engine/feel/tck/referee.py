"""One question of the kit put to the engine, and what the referee says of the answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from engine.errors import LiandongError
from engine.feel import prepare
from engine.feel.decisions import DecisionModel, Import, load
from engine.feel.decisions.markup import MODEL_NAMESPACES
from engine.xml import parse_xml
from tests.engine.feel.tck.kit import Given, Question, Simple, Written

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TOLERANCE = Decimal("1e-8")
"""The kit's numbers are written with as few digits as their authors liked."""
CONSTRUCTORS = {
    "date": "date(text)",
    "time": "time(text)",
    "dateTime": "date and time(text)",
    "duration": "duration(text)",
}
NUMBERS = ("decimal", "double", "integer", "int", "long", "float")


@dataclass(frozen=True)
class Verdict:
    passed: bool
    reason: str = ""


def judge(question: Question) -> Verdict:
    """Every result of the question must be as expected; the reason names the first that is not."""
    try:
        model = _model(question.model)
    except LiandongError as error:
        return Verdict(False, f"model refused: {error}")
    context = _context(model, question.given)
    for expected in question.expected:
        found, reasons = _answer(model, question, expected.name, context)
        wanted = _feel(expected.value)
        if expected.is_error and wanted is None and found is None:
            continue
        if not same(found, wanted):
            detail = f"{expected.name}: expected {wanted!r}, found {found!r}"
            return Verdict(False, f"{detail} {reasons}".strip())
    return Verdict(True)


@cache
def _model(file: Path) -> DecisionModel:
    def beside(wanted: Import) -> bytes | None:
        others = (other for other in sorted(file.parent.glob("*.dmn")) if other != file)
        return next((o.read_bytes() for o in others if _namespace(o) == wanted.namespace), None)

    return load(file.read_bytes(), file.name, imports=beside)


@cache
def _namespace(file: Path) -> str | None:
    root = parse_xml(file.read_bytes(), file.name)
    assert str(root.tag)[1:].partition("}")[0] in MODEL_NAMESPACES
    return root.get("namespace")


def _context(model: DecisionModel, given: tuple[Given, ...]) -> dict[str, Any]:
    """An input of an imported model is given in a context under the import's name."""
    context: dict[str, Any] = {}
    prefixes = {one.namespace: one.name for one in model.imports if one.name}
    for one in given:
        prefix, name = prefixes.get(one.namespace), one.name
        if prefix is None and name.partition(".")[0] in prefixes.values():
            prefix, _, name = name.partition(".")
        target = context.setdefault(prefix, {}) if prefix else context
        target[name] = _feel(one.value)
    return context


def _answer(
    model: DecisionModel, question: Question, name: str, context: dict[str, Any]
) -> tuple[Any, str]:
    """The value asked for, and why it is null where it is."""
    asked = name if question.kind == "decision" else (question.invocable or name)
    try:
        result = model.evaluate(asked, context, now=NOW)
    except LiandongError as error:
        return None, str(error)
    value = result.value
    if question.kind == "decisionService" and name != asked and isinstance(value, dict):
        value = value.get(name, value)
    reasons = "; ".join(f"{one.code} {dict(one.params)}" for one in result.reasons[:2])
    return value, reasons


def _feel(written: Written) -> Any:
    if written is None:
        return None
    if isinstance(written, list):
        return [_feel(item) for item in written]
    if isinstance(written, dict):
        return {" ".join(name.split()): _feel(part) for name, part in written.items()}
    return _simple(written)


def _simple(written: Simple) -> Any:
    text = written.text
    if written.type in NUMBERS:
        return Decimal(text.strip())
    if written.type == "boolean":
        return text.strip() in ("true", "1")
    if written.type in CONSTRUCTORS:
        return _constructor(written.type).evaluate({"text": text.strip()})
    return text


@cache
def _constructor(kind: str):
    return prepare(CONSTRUCTORS[kind], names=("text",))


def same(found: Any, wanted: Any) -> bool:
    """Equal, numbers within the kit's tolerance, temporal values as FEEL compares them."""
    if isinstance(wanted, Decimal) and isinstance(found, Decimal):
        return abs(found - wanted) <= TOLERANCE
    if found.__class__ is not wanted.__class__:
        return False
    if isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(same, found, wanted))
    if isinstance(wanted, dict):
        return found.keys() == wanted.keys() and all(same(found[k], wanted[k]) for k in wanted)
    return bool(found == wanted)

"""How long a decision table of fifty rules takes: `run()` gives microseconds per evaluation."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from time import perf_counter

from engine.feel.decisions import load
from tests.engine.feel.decisions.drawing import decision, file, input_data, table

RULES = 50
ROUNDS = 2_000
FLAGS = ("true", "false")
KINDS = ("查询", "查封车辆", "查控人员", "司法拘留", "限制出境")


def _source() -> bytes:
    """Three inputs, as tables in procedures have: an enumeration, a range and a flag."""
    rules = [
        f'"{KINDS[n % 5]}" | [{n * 10}..{n * 10 + 10}) | {FLAGS[n % 2]} | "级别{n}" | {n}'
        for n in range(RULES)
    ]
    inputs = ("kind", "days", "urgent")
    drawn = table("UNIQUE", list(inputs), ["level", "hours"], rules)
    return file(*map(input_data, inputs), decision("level", drawn, inputs=inputs))


def _microseconds(work: Callable[[], object]) -> float:
    """The best of five runs: what the machine can do when nothing else disturbs it."""
    best = float("inf")
    for _ in range(5):
        start = perf_counter()
        for _ in range(ROUNDS // 5):
            work()
        best = min(best, (perf_counter() - start) / (ROUNDS // 5))
    return round(best * 1e6, 1)


def run() -> dict[str, float]:
    """Microseconds: the last rule matches, no rule matches, loading the table."""
    source = _source()
    model = load(source, "bench.dmn")
    last = {"kind": KINDS[4], "days": Decimal(495), "urgent": False}
    none = {**last, "days": Decimal(9_999)}
    assert model.evaluate("level", last).value == {"level": "级别49", "hours": Decimal(49)}
    return {
        "table of 50 rules, last rule matches, µs": _microseconds(
            lambda: model.evaluate("level", last)
        ),
        "table of 50 rules, no rule matches, µs": _microseconds(
            lambda: model.evaluate("level", none)
        ),
    }


if __name__ == "__main__":
    print(json.dumps(run(), ensure_ascii=False, indent=2))

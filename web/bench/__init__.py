"""What a verb costs, in one run beside bare SpiffWorkflow and beside plain SQL.

`measure` is what `liandong bench` prints. CPU times are medians in milliseconds; what matters is
their ratio, for ours, bare and floor are measured in turns on the same machine.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from web.bench import lateness
from web.bench.comparison import compare
from web.bench.diagrams import line_of, thirty_nodes, three_tasks
from web.bench.form import with_form
from web.bench.ground import Ground
from web.bench.growth import growth

SAMPLES = {"3": three_tasks, "30": thirty_nodes, "form": with_form}
LENGTHS = (10, 50, 200)


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured: lives of every sample, instances with timers."""

    lives: int
    timer_instances: int


QUICK = Effort(lives=30, timer_instances=20)
FULL = Effort(lives=150, timer_instances=100)


def measure(ground: Ground, effort: Effort) -> dict[str, Any]:
    """Every figure, JSON-able.

    `start_3` `complete_3` `start_30` `complete_30` and the same with a form on three tasks:
    see `comparison.Cost`; `growth`: by number of tasks, see `growth.Growth`; `timers`: seconds,
    see `lateness.Lateness`.
    """
    found: dict[str, Any] = {"database": ground.engine.database.dialect}
    for name, sample in SAMPLES.items():
        start, complete = compare(ground, sample(), effort.lives)
        found |= {f"start_{name}": asdict(start), f"complete_{name}": asdict(complete)}
    found["growth"] = {str(number): asdict(growth(ground, line_of(number))) for number in LENGTHS}
    found["timers"] = asdict(lateness.measure(ground, effort.timer_instances))
    return found

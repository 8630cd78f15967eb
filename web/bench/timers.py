"""One process with a timer of every kind in every place, and tasks that stay open beside them."""

from __future__ import annotations

from web.bench.diagrams import border, flows, node, process, timer, users

AT_ONCE = 10
"""Timers that come at the given instant."""
AGAIN = 2
"""Later turns of the cycle, ten minutes apart."""
FIRING = (
    "task_date", "task_span", "task_cycle", "task_ends",
    "part_date", "part_ends", "branch_date", "branch_span", "race_won", "aside",
)  # fmt: skip
"""The events that fire at the instant; what follows each is called `after_<event>`."""


def every_kind(key: str, at: str) -> bytes:
    """`at`: the instant (ISO 8601) at which all but the late ones come."""
    date = timer("timeDate", at)
    span = timer("timeDuration", f'${{date and time("{at}") - now()}}')
    cycle = timer("timeCycle", f"R{AGAIN + 1}/{at}/PT10M")
    late = timer("timeDate", f'${{date and time("{at}") + duration("P1D")}}')
    body = (
        node("startEvent", "start")
        + node("parallelGateway", "split")
        + users(["watched", "limited"])
        + border("task_date", "watched", date)
        + border("task_span", "watched", span)
        + border("task_cycle", "watched", cycle)
        + border("task_ends", "limited", span, interrupting=True)
        + node("subProcess", "part", inside=_part("kept"))
        + border("part_date", "part", date)
        + node("subProcess", "short_part", inside=_part("stopped"))
        + border("part_ends", "short_part", date, interrupting=True)
        + node("intermediateCatchEvent", "branch_date", inside=date)
        + node("intermediateCatchEvent", "branch_span", inside=span)
        + node("eventBasedGateway", "race")
        + node("intermediateCatchEvent", "race_won", inside=span)
        + node("intermediateCatchEvent", "race_lost", inside=late)
        + node("subProcess", "listening", 'triggeredByEvent="true"', _listening(date))
    )
    stays = ["watched", "limited", "part", "short_part"]
    ways = ["start -> split"]
    ways += [f"split -> {branch}" for branch in [*stays, "branch_date", "branch_span", "race"]]
    ways += ["race -> race_won", "race -> race_lost", "race_lost -> after_race_lost"]
    follow = [event for event in FIRING if event != "aside"]
    ways += [f"{event} -> after_{event}" for event in follow]
    ways += [f"{name} -> end_{name}" for name in stays]
    body += "".join(node("endEvent", f"end_{name}") for name in stays)
    body += "".join(node("endEvent", f"after_{event}") for event in [*follow, "race_lost"])
    return process(key, body + flows(*ways))


def _part(name: str) -> str:
    """A sub-process whose task stays open."""
    ways = flows(f"{name}_start -> {name} -> {name}_end")
    ends = node("startEvent", f"{name}_start") + node("endEvent", f"{name}_end")
    return ends + users([name]) + ways


def _listening(definition: str) -> str:
    """A timer that begins a sub-process of its own and stops nothing."""
    begins = node("startEvent", "aside", 'isInterrupting="false"', definition)
    return begins + node("endEvent", "after_aside") + flows("aside -> after_aside")

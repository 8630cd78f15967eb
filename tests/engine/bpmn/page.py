"""`python -m tests.engine.bpmn.page`: docs/bpmn.md, written from the tests.

What is executed: every behaviour that a test of this folder states. What is refused: every rule of
the linter and the test that meets it. Nothing stands on the page that no test holds.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.engine.bpmn.test_lies import NO_DIAGRAM
from tests.engine.bpmn.test_refusals import CASES
from web.messages import catalogue

HERE = Path(__file__).parent
PAGE = HERE.parents[2] / "docs" / "bpmn.md"
ORDER = (
    "test_flows",
    "test_self_starts",
    "test_gateways",
    "test_events",
    "test_events_everywhere",
    "test_event_subprocesses",
    "test_calls",
    "test_repetition",
    "test_compensation",
    "test_time",
    "test_data",
    "test_size",
    "test_foreign",
)
NOT_ERRORS = frozenset(
    {
        "bpmn.task_for_nobody",
        "bpmn.external_topic",
        "bpmn.lane_and_role",
        "bpmn.border_leads_nowhere",
    }
)
"""Told, but deployed all the same."""
HEAD = """# BPMN: what is executed, what is refused

Written by `python -m tests.engine.bpmn.page` from the tests; a test compares. Every behaviour
on the stage is tested in memory, and written down and read back between any two steps.

**{executed} behaviours executed · {refused} drawings refused for {reasons} reasons, each with
file, line, element and remedy.**

## Decided where the standard leaves it open

{decisions}
"""
DECISIONS = """\
- All plain start events of a process begin, as one instance; a sub-process has at most one.
- A branch of an exclusive gateway without condition, which is not the default, is refused;
  behind an inclusive gateway it is always taken (as Camunda 7).
- A condition that is neither true nor false is a fault that names the flow; so is a token that no
  flow takes on. An error that nobody catches is a fault; an escalation that nobody catches passes.
- Among several that catch, the nearest scope wins; within it the exact code before "catch all".
- An event sub-process never catches what it throws itself.
- A conditional event comes when its condition becomes true, also for a moment between two steps.
- A cycle that began in the past does not make up for what it missed. An interrupting cycle
  fires once.
- A multi-instance activity with a compensation handler is undone once for each finished instance.
- A called process is closed: its caller can undo the call, not what was done inside.
- The process calls itself: refused; processes call one another in a circle: a fault at 150 scopes.
- One run takes at most 20,000 automatic steps; one activity at most 1,000 instances at a time.
- A Java class or bean that a service, send or business rule task calls is not run: the task waits
  for an external worker whose topic is its name. A receive task without message waits for one
  called as its id. Both are told at deployment.
- asyncBefore and asyncAfter of loop characteristics are of each turn, those of the activity of the
  whole. What a border leads to is a job of its own where the border says so.
- Once a sub-process is done, its compensation event sub-process undoes it; a handler on its border
  comes before it."""


def sentences(path: Path) -> list[tuple[str, str]]:
    """(what a test states, its name) in the order of the file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    return [(_sentence(name), name) for name in names if name.startswith("test_")]


def _sentence(name: str) -> str:
    words = name.removeprefix("test_").replace("_", " ")
    return words[0].upper() + words[1:]


def title(path: Path) -> str:
    """The first line of the file's docstring."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return (ast.get_docstring(tree) or path.stem).splitlines()[0].rstrip(".")


def refusals() -> list[tuple[str, str]]:
    """(what is refused, code of the complaint) of every case that a test meets."""
    met = [(what, code) for what, (_, code) in (*CASES.items(), *NO_DIAGRAM.items())]
    return sorted(pair for pair in met if pair[1] not in NOT_ERRORS)


def page() -> str:
    """The whole page."""
    parts = []
    count = 0
    for stem in ORDER:
        path = HERE / f"{stem}.py"
        rows = sentences(path)
        count += len(rows)
        lines = "\n".join(f"| {sentence} | `{stem}.py::{name}` |" for sentence, name in rows)
        parts.append(f"## {title(path)}\n\n| Executed | Test |\n|---|---|\n{lines}\n")
    refused = refusals()
    english = catalogue("en")
    lines = "\n".join(
        f"| {what} | `{code}` | {_plain(english.get(code, ''))} |" for what, code in refused
    )
    parts.append(
        "## Refused at deployment\n\nEach is a case of `test_refusals.py` or `test_lies.py`.\n\n"
        f"| Refused | Code | What the author reads |\n|---|---|---|\n{lines}\n"
    )
    head = HEAD.format(
        executed=count,
        refused=len(refused),
        reasons=len({code for _, code in refused}),
        decisions=DECISIONS,
    )
    return head + "\n" + "\n".join(parts)


def _plain(sentence: str) -> str:
    return re.sub(r"\{(\w+)\}", r"‹\1›", sentence.replace("{{", "{").replace("}}", "}")).replace(
        "|", "/"
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(page().split("**")[1].replace("\n", " "))

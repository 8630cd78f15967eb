"""`python -m tests.engine.bpmn.world FOLDER`: docs/bpmn-world.md, what becomes of found diagrams.

Every diagram under FOLDER runs, or stands in the table with the reason why it does not.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from engine.bpmn.lint import Surroundings, lint
from engine.bpmn.reading import read_diagram
from engine.errors import LiandongError

PAGE = Path(__file__).parents[3] / "docs" / "bpmn-world.md"
NO_PROCESS = {
    "bpmn.nothing_executable": "all its processes are marked as not executable",
    "bpmn.empty_process": "nothing is drawn in it",
    "bpmn.not_bpmn": "a fragment for a tool's own tests, no BPMN file",
    "xml.syntax": "not well-formed XML",
    "bpmn.compensation_handler": "drawn for the picture: a compensation without handler",
    "bpmn.flow_without_condition": "drawn for the picture: gateways without conditions",
    "bpmn.loop_without_turns": "drawn for the picture: loops without a number of turns",
}
"""Never meant to run, wherever."""
BROKEN = {
    "bpmn.link_in_flow": "a mistake on purpose: a link behind an event-based gateway",
    "bpmn.never_reached": "an element that no flow leads to",
    "bpmn.dangling_reference": "refers to an error that the file does not define",
}
"""Breaks the standard; other engines refuse it as well, or their tests expect a failure."""
FOREIGN = {
    "bpmn.runs_code": "listeners or mappings in Java, which have no place to wait",
    "bpmn.script_language": "scripts in Groovy or JavaScript",
    "bpmn.language": "conditions in JavaScript",
    "feel.syntax.method": "calls a method of a Java bean",
    "feel.syntax.character": "a condition in JavaScript",
}
"""Would have to be executed inside the engine (D2, D12)."""
NOTATIONS = {
    "feel.syntax.unexpected": "a timer or condition in another notation (cron, XPath)",
    "bpmn.name_is_expression": "computes the name of a message or signal",
    "bpmn.event_without_definition": "an event definition of Flowable's own",
    "bpmn.form_in_diagram": "a form inside the diagram",
    "bpmn.service_without_topic": "a service of Flowable's own, or one that does nothing",
    "bpmn.event_without_name": "an error event without a code",
}
"""What another engine has beside the standard and we have not."""
GROUPS = (
    ("Never meant to run", NO_PROCESS),
    ("Breaks the standard", BROKEN),
    ("Asks for foreign code", FOREIGN),
    ("Uses a notation of another engine", NOTATIONS),
)
HEAD = """# Diagrams of the world

Written by `python -m tests.engine.bpmn.world FOLDER` from {total} diagrams as other projects keep
them. Nothing is in between: a diagram runs as it is drawn, or is refused with file, line, element,
reason and remedy.

| | diagrams |
|---|---|
| run | **{run}** |
| never meant to run (pictures, fragments, not executable) | {pictures} |
| break the standard | {broken} |
| ask for foreign code (Java listeners, Groovy, JavaScript, bean calls) | {foreign} |
| use a notation of another engine | {notations} |

**{run} of the {ours} that were meant to run, keep to the standard and need no foreign code do run:
{share} %; of all {intended} that were meant to run, foreign code included, {whole} %.**

A Java class or bean that a service task calls is no foreign code in this sense: the task waits for
an external worker of that name, and its author is told so. Listeners, scripts and bean calls would
have to be executed inside the engine; they are refused.
"""


def reasons(path: Path) -> list[str]:
    """Codes of what forbids deployment; none: it runs."""
    try:
        found = lint(read_diagram(path.read_bytes(), path.name), Surroundings())
    except LiandongError as refusal:
        return [refusal.code]
    return [complaint.code for complaint in found if complaint.severity == "error"]


def group(codes: list[str]) -> tuple[str, str]:
    """The group of a refused diagram and what to say of it: the first that explains it."""
    for name, known in GROUPS:
        for code in known:
            if code in codes:
                return name, known[code]
    return GROUPS[-1][0], ", ".join(sorted(set(codes)))


def page(folder: Path) -> str:
    """The whole page."""
    files = sorted(folder.rglob("*.bpmn"))
    refused = {path: codes for path in files if (codes := reasons(path))}
    grouped = {path: group(codes) for path, codes in refused.items()}
    counts = Counter(name for name, _ in grouped.values())
    pictures, broken, foreign, notations = (counts[name] for name, _ in GROUPS)
    run = len(files) - len(refused)
    ours, intended = run + notations, run + notations + foreign
    head = HEAD.format(
        total=len(files), run=run, pictures=pictures, broken=broken, foreign=foreign,
        notations=notations, ours=ours, intended=intended, share=round(100 * run / ours),
        whole=round(100 * run / intended),
    )  # fmt: skip
    return head + "".join(_table(name, grouped, folder) for name, _ in GROUPS)


def _table(name: str, grouped: dict[Path, tuple[str, str]], folder: Path) -> str:
    rows = [
        f"| {path.relative_to(folder)} | {why} |"
        for path, (found, why) in grouped.items()
        if found == name
    ]
    return f"\n## {name}\n\n| diagram | why |\n|---|---|\n" + "\n".join(rows) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(Path(sys.argv[1])), encoding="utf-8")
    print(page(Path(sys.argv[1])).split("\n\n")[3])

"""What the bench runs: three tasks, thirty nodes, any number of tasks, drawn with a few words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import escape

from engine.bpmn.dialect import CAMUNDA

ROLE = "court_handler"
HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    f' xmlns:camunda="{CAMUNDA}" targetNamespace="bench">'
)


@dataclass(frozen=True, slots=True)
class Sample:
    """A process to measure. `answers` are what every one of its forms is filled with."""

    key: str
    diagram: bytes
    form: tuple[str, bytes] | None = None
    answers: dict[str, Any] = field(default_factory=dict)
    variables: dict[str, Any] = field(default_factory=dict)
    """What the diagram's own expressions would have set: bare SpiffWorkflow cannot read them."""

    @property
    def files(self) -> dict[str, bytes]:
        """What is deployed."""
        files = {f"{self.key}.bpmn": self.diagram}
        if self.form is not None:
            files[self.form[0]] = self.form[1]
        return files


def tasks(number: int, form: str = "") -> str:
    """A straight line of user tasks; `form` is on the start, too."""
    names = [f"task_{position}" for position in range(1, number + 1)]
    line = flows(" -> ".join(["start", *names, "end"]))
    start = node("startEvent", "start", _form(form))
    return start + users(names, form) + node("endEvent", "end") + line


def three_tasks() -> Sample:
    """Three user tasks in a row, without forms."""
    return Sample("bench_3", process("bench_3", tasks(3)))


def line_of(number: int) -> Sample:
    """A row of user tasks: how does the cost grow?"""
    key = f"bench_line_{number}"
    return Sample(key, process(key, tasks(number)))


def thirty_nodes() -> Sample:
    """Conditions, scripts, parallel branches, a sub-process, two border timers, nine visits."""
    body = (
        node("startEvent", "start")
        + users(["receive", "large", "small", "police", "court", "approve", "file", "check"])
        + users(["close"])
        + script("amount", "4000 + 1000", "amount")
        + script("share", "amount / 4", "share")
        + node("exclusiveGateway", "size", 'default="size-small"')
        + node("exclusiveGateway", "sized")
        + node("parallelGateway", "split")
        + node("parallelGateway", "join")
        + node("subProcess", "measure", inside=_measure())
        + duty("overdue", "measure", "PT2H")
        + script("late", "1", "late_measures")
        + node("endEvent", "told")
        + node("exclusiveGateway", "result", 'default="result-approve"')
        + node("endEvent", "refused")
        + duty("reminder", "approve", "P3D")
        + node("endEvent", "reminded")
        + node("endEvent", "end")
    )
    ways = flows(
        "start -> receive -> amount -> size",
        "size -> large [amount > 1000]",
        "size -> small -> sized",
        "large -> sized -> split -> police -> share -> join",
        "split -> court -> join -> measure -> result -> approve -> file -> check -> close -> end",
        "result -> refused [amount > 9000]",
        "overdue -> late -> told",
        "reminder -> reminded",
    )
    # What its scripts compute, for bare SpiffWorkflow.
    known = {"amount": 5000, "share": 1250}
    return Sample("bench_30", process("bench_30", body + ways), variables=known)


def _measure() -> str:
    ways = flows("begin -> prepare -> count -> report -> done")
    steps = users(["prepare", "report"]) + script("count", "amount + 1", "amount_after")
    return node("startEvent", "begin") + steps + node("endEvent", "done") + ways


# the pen ------------------------------------------------------------------------------


def process(key: str, body: str, around: str = "") -> bytes:
    """A file with one executable process."""
    attributes = f'isExecutable="true" camunda:candidateStarterGroups="{ROLE}"'
    head = f'{HEAD}{around}<process id="{key}" name="{key}" {attributes}>'
    return f"{head}{body}</process></definitions>".encode()


def node(tag: str, name: str, attributes: str = "", inside: str = "") -> str:
    """A flow node."""
    return f'<{tag} id="{name}" name="{name}" {attributes}>{inside}</{tag}>'


def users(names: Iterable[str], form: str = "") -> str:
    """User tasks for the officer who starts the process."""
    role = f'camunda:candidateGroups="{ROLE}"'
    return "".join(node("userTask", name, f"{role} {_form(form)}") for name in names)


def _form(name: str) -> str:
    return f'camunda:formRef="{name}" camunda:formRefBinding="deployment"' if name else ""


def script(name: str, text: str, into: str) -> str:
    """A FEEL script task."""
    attributes = f'scriptFormat="feel" camunda:resultVariable="{into}"'
    return node("scriptTask", name, attributes, f"<script>{escape(text)}</script>")


def timer(kind: str, text: str) -> str:
    """A timer definition: timeDate, timeDuration, timeCycle."""
    return f"<timerEventDefinition><{kind}>{escape(text)}</{kind}></timerEventDefinition>"


def border(name: str, host: str, definition: str, *, interrupting: bool = False) -> str:
    """A boundary event."""
    attributes = f'attachedToRef="{host}" cancelActivity="{str(interrupting).lower()}"'
    return node("boundaryEvent", name, attributes, definition)


def duty(name: str, host: str, duration: str) -> str:
    """A timer on the border that ends nothing."""
    return border(name, host, timer("timeDuration", duration))


def flows(*lines: str) -> str:
    """`a -> b -> c`; a condition in brackets belongs to the last step of its line."""
    return "".join(_line(line) for line in lines)


def _line(line: str) -> str:
    path, _, condition = line.partition(" [")
    steps = list(pairwise(path.split(" -> ")))
    written = [_flow(source, target, "") for source, target in steps[:-1]]
    return "".join([*written, _flow(*steps[-1], condition.rstrip("]"))])


def _flow(source: str, target: str, condition: str) -> str:
    head = f'<sequenceFlow id="{source}-{target}" sourceRef="{source}" targetRef="{target}"'
    if not condition:
        return f"{head}/>"
    return f"{head}><conditionExpression>{escape(condition)}</conditionExpression></sequenceFlow>"

"""The vocabulary of scenarios: which words a step and a check may have, and what each must be."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import PurePosixPath
from typing import Any

from engine.bpmn.model import Diagram
from engine.errors import LiandongError
from engine.feel import prepare
from engine.measured import measured_periods
from engine.requests import STARTING
from engine.timing.norms import Norms
from web.rehearsal import moments
from web.rehearsal.cast import AGENCIES, UNITS


@dataclass(frozen=True)
class Known:
    """What a scenario may name."""

    norms: Norms
    processes: Mapping[str, Collection[str]]
    """Process key → ids of its elements."""
    user_tasks: Collection[str]
    messages: Collection[str]
    topics: Collection[str]
    """Topics of service tasks: built in, or a worker's."""
    fields: Mapping[str, Collection[str]]
    """Form id → names of its fields."""
    people: Collection[str]

    @property
    def elements(self) -> set[str]:
        return {element for elements in self.processes.values() for element in elements}


def vocabulary(
    norms: Norms, diagrams: Iterable[Diagram], fields: Mapping[str, Collection[str]]
) -> Known:
    """What may be named where these diagrams are drawn; people are added for each scenario."""
    drawn = list(diagrams)
    processes = [process for diagram in drawn for process in diagram.processes.values()]
    nodes = [node for process in processes for node in process.nodes.values()]
    return Known(
        norms=norms,
        processes={process.id: frozenset(process.nodes) for process in processes},
        user_tasks=frozenset(node.id for node in nodes if node.kind == "userTask"),
        messages=frozenset({STARTING, *(m for one in drawn for m in one.messages.values())}),
        topics=frozenset(node.camunda["topic"] for node in nodes if "topic" in node.camunda),
        fields=fields,
        people=frozenset(),
    )


class Mismatch(Exception):
    """A value is not what its word demands; `code` names the sentence."""

    def __init__(self, code: str, near: Collection[str] = ()) -> None:
        super().__init__(code)
        self.code, self.near = code, list(near)


Clean = Callable[[Any, Known], Any]
"""From what is written to what is meant; raises `Mismatch`."""


def _one_of(code: str, names: Callable[[Known], Collection[str]]) -> Clean:
    def clean(found: Any, known: Known) -> str:
        choices = names(known)
        if isinstance(found, str) and found in choices:
            return found
        raise Mismatch(code, get_close_matches(str(found), sorted(choices), n=3, cutoff=0.5))

    return clean


def among(code: str, *words: str) -> Clean:
    """One of these words."""
    return _one_of(code, lambda known: words)


def _text(found: Any, known: Known) -> str:
    if isinstance(found, str) and found.strip():
        return found
    raise Mismatch("scenario.not_text")


def _flag(found: Any, known: Known) -> bool:
    if isinstance(found, bool):
        return found
    raise Mismatch("scenario.not_flag")


def _count(found: Any, known: Known) -> int:
    if isinstance(found, int) and not isinstance(found, bool) and found >= 0:
        return found
    raise Mismatch("scenario.not_count")


def _position(found: Any, known: Known) -> int:
    if isinstance(found, int) and not isinstance(found, bool) and found >= 1:
        return found
    raise Mismatch("scenario.not_position")


def _instant(found: Any, known: Known) -> Any:
    meant = moments.instant(found)
    if meant is None:
        raise Mismatch("scenario.not_instant")
    return meant


def _due(found: Any, known: Known) -> Any:
    return None if found == "none" else _instant(found, known)


def _advance(found: Any, known: Known) -> Any:
    meant = moments.advance(found)
    if meant is None:
        raise Mismatch("scenario.not_advance")
    return meant


def duration(found: Any, known: Known) -> Any:
    """A stretch of time, not an instant."""
    meant = moments.advance(found)
    if meant is None or not meant.duration:
        raise Mismatch("story.not_duration")
    return meant


def _agency(found: Any, known: Known) -> str:
    if isinstance(found, str) and found in AGENCIES:
        return found
    raise Mismatch("scenario.not_agency", AGENCIES)


def _field(found: Any, known: Known) -> str:
    """`form.field`, a field of a deployed form."""
    form, _, field = str(found).partition(".")
    if field in known.fields.get(form, ()):
        return str(found)
    every = [f"{form}.{name}" for form, names in known.fields.items() for name in names]
    raise Mismatch("scenario.not_field", get_close_matches(str(found), every, n=3, cutoff=0.5))


def _texts(found: Any, known: Known) -> tuple[str, ...]:
    written = found if isinstance(found, list) else [found]
    return tuple(_text(one, known) for one in written)


def _elements(found: Any, known: Known) -> list[str]:
    if not isinstance(found, list) or not found:
        raise Mismatch("scenario.not_elements")
    return [ELEMENT(item, known) for item in found]


def _proofs(found: Any, known: Known) -> tuple[str, ...]:
    if not isinstance(found, list):
        raise Mismatch("scenario.not_proofs")
    for one in found:
        if not known.norms.has_clause(str(one)):
            every = [*known.norms.obligations, *known.norms.clauses]
            raise Mismatch("scenario.not_clause", get_close_matches(str(one), every, n=3))
    return tuple(found)


def fill(found: Any, known: Known) -> dict[str, Any]:
    """What differs from a form's sample; `sample`: nothing."""
    if found == "sample":
        return {}
    if not isinstance(found, dict):
        raise Mismatch("scenario.not_fill")
    refuse_bad_feel(found)
    return found


def refuse_bad_feel(value: Any) -> None:
    """Raises `Mismatch` for a text after `=` that is no FEEL."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            refuse_bad_feel(item)
    elif isinstance(value, str) and value.startswith("="):
        try:
            prepare(value[1:].strip())
        except LiandongError:
            raise Mismatch("scenario.not_feel", [value]) from None


def _errors(found: Any, known: Known) -> dict[str, str | None]:
    """Field path → code, None where any will do."""
    if isinstance(found, list) and all(isinstance(path, str) for path in found):
        return dict.fromkeys(found)
    if isinstance(found, dict) and all(isinstance(code, str) for code in found.values()):
        return dict(found)
    raise Mismatch("scenario.not_errors")


def _variables(found: Any, known: Known) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise Mismatch("scenario.not_variables")
    refuse_bad_feel(found)
    return found


def _calendar(found: Any, known: Known) -> dict[str, Any]:
    """A year as in workflows/norms/calendar; the import itself judges it."""
    if isinstance(found, dict):
        return found
    raise Mismatch("scenario.not_calendar")


def _anything(found: Any, known: Known) -> Any:
    return found


def _file(found: Any, known: Known) -> str:
    if isinstance(found, str) and PurePosixPath(found).name == found:
        return found
    raise Mismatch("scenario.not_text")


PERSON = _one_of("scenario.not_person", lambda known: known.people)
PROCESS = _one_of("scenario.not_process", lambda known: known.processes)
USER_TASK = _one_of("scenario.not_user_task", lambda known: known.user_tasks)
ELEMENT = _one_of("scenario.not_element", lambda known: known.elements)
MESSAGE = _one_of("scenario.not_message", lambda known: known.messages)
PERIOD = _one_of("scenario.not_period", lambda known: known.norms.periods)
MEASURED = _one_of("scenario.not_measured", lambda known: measured_periods(known.norms))
TOPIC = _one_of("scenario.not_topic", lambda known: known.topics)
ROLE = _one_of("scenario.not_role", lambda known: known.norms.roles)
PROFILE = _one_of("scenario.not_profile", lambda known: known.norms.profiles)
UNIT = _one_of("scenario.not_unit", lambda known: UNITS)
TEXT, INSTANT, PROOFS = _text, _instant, _proofs


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of step or check: what its subject is, which words it must and may have."""

    subject: Clean
    needs: Mapping[str, Clean]
    may: Mapping[str, Clean]


_REFUSABLE: dict[str, Clean] = {"expect_refused": TEXT, "proves": _proofs}


def _act(subject: Clean, needs: Mapping[str, Clean] | None = None, /, **may: Clean) -> Shape:
    return Shape(subject, {"by": PERSON, **(needs or {})}, {**_REFUSABLE, **may})


_WHERE: dict[str, Clean] = {"of": PROCESS, "request": TEXT}
_WHICH: dict[str, Clean] = {**_WHERE, "row": _position}
_FILLED: dict[str, Clean] = {"fill": fill, "expect_errors": _errors}

STEPS = {
    "start": _act(PROCESS, request=TEXT, about=TEXT, **_FILLED),
    "complete": _act(USER_TASK, **_WHICH, **_FILLED),
    "claim": _act(USER_TASK, **_WHICH),
    "unclaim": _act(USER_TASK, **_WHICH),
    "assign": _act(USER_TASK, {"to": PERSON, "reason": TEXT}, **_WHICH),
    "acknowledge": _act(MESSAGE, request=TEXT),
    "cancel": _act(PROCESS, {"reason": TEXT}, request=TEXT),
    "suspend": _act(PROCESS, {"reason": TEXT}, request=TEXT),
    "resume": _act(PROCESS, {"reason": TEXT}, request=TEXT),
    "open": _act(PROCESS, request=TEXT),
    "search": _act(TEXT, hits=_count),
    "calendar": _act(_calendar),
    "extend": _act(
        PERIOD,
        {"reason": TEXT, "clause": TEXT},
        to_period=PERIOD,
        amount=_position,
        until=_instant,
        **_WHERE,
    ),
    "retry": _act(TEXT, {"reason": TEXT}, **_WHERE),
    "resolve": _act(TEXT, {"reason": TEXT}, **_WHERE),
    "sign_in": Shape(PERSON, {"expect_refused": TEXT}, {"times": _position, "proves": _proofs}),
    "work": Shape(TOPIC, {}, {**_WHERE, "variables": _variables, "error": TEXT, "fails": TEXT}),
    "message": Shape(
        MESSAGE, {"from": _agency, "to": _agency}, {"request": TEXT, "variables": _variables}
    ),
    "advance": Shape(_advance, {}, {}),
    "steps": Shape(_file, {}, {}),
}
"""Word that names the step → its shape."""

_STATE = "scenario.not_state"
CHECKS = {
    "task": Shape(USER_TASK, {}, {"open": _flag, "who": PERSON, "due": _due, "count": _count}),
    "deadline": Shape(
        PERIOD,
        {},
        {
            "state": among(_STATE, "running", "overdue", "met", "met_late", "void", "none"),
            "started": _instant,
            "due": _instant,
            "agency": _agency,
            "hint": _flag,
            "provisional": _flag,
            "count": _count,
        },
    ),
    "measured": Shape(
        MEASURED, {}, {"minutes": _count, "at_most": _count, "agency": _agency, "count": _count}
    ),
    "message": Shape(
        MESSAGE,
        {},
        {
            "state": among(
                _STATE, "delivered", "correlated", "待接", "waiting", "ambiguous", "none"
            ),
            "from": _agency,
            "to": _agency,
            "acknowledged": _flag,
            "count": _count,
        },
    ),
    "document": Shape(
        TEXT,
        {},
        {
            "state": among(_STATE, "draft", "final", "sealed", "issued", "received", "none"),
            "agency": _agency,
            "contains": _texts,
            "complete": _flag,
            "count": _count,
        },
    ),
    "filled": Shape(_field, {}, {"value": _anything, "required": _flag}),
    "audit": Shape(TEXT, {}, {"who": PERSON, "about": TEXT, "count": _count}),
    "watch_list": Shape(
        TEXT,
        {},
        {"listed": _flag, "agency": _agency, "measure": TEXT, "until": _due, "count": _count},
    ),
    "notified": Shape(
        PERSON,
        {},
        {"kind": TEXT, "level": _count, "at": _instant, "about": TEXT, "count": _count},
    ),
    "ended": Shape(
        PROCESS,
        {},
        {
            "outcome": TEXT,
            "state": among(_STATE, "completed", "cancelled", "terminated"),
            "count": _count,
        },
    ),
    "running": Shape(PROCESS, {}, {"state": among(_STATE, "active", "suspended"), "count": _count}),
    "variable": Shape(TEXT, {"value": _anything}, {}),
    "passed": Shape(_elements, {}, {}),
    "not_passed": Shape(_elements, {}, {}),
    "incident": Shape(TEXT, {}, {"element": ELEMENT, "count": _count}),
}
"""Word that names the check → its shape; every check may also say `of`, `request`, `proves`."""

ANY_CHECK: dict[str, Clean] = {**_WHERE, "proves": PROOFS}

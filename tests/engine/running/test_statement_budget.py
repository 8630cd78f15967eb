"""A completed form costs at most fifteen statements and one commit, however large the instance."""

import json
from typing import Any

import pytest

from engine.store.database import DatabaseClock
from engine.store.statements import Statements, count_statements
from engine.user_tasks import complete_user_task
from tests.engine.drawing import border, element, flows, process, properties, script, timer, user
from tests.engine.house import House
from tests.engine.running.test_two_agencies import catches, collaboration, throws

BUDGET = 15
FORM_ALONE = 8
"""A form with personal data, a search term and a variable, at any size of the instance."""
FORM = "found"
ANSWERS = {"name": "王某某", "doc_no": "411321180001010005", "amount": "12.50", "measure": "拘留"}


def field(kind: str, key: str, label: str, **marks: str) -> dict[str, Any]:
    return {"type": kind, "id": key, "key": key, "label": label, "properties": marks}


def form() -> bytes:
    """Personal data, a search term, a variable."""
    fields = [
        field("textfield", "name", "姓名", validator="V-NAME"),
        field("textfield", "doc_no", "证件号码", index="document_no"),
        field("number", "amount", "金额") | {"decimalDigits": 2},
        field("textfield", "measure", "措施", routing="true"),
    ]
    schema = {"schemaVersion": 19, "type": "default", "id": FORM, "components": fields}
    return json.dumps(schema).encode()


def with_form(name: str) -> str:
    return user(name, camunda_formRef=FORM, camunda_formRefBinding="deployment")


def counted(house: House, key: str | None = "page") -> Statements:
    """Complete the one open task of the handler with its form and a page's key."""
    (task,) = [t for t in house.tasks() if t.role == "court_handler"]
    values = ANSWERS if task.form_key else {}
    with count_statements(house.engine.database) as seen:
        complete_user_task(house.engine, "handler", task.id, values, idempotency_key=key)
    return seen


def settled(house: House, source: bytes) -> None:
    """Deployed, started, and once through, so that what is made once is made."""
    house.deploy("p", {"p.bpmn": source, f"{FORM}.form": form()})
    house.start("p")
    counted(house, None)
    house.tick()


def in_a_row(number: int) -> bytes:
    names = [f"task_{n}" for n in range(number)]
    return process(
        "p", element("startEvent", "start"), *(with_form(name) for name in names),
        element("endEvent", "end"), flows(" -> ".join(["start", *names, "end"])),
    )  # fmt: skip


def due(name: str, host: str) -> str:
    """A statutory border timer with its end."""
    drawn = timer("timeDate", '${due("T-PER-2H", notified_at)}')
    listed = properties(legal_period="T-PER-2H")
    return border(name, host, drawn, interrupting=False, extra=listed) + element(
        "endEvent", f"after_{name}"
    )


def with_deadlines() -> bytes:
    """Three forms, each with a period of its own."""
    return process(
        "p", element("startEvent", "start"), script("notified", "now()", "notified_at"),
        *(with_form(name) + due(f"due_{name}", name) for name in ("one", "two", "three")),
        element("endEvent", "end"),
        flows("start -> notified -> one -> two -> three -> end",
              *(f"due_{name} -> after_due_{name}" for name in ("one", "two", "three"))),
    )  # fmt: skip


def tells(id: str) -> str:
    """A message to the other agency with case-file fields."""
    return throws(id, "unknown", "notified_at", message_fields="found")


def collaborating(court: str) -> bytes:
    police = catches("startEvent", "ps", "request") + element("endEvent", "pe") + flows("ps -> pe")
    return collaboration(court, police)


def with_messages() -> bytes:
    """Forms that tell the other agency and go on to the next."""
    return collaborating(
        element("startEvent", "cs") + script("notified", "now()", "notified_at")
        + "".join(with_form(name) for name in ("one", "two", "three")) + tells("t1") + tells("t2")
        + element("endEvent", "ce")
        + flows("cs -> notified -> one -> t1 -> two -> t2 -> three -> ce")
    )  # fmt: skip


def with_everything() -> bytes:
    """Forms with a period that tell the other agency; the second waits for the answer."""
    return collaborating(
        element("startEvent", "cs") + script("notified", "now()", "notified_at")
        + with_form("a") + due("due_a", "a") + tells("t1")
        + with_form("b") + due("due_b", "b") + tells("t2")
        + catches("intermediateCatchEvent", "answered", "answer") + element("endEvent", "ce")
        + flows("cs -> notified -> a -> t1 -> b -> t2 -> answered -> ce",
                "due_a -> after_due_a", "due_b -> after_due_b")
    )  # fmt: skip


@pytest.mark.parametrize("size", [3, 30, 200])
def test_the_cost_does_not_grow_with_the_instance(house: House, size: int) -> None:
    settled(house, in_a_row(size))
    for _ in range(size - 3):
        counted(house, None)
    seen = counted(house, None)
    assert (seen.count, seen.commits, seen.rollbacks) == (FORM_ALONE, 1, 0)


@pytest.mark.parametrize("source", [with_deadlines(), with_messages()], ids=["period", "message"])
def test_a_page_with_a_form_stays_within_the_budget(house: House, source: bytes) -> None:
    """Given a period that is met while the next begins, or a message, then fifteen are enough."""
    settled(house, source)
    seen = counted(house)
    assert seen.count <= BUDGET, seen.texts
    assert (seen.begins, seen.commits) == (1, 1)


def test_everything_at_once_writes_each_table_once(house: House) -> None:
    """Given a page's key, a first search term, a period met and another begun, a message, and
    waiting for its answer, each of which is a table of its own, fifteen are enough.
    """
    settled(house, with_everything())
    seen = counted(house)
    assert seen.count <= BUDGET, seen.texts
    assert (seen.begins, seen.commits) == (1, 1)
    written = [text.split()[2] for text in seen.texts if text.startswith("INSERT")]
    assert sorted(written) == sorted(set(written))


def test_the_clock_that_all_processes_share_costs_nothing(house: House) -> None:
    """On PostgreSQL it is the database's: read with the task and who completes it."""
    settled(house, in_a_row(3))
    if house.engine.database.dialect == "postgresql":
        house.engine.clock = DatabaseClock(house.engine.database)
    seen = counted(house, None)
    assert seen.count == FORM_ALONE, seen.texts

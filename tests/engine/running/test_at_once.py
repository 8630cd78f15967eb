"""A double click, a stale page, two officers on one task, a lost connection: one effect."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event, func, select

from engine.errors import Conflict
from engine.instances import start_process
from engine.store import database as store
from engine.store.database import Database
from engine.store.models import Activity, AuditRow, Base, IdempotencyKey, Person, Post
from engine.store.models import ProcessInstance as Instance
from engine.user_tasks import (
    Completed,
    claim_user_task,
    complete_user_task,
    unclaim_user_task,
)
from tests.engine.drawing import border, element, flows, process, timer, user
from tests.engine.house import COURT, MORNING, House
from tests.engine.running.crowd import at_once, refusals

CROWD = 20
TWO_STEPS = process(
    "p", element("startEvent", "start"), user("first"), user("second"), element("endEvent", "end"),
    flows("start -> first -> second -> end"),
)  # fmt: skip


def officer(house: House, name: str, role: str = "court_handler") -> str:
    """One more with that role in the same unit."""
    with house.engine.database.write() as session:
        session.add(Person(id=name, login=name, name=b"", agency_id=COURT, password_hash=""))
        session.flush()
        session.add(Post(person_id=name, unit_id="court-unit", role=role, since=MORNING))
    return name


def first_task(house: House, source: bytes = TWO_STEPS) -> str:
    house.run(source)
    return next(task.id for task in house.tasks() if task.element_id == "first")


def count(house: House, model: Any, *conditions: Any) -> int:
    return house.rows(select(func.count()).select_from(model).where(*conditions))[0]


def completions(house: House) -> int:
    """How often the first task was completed, by every trace that it leaves."""
    history = count(house, Activity, Activity.element_id == "first", Activity.state == "completed")
    audited = count(house, AuditRow, AuditRow.action == "task.completed")
    following = count(house, Activity, Activity.element_id == "second")
    assert history == audited == following
    return history


def complete(house: House, task: str, key: str | None = None, by: str = "handler") -> Completed:
    done: Completed = complete_user_task(house.engine, by, task, {}, idempotency_key=key)
    return done


# a double click ------------------------------------------------------------------------


def test_twenty_submits_of_one_page_have_one_effect_and_one_answer(house: House) -> None:
    """Given one page and one key, when it is sent twenty times at once, then all hear the same."""
    task = first_task(house)
    answers = at_once(CROWD, lambda _: complete(house, task, "one-page"))
    assert refusals(answers) == {}
    assert len(set(answers)) == 1
    assert (completions(house), count(house, IdempotencyKey)) == (1, 1)


def test_twenty_submits_without_a_key_have_one_effect_and_nineteen_refusals(house: House) -> None:
    task = first_task(house)
    answers = at_once(CROWD, lambda _: complete(house, task))
    assert refusals(answers) == {"task.completed": CROWD - 1}
    assert completions(house) == 1


def test_a_repeated_start_gives_the_instance_that_was_started(house: House) -> None:
    house.deploy("p", TWO_STEPS)
    start = partial(start_process, house.engine, "handler", "p", idempotency_key="begin")
    answers = at_once(CROWD, lambda _: start())
    assert len({answer.instance_id for answer in answers}) == 1
    assert count(house, Instance) == 1


def test_the_key_of_one_officer_is_nothing_to_another(house: House) -> None:
    task, other = first_task(house), officer(house, "other")
    complete(house, task, "same")
    second = house.tasks()[0].id
    with pytest.raises(Conflict, match=r"task\.claimed_by_other"):
        complete(house, second, "same", by=other)


def test_another_form_under_a_used_key_is_refused(house: House) -> None:
    task = first_task(house)
    complete(house, task, "used")
    with pytest.raises(Conflict, match=r"idempotency\.other_body"):
        complete(house, house.tasks()[0].id, "used")
    assert house.open() == ["second"]


def test_a_refused_submit_leaves_its_key_free(house: House) -> None:
    """Given a submit that was too early, when the way is clear, then the same page goes through."""
    task, other = first_task(house), officer(house, "other")
    unclaim_user_task(house.engine, "handler", task)
    claim_user_task(house.engine, other, task)
    with pytest.raises(Conflict, match=r"task\.claimed_by_other"):
        complete(house, task, "again")
    unclaim_user_task(house.engine, other, task)
    assert complete(house, task, "again").ended is False
    assert completions(house) == 1


# a stale page --------------------------------------------------------------------------


def test_a_completed_task_cannot_be_completed_again(house: House) -> None:
    task = first_task(house)
    complete(house, task, "mine")
    with pytest.raises(Conflict, match=r"task\.completed") as refused:
        complete(house, task, "later")
    assert refused.value.params["by"] == "handler"
    assert completions(house) == 1


def test_a_page_whose_task_was_cancelled_meanwhile_says_so(house: House) -> None:
    source = process(
        "p", element("startEvent", "start"), user("first"), element("endEvent", "end"),
        border("limit", "first", timer("timeDuration", "PT1H")), element("endEvent", "late"),
        flows("start -> first -> end", "limit -> late"),
    )  # fmt: skip
    task = first_task(house, source)
    house.advance(hours=2)
    with pytest.raises(Conflict, match=r"task\.cancelled"):
        complete(house, task)


# two officers --------------------------------------------------------------------------


def test_one_of_many_gets_the_task(house: House) -> None:
    """Given a task in the queue, when ten reach for it at once, then one has it."""
    task = first_task(house)
    unclaim_user_task(house.engine, "handler", task)
    names = [officer(house, f"officer{number}") for number in range(10)]
    answers = at_once(10, lambda n: claim_user_task(house.engine, names[n], task))
    assert refusals(answers) == {"task.claimed_by_other": 9}
    assert count(house, AuditRow, AuditRow.action == "task.claimed") == 1
    (row,) = house.tasks()
    assert row.assignee == names[answers.index(None)]


def test_two_officers_completing_one_task_do_it_once(house: House) -> None:
    task, other = first_task(house), officer(house, "other")
    unclaim_user_task(house.engine, "handler", task)
    people = ["handler", other]
    answers = at_once(CROWD, lambda n: complete(house, task, f"{n}", by=people[n % 2]))
    assert refusals(answers) == {"task.completed": CROWD - 1}
    assert completions(house) == 1


def test_tasks_of_parallel_branches_are_completed_side_by_side(house: House) -> None:
    """Given ten branches, when ten complete theirs at once, then the join has seen every one."""
    names = [f"branch_{number}" for number in range(10)]
    source = process(
        "p", element("startEvent", "start"), element("parallelGateway", "split"),
        *(user(name) for name in names), element("parallelGateway", "join"),
        element("endEvent", "end"),
        flows("start -> split", "join -> end", *(f"split -> {name} -> join" for name in names)),
    )  # fmt: skip
    instance = house.run(source)
    tasks = [task.id for task in house.tasks()]
    answers = at_once(10, lambda n: complete(house, tasks[n]))
    assert refusals(answers) == {}
    assert [answer.ended for answer in answers].count(True) == 1
    assert house.instance(instance).state == "completed"


def test_an_officer_and_a_timer_that_ends_his_task_never_both_win(house: House) -> None:
    """Given the very instant of the limit, when both come at once, then one way is taken."""
    source = process(
        "p", element("startEvent", "start"), user("first"), element("endEvent", "end"),
        border("limit", "first", timer("timeDuration", "PT1H")), element("endEvent", "late"),
        flows("start -> first -> end", "limit -> late"),
    )  # fmt: skip
    task = first_task(house, source)
    house.clock.advance(timedelta(hours=1))
    at_once(6, lambda n: complete(house, task) if n % 2 else house.tick())
    house.tick()
    ends = ("end", "late")
    assert count(house, Activity, Activity.element_id.in_(ends)) == 1


# a lost connection ---------------------------------------------------------------------


@pytest.fixture
def postgres_house(postgres_url: str) -> Iterator[House]:
    """Only there a server can cut a connection."""
    database = Database(postgres_url)
    Base.metadata.create_all(database.writer)
    yield House(database)
    Base.metadata.drop_all(database.writer)
    database.close()


@pytest.fixture
def answer_lost(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The next commit succeeds, but its answer never arrives."""
    lost = ["once"]
    commit = store._commit

    def broken(session: Any) -> None:
        commit(session)
        if lost:
            lost.pop()
            raise store.Unavailable("database.outcome_unknown")

    monkeypatch.setattr(store, "_commit", broken)
    yield lost


def test_a_commit_whose_answer_was_lost_is_not_done_again(
    house: House, answer_lost: list[str]
) -> None:
    """Given the database went away after the commit, when the verb asks again, then it is told."""
    answer_lost.clear()
    task = first_task(house)
    answer_lost.append("once")
    done = complete(house, task, "unsure")
    assert done.next_task_id == house.tasks()[0].id
    assert completions(house) == 1


def test_a_connection_cut_in_the_middle_leaves_one_effect(postgres_house: House) -> None:
    """Given the server cuts the connection before the commit, then the verb runs again."""
    house = postgres_house
    task = first_task(house)
    cut = ["once"]

    def terminate(connection: Any) -> None:
        if cut:
            cut.pop()
            connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")

    event.listen(house.engine.database.writer, "commit", terminate)
    complete(house, task, "cut")
    assert completions(house) == 1

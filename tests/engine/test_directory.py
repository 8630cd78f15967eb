"""The directory: who belongs where, and that no task hangs on somebody who has gone."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import directory
from engine.actors import Actor, load_actor
from engine.audit_verification import verify_audit
from engine.errors import Forbidden, NotFound, Refusal
from engine.store.models import AuditRow, Notification, Person, UserTask
from engine.store.statements import count_statements
from tests.engine.installation import Installation
from tests.engine.rows import a_task, an_instance, definition, deployment

PASSWORD = "long enough word"


@pytest.fixture
def court(installation: Installation) -> Installation:
    """A court with two divisions and nobody in it, and a bureau with a station."""
    for agency, kind, units in (
        ("court-1", "court", ("division-1", "division-2")),
        ("police-1", "police", ("station-1",)),
    ):
        directory.add_agency(installation, "system", agency, kind, "南召县", "nanzhao")
        for unit in units:
            directory.add_unit(installation, "system", agency, unit, "执行局")
    return installation


def person(court: Installation, login: str, *roles: str, unit: str = "division-1") -> str:
    id = directory.add_person(court, "system", "court-1", login, "张三", PASSWORD)
    for role in roles:
        directory.give_post(court, "system", id, unit, role)
    return id


def actor_of(court: Installation, id: str) -> Actor:
    with court.database.read() as session:
        return load_actor(session, id, court.clock.now())


def a_task_of(court: Installation, assignee: str, **given: object) -> None:
    with court.database.write() as session:
        session.add(deployment())
        session.flush()
        session.add(definition())
        session.flush()
        session.add(an_instance())
        session.flush()
        session.add(a_task(assignee=assignee, unit_id="division-1", **given))


def the_task(court: Installation) -> UserTask:
    with court.database.read() as session:
        return session.get_one(UserTask, "t1")


def told(court: Installation) -> list[tuple[str | None, str | None, str]]:
    with court.database.read() as session:
        found = session.scalars(select(Notification))
        return [(one.role, one.unit_id, one.params["reason"]) for one in found]


def test_an_actor_comes_with_his_posts_in_one_statement(court: Installation) -> None:
    id = person(court, "zhang", "court_handler", "court_bailiff")
    with count_statements(court.database) as seen:
        found = actor_of(court, id)
    assert seen.count == 1
    assert (found.agency_id, found.agency_kind, found.unit_id) == ("court-1", "court", "division-1")
    assert found.roles == {"court_handler", "court_bailiff"}


def test_a_post_counts_from_its_beginning_to_its_end(court: Installation) -> None:
    id = person(court, "zhang")
    post = directory.give_post(court, "system", id, "division-1", "court_handler")
    given_at, ended_at = court.clock.now(), court.clock.advance(timedelta(days=1))
    directory.end_post(court, "system", post)
    moments = (given_at - timedelta(seconds=1), given_at, ended_at - timedelta(seconds=1), ended_at)
    with court.database.read() as session:
        held = [bool(load_actor(session, id, moment).posts) for moment in moments]
    assert held == [False, True, True, False]
    with pytest.raises(NotFound):
        directory.end_post(court, "system", post)


def test_a_post_given_twice_is_one_and_can_be_given_again_after_its_end(
    court: Installation,
) -> None:
    id = person(court, "zhang")
    first = directory.give_post(court, "system", id, "division-1", "court_handler")
    assert directory.give_post(court, "system", id, "division-1", "court_handler") == first
    directory.end_post(court, "system", first)
    assert directory.give_post(court, "system", id, "division-1", "court_handler") != first


def test_names_are_sealed_in_the_database_and_opened_in_one_statement(court: Installation) -> None:
    ids = [person(court, login) for login in ("zhang", "li")]
    with court.database.read() as session:
        stored = session.scalars(select(Person.name)).all()
        assert not any("张三".encode() in sealed for sealed in stored)
        with count_statements(court.database) as seen:
            names = directory.names(session, court.crypto, [*ids, "system", None])
    assert names == dict.fromkeys(ids, "张三")
    assert seen.count == 1


@pytest.mark.parametrize(
    ("held", "role"),
    [
        ("sys_admin", "sec_admin"),
        ("audit_admin", "sys_admin"),
        ("sys_admin", "court_handler"),
        ("court_handler", "audit_admin"),
    ],
)
def test_an_administrators_role_stands_alone(court: Installation, held: str, role: str) -> None:
    id = person(court, "zhang", held)
    with pytest.raises(Refusal, match=r"post\.separated"):
        directory.give_post(court, "system", id, "division-1", role)


def test_a_person_belongs_to_one_unit_of_one_agency(court: Installation) -> None:
    id = person(court, "zhang", "court_handler")
    with pytest.raises(Refusal, match=r"post\.other_unit"):
        directory.give_post(court, "system", id, "division-2", "court_handler")
    with pytest.raises(Refusal, match=r"post\.other_agency"):
        directory.give_post(court, "system", id, "station-1", "police_station")


def test_each_administrator_does_his_own_part_in_his_own_agency(court: Installation) -> None:
    keeper, giver = person(court, "keeper", "sys_admin"), person(court, "giver", "sec_admin")
    new = directory.add_person(court, keeper, "court-1", "new", "李四", PASSWORD)
    directory.give_post(court, giver, new, "division-1", "court_handler")
    with pytest.raises(Forbidden):
        directory.give_post(court, keeper, new, "division-1", "court_bailiff")
    with pytest.raises(Forbidden):
        directory.add_person(court, giver, "court-1", "other", "李四", PASSWORD)
    with pytest.raises(Forbidden):
        directory.add_person(court, keeper, "police-1", "other", "李四", PASSWORD)
    with pytest.raises(Forbidden):
        directory.leave(court, new, keeper)


def test_a_login_is_taken_once_however_it_is_spelt(court: Installation) -> None:
    person(court, "zhang")
    with pytest.raises(Refusal, match=r"person\.login_taken"):
        person(court, " ZHANG ")


@pytest.mark.parametrize("password", ["short", "x" * 257, "Zhang-and-more"])
def test_a_weak_password_is_refused(court: Installation, password: str) -> None:
    with pytest.raises(Refusal, match=r"password\."):
        directory.add_person(court, "system", "court-1", "zhang", "张三", password)


@pytest.mark.parametrize("name", ["", "  ", "x" * 121, "张\n三", "张\0三"])
def test_a_name_that_is_none_is_refused(court: Installation, name: str) -> None:
    with pytest.raises(Refusal, match=r"directory\.text"):
        directory.add_person(court, "system", "court-1", "zhang", name, PASSWORD)


def test_who_moves_gives_back_what_is_not_addressed_to_him_any_more(court: Installation) -> None:
    id = person(court, "zhang", "court_handler")
    a_task_of(court, id)
    directory.move_person(court, "system", id, "division-2", ["court_handler"])
    assert actor_of(court, id).unit_id == "division-2"
    assert the_task(court).assignee is None
    assert told(court) == [("court_handler", "division-1", "released")]
    assert verify_audit(court) == []


def test_who_moves_keeps_a_task_that_his_new_post_reaches(court: Installation) -> None:
    id = person(court, "zhang", "court_handler")
    a_task_of(court, id)
    with court.database.write() as session:
        session.get_one(UserTask, "t1").unit_id = None
    directory.move_person(court, "system", id, "division-2", ["court_handler"])
    assert the_task(court).assignee == id
    assert told(court) == []


def test_who_leaves_gives_everything_back_and_can_do_nothing_more(court: Installation) -> None:
    id = person(court, "zhang", "court_handler")
    a_task_of(court, id)
    directory.leave(court, "system", id)
    assert the_task(court).assignee is None
    with pytest.raises(Forbidden, match=r"actor\.inactive"):
        actor_of(court, id)


def test_the_end_of_a_post_gives_back_only_its_own_tasks(court: Installation) -> None:
    id = person(court, "zhang", "court_handler")
    bailiff = directory.give_post(court, "system", id, "division-1", "court_bailiff")
    a_task_of(court, id)
    directory.end_post(court, "system", bailiff)
    assert the_task(court).assignee == id


def test_a_closed_unit_leaves_its_tasks_to_the_agency(court: Installation) -> None:
    id = person(court, "zhang", "court_handler")
    a_task_of(court, id)
    directory.close_unit(court, "system", "division-1")
    task = the_task(court)
    assert (task.unit_id, task.assignee) == (None, None)
    assert (("court_handler", None, "unit_closed")) in told(court)
    assert actor_of(court, id).posts == ()
    with pytest.raises(NotFound):
        directory.give_post(court, "system", id, "division-1", "court_handler")


def test_every_change_is_on_the_record_without_names(court: Installation) -> None:
    id = person(court, "zhang", "court_handler")
    directory.leave(court, "system", id)
    with court.database.read() as session:
        rows = session.scalars(select(AuditRow).order_by(AuditRow.chain, AuditRow.position)).all()
    assert [row.action for row in rows][-4:] == [
        "person.added", "post.given", "post.ended", "person.left",
    ]  # fmt: skip
    assert not any("张三" in str(row.detail) for row in rows)


def test_what_does_not_exist_is_named(court: Installation) -> None:
    with pytest.raises(NotFound, match="nowhere"):
        directory.add_unit(court, "system", "nowhere", "u", "x")
    with pytest.raises(Refusal, match=r"agency\.exists"):
        directory.add_agency(court, "system", "court-1", "court", "x", "nanzhao")
    with pytest.raises(Refusal, match=r"unit\.exists"):
        directory.add_unit(court, "system", "court-1", "division-1", "x")
    with pytest.raises(NotFound, match=r"person\.unknown"):
        directory.leave(court, "system", "nobody")

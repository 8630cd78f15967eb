"""Default no: agency, unit, role and task decide, for a row as for a list."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from engine import permissions
from engine.actors import SYSTEM, Actor
from engine.store.database import Database
from engine.store.models import Base, Notification, ProcessInstance, UserTask
from tests.engine.installation import MORNING, actor
from tests.engine.rows import a_task, an_instance, definition, deployment

handler = actor(("court-1", "division-1", "court_handler"))
colleague = actor(("court-1", "division-1", "court_handler"), id="colleague")
elsewhere = actor(("court-1", "division-2", "court_handler"), id="elsewhere")
head = actor(("court-1", "division-1", "court_division_head"), id="head")
station = actor(("police-1", "station-1", "police_station"), id="station", kind="police")
police_leader = actor(("police-1", "office", "police_leader"), id="leader", kind="police")
nobody = actor(id="nobody")

in_unit = a_task(unit_id="division-1")
anywhere = a_task(unit_id=None)
mine = a_task(unit_id="division-1", assignee="officer")


def may(question, *people: Actor) -> list[str]:
    everybody = (handler, colleague, elsewhere, head, station, police_leader, nobody, SYSTEM)
    return [one.id for one in everybody if question(one)]


def test_a_task_is_seen_by_its_role_in_its_unit() -> None:
    assert may(lambda one: permissions.may_see_task(one, in_unit)) == ["officer", "colleague"]


def test_a_task_without_unit_is_seen_by_its_role_in_the_whole_agency() -> None:
    seen = may(lambda one: permissions.may_see_task(one, anywhere))
    assert seen == ["officer", "colleague", "elsewhere"]


def test_a_task_assigned_to_somebody_is_his_whatever_his_posts() -> None:
    moved = actor(("court-1", "division-2", "court_bailiff"))
    assert permissions.may_see_task(moved, mine)
    assert permissions.may_complete(moved, mine)


def test_only_a_free_task_can_be_claimed() -> None:
    assert may(lambda one: permissions.may_claim(one, in_unit)) == ["officer", "colleague"]
    assert may(lambda one: permissions.may_claim(one, mine)) == []
    assert may(lambda one: permissions.may_claim(one, a_task(state="completed"))) == []


def test_a_task_that_is_taken_is_completed_by_its_owner_alone() -> None:
    assert may(lambda one: permissions.may_complete(one, mine)) == ["officer"]
    assert may(lambda one: permissions.may_complete(one, in_unit)) == ["officer", "colleague"]


def test_a_task_is_given_back_by_its_owner_or_a_supervisor() -> None:
    assert may(lambda one: permissions.may_unclaim(one, mine)) == ["officer", "head"]


def test_a_supervisor_assigns_only_to_somebody_the_task_is_addressed_to() -> None:
    assert permissions.may_assign(head, in_unit, colleague)
    assert not permissions.may_assign(head, in_unit, elsewhere)
    assert not permissions.may_assign(handler, in_unit, colleague)
    assert not permissions.may_assign(police_leader, in_unit, colleague)


def test_a_closed_task_is_remembered_by_whoever_completed_it() -> None:
    closed = a_task(state="completed", completed_by="officer")
    assert may(lambda one: permissions.may_see_task(one, closed)) == ["officer"]


def test_an_instance_is_seen_by_its_starter_its_supervisors_and_those_with_a_task() -> None:
    instance = an_instance(started_by="elsewhere")
    seen = may(lambda one: permissions.may_see_instance(one, instance, [in_unit]))
    assert seen == ["officer", "colleague", "elsewhere", "head"]


def test_no_instance_is_seen_from_another_agency_not_even_by_who_started_it() -> None:
    instance = an_instance(agency_id="police-1", started_by="officer")
    seen = may(lambda one: permissions.may_see_instance(one, instance, [mine]))
    assert seen == ["leader"]


def test_a_procedure_is_started_by_its_roles_in_an_agency_of_its_kind() -> None:
    of_court = definition(startable_by=["court_handler", "police_station"])
    assert may(lambda one: permissions.may_start(one, of_court)) == [
        "officer", "colleague", "elsewhere",
    ]  # fmt: skip
    assert may(lambda one: permissions.may_start(one, definition())) == []
    stopped = definition(startable_by=["court_handler"], suspended=True)
    assert not permissions.may_start(handler, stopped)


@pytest.mark.parametrize(
    ("question", "allowed"),
    [
        (permissions.may_deploy, {"sys_admin", "analyst"}),
        (permissions.may_draw, {"analyst"}),
        (permissions.may_add_agency, {"sys_admin"}),
        (permissions.may_read_audit, {"audit_admin"}),
        (lambda one: permissions.may_keep_accounts(one, "court-1"), {"sys_admin"}),
        (lambda one: permissions.may_give_posts(one, "court-1"), {"sec_admin"}),
        (lambda one: permissions.may_keep_accounts(one, "police-1"), set()),
        (lambda one: permissions.may_give_posts(one, "police-1"), set()),
    ],
)
def test_each_of_the_three_powers_has_its_own(question, allowed: set[str]) -> None:
    roles = {*permissions.SEPARATED_POWERS, *permissions.SUPERVISORS, "court_handler", "analyst"}
    assert {role for role in roles if question(actor(("court-1", "u", role)))} == allowed
    assert question(SYSTEM)


def test_administrators_see_no_data() -> None:
    for role in permissions.SEPARATED_POWERS:
        administrator = actor(("court-1", "division-1", role), id="administrator")
        assert not permissions.may_see_task(administrator, in_unit)
        assert not permissions.may_see_instance(administrator, an_instance(), [in_unit])


AGENCIES = st.sampled_from(["court-1", "police-1"])
UNITS = st.sampled_from(["u1", "u2"])
ROLES = st.sampled_from(["court_handler", "court_division_head", "police_leader", "sys_admin"])
PEOPLE = st.sampled_from(["officer", "colleague", None])
ACTORS = st.lists(st.tuples(AGENCIES, UNITS, ROLES), max_size=3).map(lambda posts: actor(*posts))
TASKS = st.fixed_dictionaries(
    {
        "agency_id": AGENCIES,
        "role": ROLES,
        "unit_id": UNITS | st.none(),
        "assignee": PEOPLE,
        "completed_by": PEOPLE,
        "state": st.sampled_from(["open", "completed", "cancelled"]),
    }
)
INSTANCES = st.fixed_dictionaries({"agency_id": AGENCIES, "started_by": PEOPLE.map(str)})


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path_factory.mktemp('lists') / 'liandong.db'}")
    Base.metadata.create_all(opened.writer)
    with opened.write() as session:
        session.add(deployment())
        session.flush()
        session.add(definition())
    yield opened
    opened.close()


@settings(max_examples=60)
@given(ACTORS, INSTANCES, st.lists(TASKS, max_size=3))
def test_lists_show_exactly_what_the_functions_allow(
    lists: Database, someone: Actor, of_instance: dict, of_tasks: list[dict]
) -> None:
    instance = an_instance(**of_instance)
    tasks = [a_task(id=str(number), **values) for number, values in enumerate(of_tasks)]
    with lists.write() as session:
        session.execute(delete(UserTask))
        session.execute(delete(ProcessInstance))
        session.add(instance)
        session.flush()
        session.add_all(tasks)
        session.flush()

        def shown(predicate) -> set[str]:
            return set(session.scalars(select(UserTask.id).where(predicate)))

        assert shown(permissions.sees_task(someone)) == {
            task.id for task in tasks if permissions.may_see_task(someone, task)
        }
        assert shown(permissions.candidate_of(someone)) == {
            task.id for task in tasks if permissions.is_candidate(someone, task)
        }
        found = session.scalars(select(ProcessInstance).where(permissions.sees_instance(someone)))
        assert bool(found.all()) == permissions.may_see_instance(someone, instance, tasks)


def test_a_notice_reaches_the_person_or_the_holders_of_the_role(lists: Database) -> None:
    common = {"kind": "task", "at": MORNING, "agency_id": "court-1"}
    notices = [
        Notification(id="person", person_id="officer", **common),
        Notification(id="unit", role="court_handler", unit_id="division-1", **common),
        Notification(id="agency", role="court_handler", **common),
        # To a person by name: a colleague with the same role does not read it.
        Notification(id="both", person_id="colleague", role="court_handler", **common),
    ]
    with lists.write() as session:
        session.add_all(notices)
        session.flush()

        def read_by(one: Actor) -> set[str]:
            return set(session.scalars(select(Notification.id).where(permissions.notified(one))))

        assert read_by(handler) == {"person", "unit", "agency"}
        assert read_by(elsewhere) == {"agency"}
        assert read_by(station) == read_by(nobody) == set()

"""A verb: one transaction, run again after a lost race, done once per key."""

import threading
from dataclasses import dataclass

import pytest
from sqlalchemy import func, select, text

from engine.errors import Conflict, Forbidden, Refusal, Unavailable
from engine.store.database import Database
from engine.store.failures import LostConnection, LostRace
from engine.store.models import AuditRow, Base, Counter, IdempotencyKey
from engine.store.statements import count_statements
from engine.store.unit_of_work import Unit
from engine.verbs import forget_old_requests, verb
from tests.engine.installation import MORNING, Installation


@dataclass(frozen=True)
class Counted:
    value: int
    note: str | None


@verb
def count(unit: Unit, key: str, *, by: int = 1) -> Counted:
    counter = unit.session.get(Counter, key, with_for_update=True)
    if counter is None:
        counter = Counter(key=key, value=0)
        unit.session.add(counter)
    counter.value += by
    unit.audit("counter.counted", "counter", key, detail={"by": by})
    return Counted(counter.value, None)


@verb
def count_twice(unit: Unit, key: str) -> Counted:
    count.within(unit, key)
    return count.within(unit, key)


@verb
def refuse(unit: Unit) -> None:
    unit.session.add(Counter(key="never"))
    raise Forbidden("counter.forbidden")


def total(installation: Installation, table=AuditRow) -> int:
    with installation.database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def failing(times: int, problem: Exception):
    """A verb that fails so often before it succeeds, and what it has been through."""
    runs: list[int] = []

    @verb
    def unlucky(unit: Unit) -> str:
        runs.append(len(runs))
        unit.session.add(Counter(key="a"))
        if len(runs) <= times:
            raise problem
        return "done"

    return unlucky, runs


def test_a_verb_commits_its_change_and_its_audit_together(installation: Installation) -> None:
    assert count(installation, "system", "a", by=2) == Counted(2, None)
    assert (total(installation, Counter), total(installation)) == (1, 1)


def test_a_verb_can_be_a_part_of_another(installation: Installation) -> None:
    with count_statements(installation.database) as seen:
        assert count_twice(installation, "system", "a") == Counted(2, None)
    assert seen.commits == 1


@pytest.mark.parametrize("problem", [LostRace("verb.lost_race"), LostConnection("x")])
def test_a_lost_race_or_connection_runs_the_whole_verb_again(
    installation: Installation, problem: Exception
) -> None:
    unlucky, runs = failing(3, problem)
    assert unlucky(installation, "system") == "done"
    assert (len(runs), total(installation, Counter)) == (4, 1)


def test_after_three_repetitions_the_caller_hears_of_the_lost_race(
    installation: Installation,
) -> None:
    unlucky, runs = failing(9, LostRace("verb.lost_race"))
    with pytest.raises(Conflict, match=r"verb\.lost_race"):
        unlucky(installation, "system")
    assert (len(runs), total(installation, Counter)) == (4, 0)


def test_an_unknown_outcome_is_asked_again_only_with_a_key(installation: Installation) -> None:
    unknown = Unavailable("database.outcome_unknown")
    unlucky, runs = failing(1, unknown)
    with pytest.raises(Unavailable):
        unlucky(installation, "system")
    assert len(runs) == 1
    assert unlucky(installation, "system", idempotency_key="k") == "done"


def test_connections_that_the_server_cut_are_replaced_unnoticed(postgres_url: str) -> None:
    database = Database(postgres_url)
    Base.metadata.create_all(database.writer)
    installation = Installation(database)
    assert count(installation, "system", "a") == Counted(1, None)
    others = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with Database(postgres_url).read() as session:
        session.execute(others).all()
    assert count(installation, "system", "a") == Counted(2, None)
    Base.metadata.drop_all(database.writer)
    database.close()


def test_a_busy_database_is_not_asked_again(installation: Installation) -> None:
    unlucky, runs = failing(1, Conflict("verb.busy"))
    with pytest.raises(Conflict, match=r"verb\.busy"):
        unlucky(installation, "system")
    assert len(runs) == 1


def test_the_same_request_under_the_same_key_is_done_once(installation: Installation) -> None:
    answers = [count(installation, "system", "a", idempotency_key="k") for _ in range(3)]
    assert answers == [Counted(1, None)] * 3
    assert total(installation) == 1


def test_another_request_under_the_same_key_is_refused(installation: Installation) -> None:
    count(installation, "system", "a", by=1, idempotency_key="k")
    with pytest.raises(Conflict, match=r"idempotency\.other_body"):
        count(installation, "system", "a", by=2, idempotency_key="k")


@pytest.mark.parametrize("key", ["", "k" * 81])
def test_a_key_that_cannot_be_kept_is_refused(installation: Installation, key: str) -> None:
    with pytest.raises(Refusal, match=r"idempotency\.key"):
        count(installation, "system", "a", idempotency_key=key)


def test_a_failed_request_may_be_sent_again_under_its_key(installation: Installation) -> None:
    unlucky, _ = failing(1, Conflict("verb.busy"))
    with pytest.raises(Conflict):
        unlucky(installation, "system", idempotency_key="k")
    assert unlucky(installation, "system", idempotency_key="k") == "done"


def test_twelve_impatient_clicks_have_one_effect(installation: Installation) -> None:
    answers: list[Counted] = []

    def click() -> None:
        answers.append(count(installation, "system", "a", idempotency_key="k"))

    clicks = [threading.Thread(target=click) for _ in range(12)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    assert answers == [Counted(1, None)] * 12
    assert total(installation) == 1


def test_many_at_once_lose_no_update(installation: Installation) -> None:
    count(installation, "system", "a")
    writers = [
        threading.Thread(target=count, args=(installation, "system", "a")) for _ in range(12)
    ]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    assert count(installation, "system", "a") == Counted(14, None)


def test_a_refusal_is_on_the_record_though_nothing_else_is(installation: Installation) -> None:
    with pytest.raises(Forbidden, match=r"counter\.forbidden"):
        refuse(installation, "system", address="10.0.0.1")
    with installation.database.read() as session:
        row = session.scalars(select(AuditRow)).one()
    assert (row.action, row.object_id, row.address) == ("access.denied", "refuse", "10.0.0.1")
    assert total(installation, Counter) == 0


def test_somebody_unknown_may_do_nothing(installation: Installation) -> None:
    with pytest.raises(Forbidden, match=r"actor\.inactive"):
        count(installation, "nobody", "a")
    assert total(installation, Counter) == 0


def test_a_key_is_forgotten_after_seven_days(installation: Installation) -> None:
    count(installation, "system", "a", idempotency_key="k")
    assert forget_old_requests(installation, "system") == 0
    installation.clock.set(MORNING.replace(day=10))
    assert forget_old_requests(installation, "system") == 1
    assert total(installation, IdempotencyKey) == 0

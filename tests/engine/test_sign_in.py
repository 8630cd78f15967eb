"""Signing in: throttled per account and address, sessions on the server, over after idleness."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from engine import directory, password_resets
from engine.actors import Actor
from engine.errors import Refusal
from engine.sign_in import (
    ADDRESS_FAILURES_ALLOWED,
    actor_of_session,
    forget_old_sessions,
    sign_in,
    sign_out,
)
from engine.store.models import AuditRow, SignInFailures, WebSession
from engine.store.statements import count_statements
from tests.engine.installation import Installation

PASSWORD = "long enough word"
DESK = "10.0.0.1"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def court(installation: Installation) -> Installation:
    directory.add_agency(installation, "system", "court-1", "court", "南召县人民法院", "nanzhao")
    directory.add_unit(installation, "system", "court-1", "division-1", "执行局")
    for login in ("zhang", "li"):
        id = directory.add_person(installation, "system", "court-1", login, "张三", PASSWORD)
        directory.give_post(installation, "system", id, "division-1", "court_handler")
    return installation


def refused(court: Installation, login: str, password: str, address: str = DESK) -> str:
    with pytest.raises(Refusal) as refusal:
        sign_in(court, login, password, address)
    return refusal.value.code


def who(court: Installation, key: str) -> Actor | None:
    return actor_of_session(court, key, DESK)


def number(court: Installation, table) -> int:
    with court.database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_session_tells_who_is_there_with_his_posts(court: Installation) -> None:
    signed_in = sign_in(court, " Zhang ", PASSWORD, DESK)
    with count_statements(court.database) as seen:
        actor = who(court, signed_in.session_key)
    assert actor is not None and (actor.id, actor.address) == (signed_in.person_id, DESK)
    assert actor.roles == {"court_handler"}
    assert seen.count == 2


def test_the_database_does_not_hold_the_key(court: Installation) -> None:
    key = sign_in(court, "zhang", PASSWORD, DESK).session_key
    with court.database.read() as session:
        assert key not in session.scalars(select(WebSession.key_hash)).one()
    assert who(court, "another key") is None


def test_a_wrong_password_and_an_unknown_login_are_told_alike(court: Installation) -> None:
    assert refused(court, "zhang", "wrong") == refused(court, "nobody", PASSWORD)


def test_after_five_failures_even_the_right_password_waits_a_quarter_of_an_hour(
    court: Installation,
) -> None:
    assert {refused(court, "zhang", "wrong") for _ in range(5)} == {"sign_in.refused"}
    assert refused(court, "zhang", PASSWORD) == "sign_in.locked"
    sign_in(court, "li", PASSWORD, DESK)
    court.clock.advance(15 * MINUTE)
    sign_in(court, "zhang", PASSWORD, DESK)


def test_a_success_forgives_the_failures_before_it(court: Installation) -> None:
    for _ in range(3):
        for _ in range(4):
            refused(court, "zhang", "wrong")
        sign_in(court, "zhang", PASSWORD, DESK)


def test_an_address_that_guesses_at_many_accounts_is_shut_out(court: Installation) -> None:
    for attempt in range(ADDRESS_FAILURES_ALLOWED):
        assert refused(court, f"login-{attempt}", "guess") == "sign_in.refused"
    assert refused(court, "li", PASSWORD) == "sign_in.locked"
    sign_in(court, "li", PASSWORD, "10.0.0.2")
    court.clock.advance(15 * MINUTE)
    sign_in(court, "li", PASSWORD, DESK)


def test_a_reset_password_lifts_the_lock(court: Installation) -> None:
    person = sign_in(court, "zhang", PASSWORD, DESK).person_id
    for _ in range(5):
        refused(court, "zhang", "wrong")
    password_resets.reset_password(court, "system", person, "another long word")
    sign_in(court, "zhang", "another long word", DESK)


def test_a_session_is_over_after_a_quarter_of_an_hour_without_a_sign(court: Installation) -> None:
    key = sign_in(court, "zhang", PASSWORD, DESK).session_key
    for _ in range(4):
        court.clock.advance(14 * MINUTE)
        assert who(court, key)
    court.clock.advance(15 * MINUTE)
    assert who(court, key) is None


def test_a_session_is_over_after_twelve_hours_however_busy(court: Installation) -> None:
    key = sign_in(court, "zhang", PASSWORD, DESK).session_key
    for _ in range(71):
        court.clock.advance(10 * MINUTE)
        assert who(court, key)
    court.clock.advance(10 * MINUTE)
    assert who(court, key) is None
    forget_old_sessions(court, "system")
    assert (number(court, WebSession), number(court, SignInFailures)) == (0, 0)


def test_signing_out_ends_this_session_alone(court: Installation) -> None:
    desk, phone = (sign_in(court, "zhang", PASSWORD, DESK).session_key for _ in range(2))
    sign_out(court, desk)
    sign_out(court, desk)
    assert who(court, desk) is None
    assert who(court, phone)


@pytest.mark.parametrize("change", ["own", "reset", "leave"])
def test_a_new_password_and_leaving_end_every_session(court: Installation, change: str) -> None:
    signed_in = sign_in(court, "zhang", PASSWORD, DESK)
    person = signed_in.person_id
    if change == "own":
        directory.change_password(court, person, PASSWORD, "another long word")
    elif change == "reset":
        password_resets.reset_password(court, "system", person, "another long word")
    else:
        directory.leave(court, "system", person)
    assert who(court, signed_in.session_key) is None
    assert refused(court, "zhang", PASSWORD) == "sign_in.refused"


def test_the_old_password_is_asked_for(court: Installation) -> None:
    person = sign_in(court, "zhang", PASSWORD, DESK).person_id
    with pytest.raises(Refusal, match=r"password\.wrong"):
        directory.change_password(court, person, "guess", "another long word")


def test_every_attempt_is_on_the_record_with_its_address(court: Installation) -> None:
    refused(court, "zhang", "wrong")
    refused(court, "nobody", "wrong")
    sign_out(court, sign_in(court, "zhang", PASSWORD, DESK).session_key, DESK)
    with court.database.read() as session:
        rows = session.scalars(
            select(AuditRow).where(AuditRow.action.like("sign_in.%")).order_by(AuditRow.position)
        ).all()
    assert [row.action.removeprefix("sign_in.") for row in rows] == [
        "failed", "failed", "succeeded", "ended",
    ]  # fmt: skip
    assert {row.address for row in rows} == {DESK}
    assert "nobody" not in str([(row.object_id, row.detail) for row in rows])

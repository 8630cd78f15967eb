"""密码重设: a password that another knows opens only the page to change it (SEC-05)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from engine import directory, password_resets
from engine.actors import load_actor
from engine.errors import Forbidden, Refusal
from engine.password_resets import confirm_reset, must_change, pending, reset_password
from engine.sign_in import check_password, sign_in
from engine.store.models import Notification, PasswordReset
from tests.engine.house import House

NEW, OWN = "another long word", "a word of my own"


@pytest.fixture
def powers(house: House) -> dict[str, str]:
    """The three powers of the court, one person each."""
    made = {}
    for role in ("sys_admin", "sec_admin", "audit_admin"):
        made[role] = directory.add_person(
            house.engine, "system", "豫1321", role, "示例", "the first long word"
        )
        directory.give_post(house.engine, "system", made[role], "court-unit", role)
    return made


def told(house: House) -> set[str | None]:
    return {row.person_id or row.role for row in house.rows(select(Notification))}


def test_an_officer_must_change_it_and_two_are_told(house: House, powers: dict[str, str]) -> None:
    assert reset_password(house.engine, powers["sys_admin"], "handler", NEW)
    assert must_change(house.engine, "handler")
    assert told(house) == {"handler", "audit_admin"}
    directory.change_password(house.engine, "handler", NEW, OWN)
    assert not must_change(house.engine, "handler")


def test_the_given_password_is_no_password_of_ones_own(
    house: House, powers: dict[str, str]
) -> None:
    reset_password(house.engine, powers["sys_admin"], "handler", NEW)
    with pytest.raises(Refusal, match=r"password\.same"):
        directory.change_password(house.engine, "handler", NEW, NEW)


def test_it_does_not_open_the_interface(house: House, powers: dict[str, str]) -> None:
    reset_password(house.engine, powers["sys_admin"], "handler", NEW)
    with pytest.raises(Refusal, match=r"password\.must_change"):
        check_password(house.engine, "handler", NEW, "10.0.0.1")


@pytest.mark.parametrize(
    ("power", "other"), [("sec_admin", "audit_admin"), ("audit_admin", "sec_admin")]
)
def test_an_administrators_waits_for_the_other_power(
    house: House, powers: dict[str, str], power: str, other: str
) -> None:
    """Given a reset of one power, then the old password counts until the other confirms."""
    assert not reset_password(house.engine, powers["sys_admin"], powers[power], NEW)
    sign_in(house.engine, power, "the first long word", "10.0.0.1")
    with pytest.raises(Refusal):
        sign_in(house.engine, power, NEW, "10.0.0.1")
    (reset,) = house.rows(select(PasswordReset))
    for not_him in (powers["sys_admin"], powers[power], "president"):
        with pytest.raises(Forbidden):
            confirm_reset(house.engine, not_him, reset.id)
    confirm_reset(house.engine, powers[other], reset.id)
    assert sign_in(house.engine, power, NEW, "10.0.0.1").person_id == powers[power]
    assert must_change(house.engine, powers[power])


def test_only_the_other_power_finds_it_waiting(house: House, powers: dict[str, str]) -> None:
    reset_password(house.engine, powers["sys_admin"], powers["sec_admin"], NEW)
    with house.engine.database.read() as session:
        now = house.engine.clock.now()
        seen = {role: load_actor(session, id, now) for role, id in powers.items()}
    found = {role: len(pending(house.engine, actor)) for role, actor in seen.items()}
    assert found == {"sys_admin": 0, "sec_admin": 0, "audit_admin": 1}


def test_nobody_else_resets(house: House, powers: dict[str, str]) -> None:
    for not_him in (powers["sec_admin"], powers["audit_admin"], "president"):
        with pytest.raises(Forbidden):
            password_resets.reset_password(house.engine, not_him, "handler", NEW)

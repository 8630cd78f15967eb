"""Ids of accounts as programs know them: a person's login, a client's id."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, func, or_, select

from engine.queries.rest.listing import Filter
from engine.store.models import Person

if TYPE_CHECKING:
    from engine.engine import Engine


def named(column: Any) -> Any:
    """The login of the person in `column`, else what stands there: a client, the system."""
    login = select(Person.login).where(Person.id == column).scalar_subquery()
    return func.coalesce(login, column)


def held_by(column: Any) -> Filter:
    """Rows of one account."""
    return Filter("text", lambda value, _: _is(column, [value]))


def held_by_one_of(column: Any) -> Filter:
    return Filter("texts", lambda values, _: _is(column, values))


def held_by_like(column: Any) -> Filter:
    return Filter("text", lambda value, _: or_(column.in_(_people_like(value)), column.like(value)))


def _is(column: Any, names: Iterable[str]) -> ColumnElement[bool]:
    wanted = list(names)
    people = select(Person.id).where(Person.login.in_(wanted))
    return or_(column.in_(people), column.in_(wanted))


def id_of(engine: Engine, name: str) -> str:
    """The account's id in the engine; a name that is nobody's as it is."""
    with engine.database.read() as session:
        return session.scalar(select(Person.id).where(Person.login == name)) or name


def name_of(engine: Engine, account_id: str) -> str:
    """How programs know the account."""
    with engine.database.read() as session:
        return session.scalar(select(Person.login).where(Person.id == account_id)) or account_id


def _people_like(pattern: str) -> Any:
    return select(Person.id).where(Person.login.like(pattern))

"""A list as data: the rows, who sees which, how they can be narrowed and sorted.

The interface reads the same tables: a filter that is not in them is refused, never ignored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import ColumnElement, Row, Select, false, func, select, true

from engine.actors import Actor

if TYPE_CHECKING:
    from engine.engine import Engine

MOST = 1_000
"""Rows in one answer; whoever wants more turns the page."""
Kind = Literal["text", "texts", "instant", "flag", "number", "texts_or_text"]
Found = Row[Any]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a condition may need besides its value."""

    actor: Actor
    now: datetime


@dataclass(frozen=True, slots=True)
class Filter:
    """One way to narrow a list: the kind of value it takes and the condition made of it."""

    kind: Kind
    condition: Callable[[Any, Surroundings], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a list. `sorting`: (name, falling), the first counts most."""

    filters: Mapping[str, Any] = field(default_factory=dict)
    sorting: Sequence[tuple[str, bool]] = ()
    first: int = 0
    most: int = MOST


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows with what may be asked of them."""

    rows: Select[*tuple[Any, ...]]
    key: Any
    """The column that identifies a row, and sorts where nothing else does."""
    visible: Callable[[Actor], ColumnElement[bool]]
    filters: Mapping[str, Filter]
    sorts: Mapping[str, Any]

    def find(self, engine: Engine, actor: Actor, wanted: Wanted) -> Sequence[Found]:
        """The rows that are asked for and that the actor may see: one statement."""
        statement = self._narrowed(engine, actor, wanted).order_by(*self._order(wanted))
        statement = statement.offset(wanted.first).limit(min(wanted.most, MOST))
        with engine.database.read() as session:
            return session.execute(statement).all()

    def count(self, engine: Engine, actor: Actor, wanted: Wanted) -> int:
        """How many rows there are of what is asked for."""
        inner = self._narrowed(engine, actor, wanted).with_only_columns(self.key).subquery()
        with engine.database.read() as session:
            return session.scalar(select(func.count()).select_from(inner)) or 0

    def one(self, engine: Engine, actor: Actor, id: str) -> Found | None:
        """The row of that id; None where there is none or the actor may not see it."""
        statement = self.rows.where(self.key == id, self.visible(actor))
        with engine.database.read() as session:
            return session.execute(statement).one_or_none()

    def _narrowed(self, engine: Engine, actor: Actor, wanted: Wanted) -> Select[*tuple[Any, ...]]:
        around = Surroundings(actor, engine.clock.now())
        conditions = [self.filters[k].condition(v, around) for k, v in wanted.filters.items()]
        return self.rows.where(self.visible(actor), *conditions)

    def _order(self, wanted: Wanted) -> list[Any]:
        order = [
            self.sorts[name].desc() if falling else self.sorts[name].asc()
            for name, falling in wanted.sorting
        ]
        return [*order, self.key]


# kinds of filters ---------------------------------------------------------------------


def equal(column: Any) -> Filter:
    """The value itself."""
    return Filter("text", lambda value, _: column == value)


def unequal(column: Any) -> Filter:
    return Filter("text", lambda value, _: column != value)


def one_of(column: Any) -> Filter:
    """One of several values."""
    return Filter("texts", lambda values, _: column.in_(values))


def none_of(column: Any) -> Filter:
    return Filter("texts", lambda values, _: column.not_in(values))


def like(column: Any) -> Filter:
    """A pattern in which % stands for any text."""
    return Filter("text", lambda value, _: column.like(value))


def unlike(column: Any) -> Filter:
    return Filter("text", lambda value, _: column.not_like(value))


def number(column: Any) -> Filter:
    return Filter("number", lambda value, _: column == value)


def at_least(column: Any) -> Filter:
    return Filter("number", lambda value, _: column >= value)


def at_most(column: Any) -> Filter:
    return Filter("number", lambda value, _: column <= value)


def at(column: Any) -> Filter:
    return Filter("instant", lambda value, _: column == value)


def before(column: Any) -> Filter:
    return Filter("instant", lambda value, _: column < value)


def after(column: Any) -> Filter:
    return Filter("instant", lambda value, _: column > value)


def not_after(column: Any) -> Filter:
    return Filter("instant", lambda value, _: column <= value)


def not_before(column: Any) -> Filter:
    return Filter("instant", lambda value, _: column >= value)


def flag(condition: ColumnElement[bool]) -> Filter:
    """Counts only where it is true."""
    return Filter("flag", lambda value, _: condition if value else true())


def switch(condition: ColumnElement[bool]) -> Filter:
    """True: the condition; false: its contrary."""
    return Filter("flag", lambda value, _: condition if value else ~condition)


def nothing() -> Filter:
    """Asks for what no row of ours has."""
    return flag(false())


def everything() -> Filter:
    """Asks for what every row of ours has."""
    return flag(true())

"""The directory as its administrators see it: agencies, units, people, posts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from engine import directory, permissions
from engine.actors import Actor
from engine.errors import Forbidden, NotFound
from engine.queries import names
from engine.store.models import Agency, Person, Post, Setting, Unit, UserTask

if TYPE_CHECKING:
    from engine.engine import Engine


@dataclass(frozen=True)
class PostView:
    """A role held in a unit."""

    id: str
    unit_id: str
    unit_name: str
    role: str
    since: datetime


@dataclass(frozen=True)
class PersonView:
    """A person of the directory; `open_tasks` would go back to the queue if he left."""

    id: str
    login: str
    name: str
    agency_id: str
    active: bool
    locked_until: datetime | None
    left_at: datetime | None
    posts: Sequence[PostView]
    open_tasks: int


@dataclass(frozen=True)
class DirectoryPage:
    """One agency with its units and people; `agencies` are those the actor may choose from."""

    agency: Agency
    agencies: Sequence[Agency]
    units: Sequence[Unit]
    people: Sequence[PersonView]
    may_keep_accounts: bool
    may_give_posts: bool
    may_add_agency: bool


@dataclass(frozen=True)
class DemoSheet:
    """What the sign-in page of a demonstration tells; `password` is the one of all accounts."""

    password: str
    accounts: Sequence[DemoAccount]


@dataclass(frozen=True)
class DemoAccount:
    """An account of a demonstration database, for its sign-in page."""

    login: str
    name: str
    unit_name: str
    roles: Sequence[str]


def directory_page(engine: Engine, actor: Actor, agency_id: str | None = None) -> DirectoryPage:
    """The actor's own agency, or another one to a system administrator.

    Raises Forbidden("directory.not_allowed"), NotFound("agency.unknown").
    """
    wanted = agency_id or actor.agency_id or ""
    _require_administrator(actor)
    with engine.database.read() as session:
        agency = session.get(Agency, wanted)
        if agency is None:
            raise NotFound("agency.unknown", id=wanted)
        here = Person.agency_id == agency.id
        people = session.scalars(select(Person).where(here).order_by(Person.login)).all()
        return DirectoryPage(
            agency=agency,
            agencies=session.scalars(select(Agency).order_by(Agency.kind, Agency.id)).all(),
            units=_units(session, agency.id),
            people=_views(engine, session, people),
            may_keep_accounts=permissions.may_keep_accounts(actor, agency.id),
            may_give_posts=permissions.may_give_posts(actor, agency.id),
            may_add_agency=permissions.may_add_agency(actor),
        )


def person_page(engine: Engine, actor: Actor, person_id: str) -> tuple[PersonView, DirectoryPage]:
    """One person and the agency around him. Raises Forbidden, NotFound("person.unknown")."""
    _require_administrator(actor)
    with engine.database.read() as session:
        person = session.get(Person, person_id)
        if person is None:
            raise NotFound("person.unknown", id=person_id)
    page = directory_page(engine, actor, person.agency_id)
    return next(one for one in page.people if one.id == person_id), page


def identity(engine: Engine, actor: Actor) -> tuple[str, str, str | None]:
    """The actor's own name, agency name and unit name, for the head of the page."""
    with engine.database.read() as session:
        name = directory.names(session, engine.crypto, [actor.id]).get(actor.id, "")
        agency = names.agencies(session, [actor.agency_id]).get(actor.agency_id or "", "")
        return name, agency, names.units(session, [actor.unit_id]).get(actor.unit_id or "")


def name_of(engine: Engine, person_id: str) -> str | None:
    """A person's name; None for an id that is nobody's."""
    with engine.database.read() as session:
        return directory.names(session, engine.crypto, [person_id]).get(person_id)


def demo_sheet(engine: Engine) -> DemoSheet | None:
    """Demonstration accounts; None unless the database was initialised as a demonstration.

    The setting `demo` holds {"password": …}, or just true where nothing is to be told.
    """
    with engine.database.read() as session:
        setting = session.get(Setting, "demo")
        if setting is None or not setting.value:
            return None
        shown = Person.demo.is_(True) & Person.active.is_(True)
        people = session.scalars(select(Person).where(shown).order_by(Person.agency_id)).all()
        accounts = [_demo_account(one) for one in _views(engine, session, people)]
    told = setting.value if isinstance(setting.value, dict) else {}
    return DemoSheet(str(told.get("password", "")), accounts)


def _demo_account(person: PersonView) -> DemoAccount:
    unit_name = person.posts[0].unit_name if person.posts else ""
    return DemoAccount(person.login, person.name, unit_name, [one.role for one in person.posts])


def _require_administrator(actor: Actor) -> None:
    if actor.kind != "system" and not actor.roles & {"sys_admin", "sec_admin"}:
        raise Forbidden("directory.not_allowed")


def _units(session: Session, agency_id: str) -> Sequence[Unit]:
    mine = (Unit.agency_id == agency_id) & Unit.closed_at.is_(None)
    return session.scalars(select(Unit).where(mine).order_by(Unit.id)).all()


def _views(engine: Engine, session: Session, people: Sequence[Person]) -> list[PersonView]:
    ids = [person.id for person in people]
    known = directory.names(session, engine.crypto, ids)
    posts = _posts(session, ids, engine.clock.now())
    tasks = _open_tasks(session, ids)
    return [
        PersonView(
            id=one.id,
            login=one.login,
            name=known[one.id],
            agency_id=one.agency_id,
            active=one.active,
            locked_until=one.locked_until,
            left_at=one.left_at,
            posts=posts[one.id],
            open_tasks=tasks.get(one.id, 0),
        )
        for one in people
    ]


def _posts(session: Session, ids: Sequence[str], now: datetime) -> dict[str, list[PostView]]:
    held: dict[str, list[PostView]] = defaultdict(list)
    statement = (
        select(Post, Unit.name)
        .join(Unit, Unit.id == Post.unit_id)
        .where(Post.person_id.in_(ids), or_(Post.until.is_(None), Post.until > now))
        .order_by(Post.since, Post.role)
    )
    for post, unit_name in session.execute(statement):
        held[post.person_id].append(
            PostView(post.id, post.unit_id, unit_name, post.role, post.since)
        )
    return held


def _open_tasks(session: Session, ids: Sequence[str]) -> dict[str, int]:
    statement = (
        select(UserTask.assignee, func.count())
        .where(UserTask.assignee.in_(ids), UserTask.state == "open")
        .group_by(UserTask.assignee)
    )
    return {assignee: number for assignee, number in session.execute(statement) if assignee}

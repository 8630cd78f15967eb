"""Who acts: a person with the posts he holds at this moment, the engine itself, or a client."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, Select, bindparam, select
from sqlalchemy.orm import Session

from engine.errors import Forbidden
from engine.store.models import Agency, Client, Person, Post


@dataclass(frozen=True, slots=True)
class PostHeld:
    """A role held in a unit of an agency, now."""

    agency_id: str
    unit_id: str
    role: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever a verb runs for. Posts are read fresh for every verb: a lost post counts at once."""

    id: str
    agency_id: str | None = None
    agency_kind: str | None = None
    """court · police · local_court · procuratorate"""
    address: str | None = None
    posts: tuple[PostHeld, ...] = ()
    topics: frozenset[str] = frozenset()
    """External tasks that a client may work on."""
    kind: Literal["person", "system", "client"] = "person"

    @property
    def roles(self) -> frozenset[str]:
        """Role codes held in any unit."""
        return frozenset(post.role for post in self.posts)

    @property
    def unit_id(self) -> str | None:
        """The unit a person belongs to (exactly one, procedures A1); None without a post."""
        return self.posts[0].unit_id if self.posts else None


CLIENT = "client-"
"""What the id of a program's account begins with; no person's does."""
SYSTEM = Actor("system", kind="system")
"""The engine acting by itself: timers, deliveries, the ladder, the command line."""


def alongside(query: Select[Any]) -> Select[Any]:
    """`query` with the person `:person`, his agency and posts: its rows once for each post.

    A verb that begins with a row of its own so reads who acts in the same statement.
    """
    return _with_posts(query.add_columns(*_WHO).join(Person, Person.id == bindparam("person")))


def _with_posts(query: Any) -> Select[Any]:
    joined: Select[Any] = (
        query.join(Agency, Agency.id == Person.agency_id)
        .outerjoin(Post, Post.person_id == Person.id)
        .order_by(Post.since, Post.id)
    )
    return joined


_WHO = (Person, Agency, Post)
PERSON = _with_posts(select(*_WHO).select_from(Person)).where(Person.id == bindparam("person"))
"""Built once: this runs before every verb. One row per post, one for a person without any."""


def is_person(actor_id: str) -> bool:
    """Neither the engine itself nor a program."""
    return actor_id != SYSTEM.id and not actor_id.startswith(CLIENT)


def load_actor(session: Session, actor_id: str, now: datetime, address: str | None = None) -> Actor:
    """The actor with the posts held at `now`: one statement, none for `system`.

    A client holds its roles in its unit.
    Raises `Forbidden` for somebody who does not exist, has left, or was shut out.
    """
    if actor_id == SYSTEM.id:
        return replace(SYSTEM, address=address)
    if actor_id.startswith(CLIENT):
        return _client(session, actor_id, address)
    return acting(session, session.execute(PERSON, {"person": actor_id}).all(), now, address)


def acting(session: Session, rows: Sequence[Row[Any]], now: datetime, address: str | None) -> Actor:
    """The actor of rows with `Person`, `Agency`, `Post`, one for each post ever held.

    Person and agency stay at hand in the session, so that forms and letters need not ask again.
    """
    if not rows or not rows[0].Person.active:
        raise Forbidden("actor.inactive")
    person, agency = rows[0].Person, rows[0].Agency
    # A session holds what it has read only weakly.
    session.info[person.id] = person, agency
    posts = (row.Post for row in rows if row.Post and _held(row.Post, now))
    held = tuple(PostHeld(agency.id, post.unit_id, post.role) for post in posts)
    return Actor(person.id, agency.id, agency.kind, address, held)


def _held(post: Post, now: datetime) -> bool:
    return post.since <= now and (post.until is None or post.until > now)


def _client(session: Session, client_id: str, address: str | None) -> Actor:
    query = select(Client, Agency).join(Agency, Agency.id == Client.agency_id)
    found = session.execute(query.where(Client.id == client_id)).one_or_none()
    if found is None or found.Client.revoked_at is not None:
        raise Forbidden("actor.inactive", person=client_id)
    client, agency = found
    posts = tuple(PostHeld(agency.id, client.unit_id, role) for role in client.roles)
    topics = frozenset(client.topics)
    return Actor(client_id, agency.id, agency.kind, address, posts, topics, "client")

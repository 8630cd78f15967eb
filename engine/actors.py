"""Who acts: a person with the posts he holds at this moment, the engine itself, or a client."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session

from engine.errors import Forbidden
from engine.store.models import Agency, Client, Person, Post
from engine.store.types import Instant


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


_NOW = bindparam("now", type_=Instant)
# Built once: this runs before every verb. One row per post held, one for a person without any.
_WITH_POSTS = (
    select(Person, Agency, Post.unit_id, Post.role)
    .join(Agency, Agency.id == Person.agency_id)
    .outerjoin(
        Post,
        and_(
            Post.person_id == Person.id,
            Post.since <= _NOW,
            or_(Post.until.is_(None), Post.until > _NOW),
        ),
    )
    .where(Person.id == bindparam("person"))
    .order_by(Post.since, Post.id)
)


def load_actor(session: Session, actor_id: str, now: datetime, address: str | None = None) -> Actor:
    """The actor with the posts held at `now`: one statement, none for `system`.

    A client holds its roles in its unit.
    Person and agency stay at hand in the session, so that forms and letters need not ask again.
    Raises `Forbidden` for somebody who does not exist, has left, or was shut out.
    """
    if actor_id == SYSTEM.id:
        return replace(SYSTEM, address=address)
    if actor_id.startswith(CLIENT):
        return _client(session, actor_id, address)
    found = session.execute(_WITH_POSTS, {"person": actor_id, "now": now}).all()
    if not found or not found[0].Person.active:
        raise Forbidden("actor.inactive", person=actor_id)
    person, agency = found[0].Person, found[0].Agency
    # A session holds what it has read only weakly.
    session.info[actor_id] = person, agency
    posts = tuple(PostHeld(agency.id, row.unit_id, row.role) for row in found if row.role)
    return Actor(actor_id, agency.id, agency.kind, address, posts)


def _client(session: Session, client_id: str, address: str | None) -> Actor:
    query = select(Client, Agency).join(Agency, Agency.id == Client.agency_id)
    found = session.execute(query.where(Client.id == client_id)).one_or_none()
    if found is None or found.Client.revoked_at is not None:
        raise Forbidden("actor.inactive", person=client_id)
    client, agency = found
    posts = tuple(PostHeld(agency.id, client.unit_id, role) for role in client.roles)
    topics = frozenset(client.topics)
    return Actor(client_id, agency.id, agency.kind, address, posts, topics, "client")

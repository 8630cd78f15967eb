"""Who acts: a person with the posts he holds at this moment, the engine itself, or a client."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


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
    kind: Literal["person", "system", "client"] = "person"

    @property
    def roles(self) -> frozenset[str]:
        """Role codes held in any unit."""
        return frozenset(post.role for post in self.posts)

    @property
    def unit_id(self) -> str | None:
        """The unit a person belongs to (exactly one, procedures A1); None without a post."""
        return self.posts[0].unit_id if self.posts else None


SYSTEM = Actor("system", kind="system")
"""The engine acting by itself: timers, deliveries, the ladder, the command line."""

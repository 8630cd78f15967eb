"""Who is looking at the page: his posts, his names, the counts beside the navigation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from flask import current_app, g, request

from engine.actors import Actor
from engine.password_resets import CONFIRMED_BY
from engine.permissions import may_draw
from engine.queries import lists, people, supervision, watch_list
from engine.queries.lists import Counts

if TYPE_CHECKING:
    from engine.engine import Engine


@dataclass
class Viewer:
    """A signed-in person for the length of one request."""

    engine: Engine
    actor: Actor

    @cached_property
    def _identity(self) -> tuple[str, str, str | None]:
        return people.identity(self.engine, self.actor)

    @property
    def name(self) -> str:
        return self._identity[0]

    @property
    def agency_name(self) -> str:
        return self._identity[1]

    @property
    def unit_name(self) -> str | None:
        return self._identity[2]

    @cached_property
    def counts(self) -> Counts:
        return lists.counts(self.engine, self.actor)

    @property
    def works(self) -> bool:
        """Holds a post. The three separated powers have tasks, too: audit, suspension, versions."""
        return bool(self.actor.roles)

    @property
    def searches_watch_list(self) -> bool:
        return watch_list.may_search(self.actor)

    @property
    def supervises(self) -> bool:
        return supervision.oversees(self.actor)

    @property
    def administers(self) -> bool:
        return bool(self.actor.roles & {"sys_admin", "sec_admin"})

    @property
    def confirms_resets(self) -> bool:
        """One of the two powers that answer for each other's password."""
        return bool(self.actor.roles & CONFIRMED_BY.keys())

    @property
    def draws(self) -> bool:
        return may_draw(self.actor)


def the_engine() -> Engine:
    """The engine this application was made for."""
    engine: Engine = current_app.extensions["liandong"]
    return engine


def viewer() -> Viewer:
    """Whoever is signed in. Only on pages that require it."""
    return g.viewer


def acting() -> tuple[Engine, str]:
    """The first two arguments of every verb."""
    return the_engine(), viewer().actor.id


def client_address() -> str | None:
    """Where the request came from, as far as the trusted proxies tell."""
    return request.remote_addr

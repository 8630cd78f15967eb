"""Who asks: a client by its token, a person by login and password where his agency allows it.

    Authorization: Bearer <token>
    Authorization: Basic <client id>:<token>  or  <login>:<password>

There is no session and no cookie. A browser that sends credentials by itself to an address another
site led it to is turned away by its Origin; nothing answers CORS.
"""

from __future__ import annotations

from math import ceil
from urllib.parse import urlsplit

from flask import request
from werkzeug.datastructures import Authorization
from werkzeug.exceptions import TooManyRequests, Unauthorized

from engine.actors import CLIENT, Actor, load_actor
from engine.engine import Engine
from engine.errors import Forbidden, Refusal
from engine.rest_clients import KnownPasswords, client_of
from web.rest.limits import Buckets

FAILURES, FORGIVEN_PER_SECOND = 20, 1 / 30
BURST, PER_SECOND = 400, 200


class Gate:
    """Recognises accounts and slows them down; one for each application."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._passwords = KnownPasswords()
        self.failures = Buckets(FAILURES, FORGIVEN_PER_SECOND)
        self.requests = Buckets(BURST, PER_SECOND)

    def actor(self) -> Actor:
        """Raises `Unauthorized`, `TooManyRequests`, `Forbidden` rest.other_origin."""
        _require_own_origin()
        address = request.remote_addr or ""
        _slow_down(self.failures.wait(address))
        account = self._account(request.authorization, address)
        actor = self._loaded(account, address) if account else None
        if actor is None:
            self.failures.take(address)
            raise Unauthorized
        _slow_down(self.requests.take(actor.id))
        return actor

    def _account(self, shown: Authorization | None, address: str) -> str | None:
        if shown is None:
            return None
        if shown.type == "bearer" and shown.token:
            return client_of(self._engine, shown.token)
        name, secret = shown.get("username"), shown.get("password")
        if shown.type != "basic" or not name or not secret or "\0" in name:
            return None
        if name.startswith(CLIENT):
            return client_of(self._engine, secret, name)
        return self._person(name, secret, address)

    def _person(self, login: str, password: str, address: str) -> str | None:
        try:
            return self._passwords.person(self._engine, login, password, address)
        except Refusal as refusal:
            if refusal.code == "sign_in.locked":
                raise TooManyRequests from refusal
            return None

    def _loaded(self, account: str, address: str) -> Actor | None:
        with self._engine.database.read() as session:
            try:
                return load_actor(session, account, self._engine.clock.now(), address)
            except Forbidden:
                return None


def _slow_down(seconds: float) -> None:
    if seconds:
        raise TooManyRequests(retry_after=ceil(seconds))


def _require_own_origin() -> None:
    """Desktop programs show no origin, or that of a file; only other web sites are strangers."""
    origin = request.headers.get("Origin")
    if origin is None or request.method in ("GET", "HEAD"):
        return
    if origin == "null" or (
        origin.startswith(("http:", "https:")) and urlsplit(origin).netloc != request.host
    ):
        raise Forbidden("rest.other_origin")

"""Programs with accounts: an administrator adds them, says what they may do, shuts them out.

A client belongs to a unit and holds roles in it, so that every permission that is decided for
people is decided for it in the same way. It shows a token, which is stored hashed. People may show
login and password instead where their agency allows it.
"""

from __future__ import annotations

import hmac
import re
import secrets
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from engine import passwords, permissions
from engine.actors import CLIENT
from engine.errors import Forbidden, NotFound, Refusal
from engine.permissions import SEPARATED_POWERS
from engine.sign_in import check_password
from engine.store.crypto import sm3
from engine.store.models import Agency, Client, Person
from engine.store.models import Unit as OrganisationUnit
from engine.store.unit_of_work import Unit
from engine.verbs import verb

if TYPE_CHECKING:
    from engine.engine import Engine

PASSWORDS = "rest_passwords"
"""Setting of an agency: its people may use the interface with login and password."""
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")


@dataclass(frozen=True, slots=True)
class NewToken:
    """A client and its token, which is shown now and never again."""

    client_id: str
    token: str


@verb
def add_client(unit: Unit, agency_id: str, unit_id: str, name: str) -> NewToken:
    """An account for a program, without any role yet; by the administrator of accounts.

    Raises `Refusal` client.name, client.exists; `NotFound`, `Forbidden`.
    """
    _allow(permissions.may_keep_accounts(unit.actor, agency_id))
    if not _NAME.fullmatch(name):
        raise Refusal("client.name", found=name)
    where = unit.session.get(OrganisationUnit, unit_id)
    if where is None or where.agency_id != agency_id or where.closed_at:
        raise NotFound("unit.unknown", id=unit_id)
    client_id, token = CLIENT + name, secrets.token_urlsafe(32)
    if unit.session.get(Client, client_id):
        raise Refusal("client.exists", client=client_id)
    unit.session.add(
        Client(
            id=client_id,
            agency_id=agency_id,
            unit_id=unit_id,
            roles=[],
            topics=[],
            token_hash=_hash(token),
            created_by=unit.actor.id,
            created_at=unit.now,
        )
    )
    unit.audit("client.added", "client", client_id, detail={"unit": unit_id})
    return NewToken(client_id, token)


@verb
def allow_client(
    unit: Unit, client_id: str, roles: Sequence[str], topics: Sequence[str] = ()
) -> None:
    """What the client may do from now on, instead of what it might; by whoever gives posts.

    `topics`: external tasks it may work on. Raises `Refusal` post.separated (SEC-05).
    """
    client = _client(unit, client_id)
    _allow(permissions.may_give_posts(unit.actor, client.agency_id))
    powers = SEPARATED_POWERS.intersection(roles)
    if powers and (len(set(roles)) > 1 or topics):
        raise Refusal("post.separated", role=sorted(powers)[0], held=sorted(set(roles)))
    client.roles, client.topics = sorted(set(roles)), sorted(set(topics))
    detail = {"roles": client.roles, "topics": client.topics}
    unit.audit("client.allowed", "client", client_id, detail=detail)


@verb
def renew_token(unit: Unit, client_id: str) -> NewToken:
    """A new token; the old one opens nothing any more."""
    client = _client(unit, client_id)
    _allow(permissions.may_keep_accounts(unit.actor, client.agency_id))
    token = secrets.token_urlsafe(32)
    client.token_hash = _hash(token)
    unit.audit("client.token_renewed", "client", client_id)
    return NewToken(client_id, token)


@verb
def revoke_client(unit: Unit, client_id: str) -> None:
    """Shut the client out for good. Locks that it holds expire by themselves."""
    client = _client(unit, client_id)
    _allow(permissions.may_keep_accounts(unit.actor, client.agency_id))
    client.revoked_at = unit.now
    unit.audit("client.revoked", "client", client_id)


@verb
def allow_passwords(unit: Unit, agency_id: str, allowed: bool) -> None:
    """Whether the agency's people may use the interface with login and password; no by default."""
    _allow(permissions.may_keep_accounts(unit.actor, agency_id))
    agency = unit.session.get(Agency, agency_id, with_for_update=True)
    if agency is None:
        raise NotFound("agency.unknown", id=agency_id)
    agency.settings = {**agency.settings, PASSWORDS: allowed}
    unit.audit("agency.rest_passwords", "agency", agency_id, detail={"allowed": allowed})


def _client(unit: Unit, client_id: str) -> Client:
    found = unit.session.get(Client, client_id, with_for_update=True)
    if found is None or found.revoked_at is not None:
        raise NotFound("client.unknown", client=client_id)
    return found


def _allow(permitted: bool) -> None:
    if not permitted:
        raise Forbidden("permission.denied")


def _hash(token: str) -> str:
    return sm3(token.encode())


# recognising --------------------------------------------------------------------------


def client_of(engine: Engine, token: str, name: str | None = None) -> str | None:
    """Id of the client that shows this token, under this name where one is shown, too."""
    query = select(Client.id).where(Client.token_hash == _hash(token), Client.revoked_at.is_(None))
    with engine.database.read() as session:
        found = session.scalar(query)
    return found if name in (None, found) else None


class KnownPasswords:
    """Passwords that were right a moment ago: argon2 is dear, and every request carries one.

    An entry holds a keyed digest of the password and is good only beside the very hash it was
    checked against, so that a changed password counts at once.
    """

    MOST = 500

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[str, str], str] = OrderedDict()

    def person(self, engine: Engine, login: str, password: str, address: str) -> str | None:
        """Id of the person, None where his agency does not allow passwords here.

        Raises `Refusal` sign_in.refused, sign_in.locked.
        """
        found = _account(engine, login)
        if found is None:
            return None
        person_id, stored = found
        code = engine.crypto.code("rest-password", f"{person_id}\0{password}".encode())
        with self._lock:
            known = self._known.get((person_id, stored), "")
        if not hmac.compare_digest(known, code):
            check_password(engine, login, password, address)
            self._remember(person_id, stored, code)
        return person_id

    def _remember(self, person_id: str, stored: str, code: str) -> None:
        with self._lock:
            self._known[person_id, stored] = code
            while len(self._known) > self.MOST:
                self._known.popitem(last=False)


def _account(engine: Engine, login: str) -> tuple[str, str] | None:
    """Id and password hash of an active person whose agency allows passwords."""
    try:
        normal = passwords.normal_login(login)
    except Refusal:
        return None
    query = (
        select(Person.id, Person.password_hash, Agency.settings)
        .join(Agency, Agency.id == Person.agency_id)
        .where(Person.login == normal, Person.active.is_(True))
    )
    with engine.database.read() as session:
        found = session.execute(query).one_or_none()
    if found is None or not found.settings.get(PASSWORDS):
        return None
    return found.id, found.password_hash

"""What makes a function a verb: one transaction, one actor, run again on a lost race, done once.

`@verb def claim(unit: Unit, task_id: str)` is called from outside as
`claim(engine, person_id, task_id, address="10.1.2.3", idempotency_key="…")` and as a part of
another verb as `claim.within(unit, task_id)`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, is_dataclass
from datetime import timedelta
from functools import cached_property, update_wrapper
from typing import (
    TYPE_CHECKING,
    Any,
    Concatenate,
    Generic,
    ParamSpec,
    TypeVar,
    cast,
    get_type_hints,
)

import orjson
from sqlalchemy import CursorResult, delete

from engine.access_alarms import alarm
from engine.actors import Actor
from engine.arrival import Arrival
from engine.errors import Conflict, Forbidden, LiandongError, Refusal, Unavailable
from engine.store import audit_chain
from engine.store.crypto import sm3
from engine.store.failures import LostConnection, LostRace
from engine.store.models import IdempotencyKey, Person
from engine.store.unit_of_work import Unit
from engine.store.upsert import insert_if_absent

if TYPE_CHECKING:
    from engine.engine import Engine

P = ParamSpec("P")
R = TypeVar("R")

RETRIES = 3
"""How often a verb that lost a race runs again before the caller hears of it."""
LONGEST_KEY = 80
KEPT_FOR = timedelta(days=7)
"""How long a client may repeat a request and get the first answer."""


@dataclass(frozen=True, slots=True)
class _Request:
    actor_id: str
    address: str | None
    key: str | None
    args: tuple[Any, ...]
    values: dict[str, Any]


class _Repeated(Exception):
    """The request was done before; rolls back what its repetition did."""

    def __init__(self, answer: Any) -> None:
        super().__init__("answered before")
        self.answer = answer


class Verb(Generic[P, R]):
    """A function over a `Unit`, callable from outside with an engine and an actor's id."""

    def __init__(self, body: Callable[Concatenate[Unit, P], R], reads_actor: bool = False) -> None:
        self.body = body
        self.reads_actor = reads_actor
        update_wrapper(self, body)

    def __call__(
        self,
        engine: Engine,
        actor_id: str,
        *args: Any,
        address: str | None = None,
        idempotency_key: str | None = None,
        **values: Any,
    ) -> R:
        """Run in a transaction of its own.

        With an `idempotency_key` the same request is done once: its repetition gets the stored
        answer (tuples come back as lists), another request under the key is refused.
        Raises `Conflict` (`verb.lost_race`, `verb.busy`, `idempotency.other_body`), `Unavailable`,
        `Forbidden`, which is recorded, and whatever the verb itself raises.
        """
        request = _Request(actor_id, address, idempotency_key, args, values)
        try:
            return self._persist(engine, request)
        except _Repeated as repeated:
            return cast(R, repeated.answer)
        except Forbidden as refusal:
            self._record_denial(engine, request, refusal)
            raise

    def within(self, unit: Unit, *args: P.args, **values: P.kwargs) -> R:
        """Run as a part of another verb, in its transaction."""
        return self.body(unit, *args, **values)

    def _persist(self, engine: Engine, request: _Request) -> R:
        for _ in range(RETRIES):
            try:
                return self._run(engine, request)
            except (LostRace, LostConnection):
                continue
            except Unavailable as problem:
                # Whether it was committed is unknown; with a key, asking again is harmless.
                if request.key is None or problem.code != "database.outcome_unknown":
                    raise
        return self._run(engine, request)

    def _run(self, engine: Engine, request: _Request) -> R:
        with unit_of_work(engine, request.actor_id, request.address) as unit:
            if not self.reads_actor:
                unit.arrival.settle()
            if request.key is None:
                return self.body(unit, *request.args, **request.values)
            return self._run_once(unit, request.key, request)

    def _run_once(self, unit: Unit, key: str, request: _Request) -> R:
        """Do it and keep the answer with it; one statement more than without a key.

        A repetition is noticed by what it meets: a refusal (the task is completed), else the key
        itself. It is rolled back, whatever it did, and hears the first answer.
        """
        if not 0 < len(key) <= LONGEST_KEY:
            raise Refusal("idempotency.key", longest=LONGEST_KEY, found=len(key))
        digest = self._digest(unit, request)
        try:
            answer = self.body(unit, *request.args, **request.values)
        except LiandongError:
            self._answer_again(unit, key, digest, request.actor_id)
            raise
        new = insert_if_absent(
            unit.session,
            IdempotencyKey,
            actor=request.actor_id,
            key=key,
            request_digest=digest,
            answer={"answer": _plain(answer)},
            at=unit.now,
        )
        if not new:
            self._answer_again(unit, key, digest, request.actor_id)
        return answer

    def _answer_again(self, unit: Unit, key: str, digest: str, actor_id: str) -> None:
        """Raises `_Repeated` with the stored answer, where there is one."""
        with unit.session.no_autoflush:
            stored = unit.session.get(IdempotencyKey, (actor_id, key))
        if stored is None:
            return
        if stored.request_digest != digest:
            raise Conflict("idempotency.other_body", key=key)
        raise _Repeated(self._revive(stored.answer["answer"]))

    @cached_property
    def _revive(self) -> Callable[[Any], Any]:
        """From stored JSON back to what the verb declares to return."""
        declared: Any = get_type_hints(self.body).get("return")
        if not (isinstance(declared, type) and is_dataclass(declared)):
            return lambda answer: answer
        return lambda answer: declared(**answer)

    def _digest(self, unit: Unit, request: _Request) -> str:
        # Keyed: a bare digest of a short form could be guessed back.
        body = orjson.dumps(
            [self.body.__name__, request.args, request.values],
            default=_digestible,
            option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS,
        )
        return unit.engine.crypto.code("idempotency", body)

    def _record_denial(self, engine: Engine, request: _Request, refusal: Forbidden) -> None:
        what, code = self.body.__name__, refusal.code
        with unit_of_work(engine, _refused(engine, request)) as unit:
            unit.audit("access.denied", "verb", what, detail={"code": code})
            alarm(unit, code, what)


def _refused(engine: Engine, request: _Request) -> Actor:
    """Whoever was refused, as far as he is known: without posts, for they did not help him."""
    with engine.database.read() as session:
        person = session.get(Person, request.actor_id)
        agency_id = person.agency_id if person is not None else None
    return Actor(request.actor_id, agency_id, address=request.address)


def verb(body: Callable[Concatenate[Unit, P], R]) -> Verb[P, R]:
    """Make `body(unit, …)` a verb, called as `body(engine, actor_id, …)`."""
    return Verb(body)


def verb_on_a_row(body: Callable[Concatenate[Unit, P], R]) -> Verb[P, R]:
    """A verb whose first statement, `unit.arrival.rows(…)`, reads its row and who acts on it."""
    return Verb(body, reads_actor=True)


@contextmanager
def unit_of_work(engine: Engine, actor: Actor | str, address: str | None = None) -> Iterator[Unit]:
    """One transaction with its actor, instant and audit; committed when the block ends well."""
    with engine.database.write() as session:
        unit = Unit(engine, session, Arrival(session, engine.clock, actor, address))
        yield unit
        # Whoever may not act does nothing, also where the verb never asked who he is.
        unit.arrival.settle()
        audit_chain.write(unit)


def _plain(answer: Any) -> Any:
    if is_dataclass(answer) and not isinstance(answer, type):
        return asdict(answer)
    return answer


def _digestible(value: Any) -> Any:
    """What orjson does not know, in a form that is the same for the same request."""
    if isinstance(value, bytes):
        return sm3(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    return str(value)


@verb
def forget_old_requests(unit: Unit) -> int:
    """Delete idempotency keys older than seven days; how many there were."""
    deleted = unit.session.execute(
        delete(IdempotencyKey)
        .where(IdempotencyKey.at < unit.now - KEPT_FOR)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(deleted, CursorResult)
    return deleted.rowcount

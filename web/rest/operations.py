"""Operations as data: one table makes the routes, the OpenAPI document and docs/rest.md."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from engine.actors import Actor
from engine.attachments import store_file
from engine.errors import Refusal
from engine.queries.rest.listing import MOST, Listing, Wanted
from engine.verbs import Verb
from web.rest.members import Body, Flag, Instant, Member, Number, Objects, Text, Texts
from web.rest.shapes import COUNT, Shape
from web.rest.typed import FILE, Upload, plain_json

if TYPE_CHECKING:
    from engine.engine import Engine

R = TypeVar("R")
P = ParamSpec("P")
Act = Callable[..., Any]
KINDS: Mapping[str, Member] = {
    "text": Text(),
    "texts": Texts(),
    "instant": Instant(),
    "flag": Flag(),
    "number": Number(),
}


@dataclass(frozen=True)
class Call:
    """One request: who asks, and what was given, already read."""

    engine: Engine
    actor: Actor
    query: Mapping[str, Any]
    body: Mapping[str, Any]
    key: str | None
    """Idempotency-Key."""

    def do(self, verb: Verb[P, R], *args: Any, once: bool = False, **values: Any) -> R:
        """Run a verb as the caller. `once`: under the Idempotency-Key that was sent."""
        return verb(
            self.engine,
            self.actor.id,
            *args,
            address=self.actor.address,
            idempotency_key=self.key if once else None,
            **values,
        )

    def feel(self, values: Mapping[str, Any] | None) -> dict[str, Any]:
        """Typed variables as FEEL values; files that came with them are stored."""
        return {name: self._feel(value) for name, value in (values or {}).items()}

    def entered(self, values: Mapping[str, Any] | None) -> dict[str, Any]:
        """Typed variables as what is entered into a form."""
        return {name: plain_json(value) for name, value in self.feel(values).items()}

    def _feel(self, value: Any) -> Any:
        if not isinstance(value, Upload):
            return value
        stored = self.do(store_file, value.filename, value.media_type, value.content)
        return {FILE: stored}


@dataclass(frozen=True)
class Operation:
    """One method of one path."""

    method: str
    path: str
    """As Flask writes it: `/task/<task_id>/claim`."""
    act: Act
    query: Mapping[str, Member] = field(default_factory=dict)
    body: Body | None = None
    multipart: bool = False
    answer: Any = None
    """A Shape, a JSON Schema, `bytes` for a file; None: 204 and nothing."""
    many: bool = False
    once: bool = False
    """Creates something: an Idempotency-Key is honoured."""
    differs: str = ""
    """How it differs from the original; empty: the same."""
    tag: str = ""

    @property
    def summary(self) -> str:
        return (self.act.__doc__ or "").strip().splitlines()[0]

    @property
    def original_path(self) -> str:
        """`/task/{id}/claim`: as the original's documentation writes it."""
        return self.path.replace("<path:", "{").replace("<", "{").replace(">", "}")


class Resource:
    """The operations on one kind of thing."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.operations: list[Operation] = []

    def operation(self, method: str, path: str, **options: Any) -> Callable[[Act], Act]:
        """Register `act(call, **path values)` for a method and a path."""

        def register(act: Act) -> Act:
            self.operations.append(Operation(method, path, act, tag=self.tag, **options))
            return act

        return register

    def get(self, path: str, **options: Any) -> Callable[[Act], Act]:
        return self.operation("GET", path, **options)

    def post(self, path: str, **options: Any) -> Callable[[Act], Act]:
        return self.operation("POST", path, **options)

    def put(self, path: str, **options: Any) -> Callable[[Act], Act]:
        return self.operation("PUT", path, **options)

    def delete(self, path: str, **options: Any) -> Callable[[Act], Act]:
        return self.operation("DELETE", path, **options)

    def listing(
        self, path: str, name: str, rows: Listing, shape: Shape, *, posts: bool = True
    ) -> None:
        """The list and its count, by query; with `posts` by body, too."""
        filters = {name: KINDS[one.kind] for name, one in rows.filters.items()}
        differs = f"filters and sorting as listed in the OpenAPI document; at most {MOST} rows"
        query = {**filters, **_sorting(rows), **_PAGE}
        body = Body(f"{shape.name}Query", {**filters, "sorting": Objects(shape=_order_of(rows))})
        self._list(path, name, rows, shape, differs, query)
        self._count(path, name, rows, differs, filters)
        if posts:
            self._list_by_body(path, name, rows, shape, differs, body)
            self._count_by_body(path, name, rows, differs, body)

    def _list(
        self, path: str, name: str, rows: Listing, shape: Shape, differs: str, query: Any
    ) -> None:
        def act(call: Call) -> Any:
            return shape.list_of(rows.find(call.engine, call.actor, wanted(rows, call.query)))

        act.__doc__ = f"List {name}."
        self.get(path, query=query, answer=shape, many=True, differs=differs)(act)

    def _count(self, path: str, name: str, rows: Listing, differs: str, query: Any) -> None:
        def act(call: Call) -> Any:
            return COUNT.of(rows.count(call.engine, call.actor, wanted(rows, call.query)))

        act.__doc__ = f"Count {name}."
        self.get(f"{path}/count", query=query, answer=COUNT, differs=differs)(act)

    def _list_by_body(
        self, path: str, name: str, rows: Listing, shape: Shape, differs: str, body: Body
    ) -> None:
        def act(call: Call) -> Any:
            asked = wanted(rows, {**call.body, **call.query})
            return shape.list_of(rows.find(call.engine, call.actor, asked))

        act.__doc__ = f"List {name}, asked for in the body."
        self.post(path, query=_PAGE, body=body, answer=shape, many=True, differs=differs)(act)

    def _count_by_body(self, path: str, name: str, rows: Listing, differs: str, body: Body) -> None:
        def act(call: Call) -> Any:
            return COUNT.of(rows.count(call.engine, call.actor, wanted(rows, call.body)))

        act.__doc__ = f"Count {name}, asked for in the body."
        self.post(f"{path}/count", body=body, answer=COUNT, differs=differs)(act)


_PAGE: Mapping[str, Member] = {
    "firstResult": Number(least=0),
    "maxResults": Number(least=0),
}


def _sorting(rows: Listing) -> dict[str, Member]:
    return {"sortBy": Text(choice=tuple(rows.sorts)), "sortOrder": Text(choice=("asc", "desc"))}


def _order_of(rows: Listing) -> Body:
    return Body("Sorting", _sorting(rows))


def wanted(rows: Listing, given: Mapping[str, Any]) -> Wanted:
    """What a query or body asks of a list. Raises `Refusal` rest.sorting."""
    return Wanted(
        {name: given[name] for name in rows.filters if name in given},
        [_order(one) for one in given.get("sorting", ())] or _single_order(given),
        given.get("firstResult", 0),
        given.get("maxResults", MOST),
    )


def _single_order(given: Mapping[str, Any]) -> list[tuple[str, bool]]:
    if "sortBy" not in given and "sortOrder" not in given:
        return []
    return [_order(given)]


def _order(given: Mapping[str, Any]) -> tuple[str, bool]:
    if "sortBy" not in given or "sortOrder" not in given:
        raise Refusal("rest.sorting")
    return given["sortBy"], given["sortOrder"] == "desc"

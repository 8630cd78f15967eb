"""Decisions: read and evaluated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter
from typing import Any

from engine.errors import NotFound
from engine.queries.rest import repository
from engine.queries.rest.decisions import DecisionRow, Decisions
from engine.queries.rest.listing import MOST
from web.rest.members import Body, Flag, Member, Number, Text, Texts
from web.rest.operations import Act, Call, Resource
from web.rest.shapes import COUNT, Shape, nothing, number, text
from web.rest.typed import TypedMap, typed_map

resource = Resource("Decision Definition")
DECISION = Shape(
    "DecisionDefinition",
    {
        "id": text("id"),
        "key": text("key"),
        **nothing("category"),
        "name": text("name"),
        "version": number("version"),
        "resource": text("resource"),
        "deploymentId": text("deployment_id"),
        "decisionRequirementsDefinitionId": text("model_key"),
        "decisionRequirementsDefinitionKey": text("model_id"),
        **nothing("tenantId", "versionTag", "historyTimeToLive"),
    },
)
XML = Shape("DecisionDefinitionDiagram", {"id": text("id"), "dmnXml": text("xml")})
EVALUATE = Body("EvaluateDecision", {"variables": TypedMap()})
Fits = Callable[[DecisionRow, Any], bool]
_FILTERS: Mapping[str, tuple[Member, Fits]] = {
    "decisionDefinitionId": (Text(), lambda row, value: row.id == value),
    "decisionDefinitionIdIn": (Texts(), lambda row, values: row.id in values),
    "name": (Text(), lambda row, value: row.name == value),
    "nameLike": (Text(), lambda row, value: _like(row.name, value)),
    "deploymentId": (Text(), lambda row, value: row.deployment_id == value),
    "key": (Text(), lambda row, value: row.key == value),
    "keyLike": (Text(), lambda row, value: _like(row.key, value)),
    "version": (Number(), lambda row, value: row.version == value),
    "resourceName": (Text(), lambda row, value: row.resource == value),
    "resourceNameLike": (Text(), lambda row, value: _like(row.resource, value)),
    "decisionRequirementsDefinitionKey": (Text(), lambda row, value: row.model_id == value),
}
_SORTS = {
    "id": "id", "key": "key", "name": "name", "version": "version", "category": "key",
    "deploymentId": "deployment_id", "deployTime": "deployed_at", "tenantId": "key",
}  # fmt: skip
_ASKED: Mapping[str, Member] = {
    **{name: member for name, (member, _) in _FILTERS.items()},
    "latestVersion": Flag(),
    "withoutTenantId": Flag(),
}
_PAGE: Mapping[str, Member] = {
    "sortBy": Text(choice=tuple(_SORTS)),
    "sortOrder": Text(choice=("asc", "desc")),
    "firstResult": Number(least=0),
    "maxResults": Number(least=0),
}
_LISTED = f"filters as listed in the OpenAPI document; at most {MOST} rows"


def _like(found: str, pattern: str) -> bool:
    """% stands for any text."""
    parts = pattern.split("%")
    if len(parts) == 1:
        return found == pattern
    if not found.startswith(parts[0]) or not found[len(parts[0]) :].endswith(parts[-1]):
        return False
    place = len(parts[0])
    for part in parts[1:-1]:
        place = found.find(part, place)
        if place < 0:
            return False
        place += len(part)
    return place <= len(found) - len(parts[-1])


def _found(call: Call) -> list[DecisionRow]:
    rows: Iterable[DecisionRow] = Decisions(call.engine).all()
    for name, (_, fits) in _FILTERS.items():
        if name in call.query:
            rows = [row for row in rows if fits(row, call.query[name])]
    if call.query.get("latestVersion"):
        newest: dict[str, DecisionRow] = {row.key: row for row in rows}
        rows = newest.values()
    return list(rows)


@resource.get(
    "/decision-definition",
    query={**_ASKED, **_PAGE},
    answer=DECISION,
    many=True,
    differs=_LISTED,
)
def decisions(call: Call) -> Any:
    """List decisions."""
    rows = _found(call)
    by = _SORTS.get(call.query.get("sortBy", ""))
    if by:
        rows.sort(key=attrgetter(by), reverse=call.query.get("sortOrder") == "desc")
    first = call.query.get("firstResult", 0)
    return DECISION.list_of(rows[first : first + min(call.query.get("maxResults", MOST), MOST)])


@resource.get("/decision-definition/count", query=_ASKED, answer=COUNT, differs=_LISTED)
def count(call: Call) -> Any:
    """Count decisions."""
    return COUNT.of(len(_found(call)))


def _each_way(method: str, tail: str, **options: Any) -> Callable[[Act], Act]:
    """By the decision's id, by its key (the latest version), by key and tenant."""

    def register(act: Callable[[Call, DecisionRow], Any]) -> Act:
        def by_id(call: Call, id: str) -> Any:
            return act(call, _required(Decisions(call.engine).by_id(id), id))

        def by_key(call: Call, key: str, tenant_id: str = "") -> Any:
            return act(call, _required(Decisions(call.engine).latest(key), key))

        by_id.__doc__ = by_key.__doc__ = act.__doc__
        key = "/decision-definition/key/<key>"
        resource.operation(method, f"/decision-definition/<id>{tail}", **options)(by_id)
        resource.operation(method, f"{key}{tail}", **options)(by_key)
        resource.operation(method, f"{key}/tenant-id/<tenant_id>{tail}", **options)(by_key)
        return act

    return register


def _required(found: DecisionRow | None, named: str) -> DecisionRow:
    if found is None:
        raise NotFound("decision.unknown", decision=named)
    return found


@_each_way("GET", "", answer=DECISION)
def show(call: Call, row: DecisionRow) -> Any:
    """One decision."""
    return DECISION.of(row)


@_each_way("GET", "/xml", answer=XML)
def xml(call: Call, row: DecisionRow) -> Any:
    """The DMN file a decision stands in."""
    content = repository.content(call.engine, row.deployment_id, row.resource) or b""
    return {"id": row.id, "dmnXml": content.decode("utf-8", "replace")}


@_each_way(
    "POST", "/evaluate", body=EVALUATE, answer={"type": "array", "items": {"type": "object"}}
)
def evaluate(call: Call, row: DecisionRow) -> Any:
    """Decide."""
    values = call.feel(call.body.get("variables"))
    return [typed_map(one) for one in Decisions(call.engine).evaluate(row, values).rows]

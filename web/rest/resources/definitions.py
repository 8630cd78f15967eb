"""Process definitions: read, started, suspended, counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.definition_states import suspend_definitions
from engine.errors import NotFound, Refusal
from engine.instances import start_process
from engine.queries.rest import repository, variables
from engine.queries.rest.listing import Wanted
from engine.queries.rest.repository import DEFINITIONS, Load
from engine.queries.rest.runtime import HISTORIC_INSTANCES
from web.rest.members import Anything, Body, Flag, Text
from web.rest.operations import Act, Call, Resource
from web.rest.shapes import NO_LINKS, Shape, always, anything, flag, listed, number, text
from web.rest.shapes import nothing as null
from web.rest.typed import TypedMap, typed_map

resource = Resource("Process Definition")
BY_KEY = "/process-definition/key/<key>"
BY_TENANT = "/process-definition/key/<key>/tenant-id/<tenant_id>"
DEFINITION = Shape(
    "ProcessDefinition",
    {
        "id": text("ProcessDefinition.id"),
        "key": text("ProcessDefinition.key"),
        "category": always(None),
        "description": always(None),
        "name": text("ProcessDefinition.name"),
        "version": number("ProcessDefinition.version"),
        "resource": text("ProcessDefinition.resource_name"),
        "deploymentId": text("ProcessDefinition.deployment_id"),
        "diagram": always(None),
        "suspended": flag("ProcessDefinition.suspended"),
        **null("tenantId", "versionTag", "historyTimeToLive"),
        "startableInTasklist": flag(lambda row: bool(row.ProcessDefinition.startable_by)),
    },
)
XML = Shape("ProcessDefinitionDiagram", {"id": text("id"), "bpmn20Xml": text("xml")})
STARTED = Shape(
    "ProcessInstanceWithVariables",
    {
        "links": NO_LINKS,
        "id": text("ProcessInstance.id"),
        "definitionId": text("ProcessInstance.definition_id"),
        "definitionKey": text("ProcessInstance.process_key"),
        "businessKey": text("ProcessInstance.business_key"),
        "caseInstanceId": always(None),
        "ended": flag(lambda row: row.ProcessInstance.ended_at is not None),
        "suspended": flag(lambda row: row.ProcessInstance.state == "suspended"),
        "tenantId": text("ProcessInstance.agency_id"),
    },
)
INCIDENTS = Shape(
    "IncidentStatistics", {"incidentType": text("type"), "incidentCount": number("count")}
)
ELEMENT_LOAD = Shape(
    "ActivityStatistics",
    {
        "@class": text("type"),
        "id": text("id"),
        "instances": number("instances"),
        "failedJobs": number("failed_jobs"),
        "incidents": listed(INCIDENTS, "incidents"),
    },
)
DEFINITION_LOAD = Shape(
    "ProcessDefinitionStatistics",
    {**ELEMENT_LOAD.fields, "definition": anything(lambda row: DEFINITION.of(row.definition))},
)
resource.listing("/process-definition", "process definitions", DEFINITIONS, DEFINITION, posts=False)
_TENANTS = "a definition serves every agency; the tenant is the caller's own agency"


def each_way(method: str, tail: str, **options: Any) -> Callable[[Act], Act]:
    """Register for the definition's id, its key (the latest version), its key and tenant."""
    return each_way_of(resource, method, tail, **options)


def each_way_of(where: Resource, method: str, tail: str, **options: Any) -> Callable[[Act], Act]:
    def register(act: Act) -> Act:
        def by_key(call: Call, key: str, tenant_id: str = "") -> Any:
            return act(call, latest(call, key))

        by_key.__doc__ = act.__doc__
        differs = "; ".join(filter(None, (options.get("differs"), _TENANTS)))
        where.operation(method, f"/process-definition/<id>{tail}", **options)(act)
        where.operation(method, BY_KEY + tail, **options)(by_key)
        where.operation(method, BY_TENANT + tail, **{**options, "differs": differs})(by_key)
        return act

    return register


def latest(call: Call, key: str) -> str:
    """Id of the latest version. Raises `NotFound`."""
    found = repository.latest_definition(call.engine, key)
    if found is None:
        raise NotFound("definition.unknown", definition=key)
    return found


def definition(call: Call, id: str) -> Any:
    """The row of one definition. Raises `NotFound`."""
    found = DEFINITIONS.one(call.engine, call.actor, id)
    if found is None:
        raise NotFound("definition.unknown", definition=id)
    return found


class _Load:
    """A row of statistics."""

    def __init__(self, type_: str, key: str, load: Load, definition: Any = None) -> None:
        self.type, self.id, self.definition = type_, key, definition
        self.instances, self.failed_jobs = load.instances[key], load.failed_jobs[key]
        self.incidents = [_Count(*one) for one in load.incidents.get(key, {}).items()]


class _Count:
    def __init__(self, code: str, count: int) -> None:
        self.type = "failedExternalTask" if code == "external.failed" else "failedJob"
        self.count = count


_STATISTICS = {
    "failedJobs": Flag(),
    "incidents": Flag(),
    "incidentsForType": Text(),
    "rootIncidents": Flag(),
}
_COUNTED = "failed jobs and incidents are always counted, of the instances that the caller sees"


@resource.get(
    "/process-definition/statistics",
    query=_STATISTICS,
    answer=DEFINITION_LOAD,
    many=True,
    differs=_COUNTED,
)
def statistics(call: Call) -> Any:
    """How many instances run on each definition, and what failed in them."""
    load = repository.load_of_definitions(call.engine, call.actor)
    rows = DEFINITIONS.find(call.engine, call.actor, Wanted())
    kind = "org.camunda.bpm.engine.rest.dto.repository.ProcessDefinitionStatisticsResultDto"
    return DEFINITION_LOAD.list_of(_Load(kind, row.ProcessDefinition.id, load, row) for row in rows)


@each_way("GET", "", answer=DEFINITION)
def show(call: Call, id: str) -> Any:
    """One process definition."""
    return DEFINITION.of(definition(call, id))


@each_way("GET", "/xml", answer=XML)
def xml(call: Call, id: str) -> Any:
    """The diagram as BPMN 2.0 XML."""
    row = definition(call, id).ProcessDefinition
    content = repository.content(call.engine, row.deployment_id, row.resource_name) or b""
    return {"id": id, "bpmn20Xml": content.decode("utf-8", "replace")}


@each_way(
    "GET",
    "/statistics",
    query=_STATISTICS,
    answer=ELEMENT_LOAD,
    many=True,
    differs=_COUNTED,
)
def element_statistics(call: Call, id: str) -> Any:
    """How many tokens stand at each element, and what failed there."""
    definition(call, id)
    load = repository.load_of_elements(call.engine, call.actor, id)
    keys = sorted({*load.instances, *load.failed_jobs, *filter(None, load.incidents)})
    kind = "org.camunda.bpm.engine.rest.dto.repository.ActivityStatisticsResultDto"
    return ELEMENT_LOAD.list_of(_Load(kind, key, load) for key in keys)


START = Body(
    "StartProcessInstance",
    {
        "variables": TypedMap(),
        "businessKey": Text(longest=80),
        "withVariablesInReturn": Flag(),
        "startInstructions": Anything(),
    },
    ignored=frozenset(("skipCustomListeners", "skipIoMappings")),
)
_START_DIFFERS = (
    "only roles that the start event names may start; without businessKey a request number is "
    "given; variables go through the start form where there is one; startInstructions are refused"
)


@each_way(
    "POST",
    "/start",
    body=START,
    answer=STARTED,
    once=True,
    differs=_START_DIFFERS,
)
def start(call: Call, id: str) -> Any:
    """Start an instance."""
    if call.body.get("startInstructions"):
        raise Refusal("rest.unknown_member", name="startInstructions")
    return started(call, id, with_variables=call.body.get("withVariablesInReturn", False))


@each_way("POST", "/submit-form", body=START, answer=STARTED, once=True, differs=_START_DIFFERS)
def submit(call: Call, id: str) -> Any:
    """Start an instance with its start form."""
    return started(call, id)


def started(call: Call, id: str, with_variables: bool = False) -> Any:
    """Start this version, and show what became of it."""
    row = definition(call, id).ProcessDefinition
    given = call.body.get("variables")
    values = call.entered(given) if row.start_form else call.feel(given)
    made = call.do(
        start_process,
        row.key,
        values,
        business_key=call.body.get("businessKey"),
        definition_id=id,
        once=True,
    )
    found = HISTORIC_INSTANCES.one(call.engine, call.actor, made.instance_id)
    answer = STARTED.of(found)
    if with_variables:
        known = variables.of_instance(call.engine, call.actor, made.instance_id) or {}
        answer["variables"] = typed_map(known)
    return answer


SUSPEND = Body(
    "ProcessDefinitionSuspensionState",
    {"suspended": Flag(required=True), "includeProcessInstances": Flag(), "executionDate": Text()},
)


def _suspend(call: Call, ids: list[str]) -> None:
    for refused in ("includeProcessInstances", "executionDate"):
        if call.body.get(refused):
            raise Refusal("rest.unknown_member", name=refused)
    call.do(suspend_definitions, ids, call.body["suspended"])


_SUSPEND_DIFFERS = (
    "instances are suspended one by one, each with its reason: includeProcessInstances and "
    "executionDate are refused"
)


@resource.put("/process-definition/<id>/suspended", body=SUSPEND, differs=_SUSPEND_DIFFERS)
def suspend(call: Call, id: str) -> None:
    """Let no new instances start, or let them start again."""
    _suspend(call, [id])


@resource.put(f"{BY_KEY}/suspended", body=SUSPEND, differs=_SUSPEND_DIFFERS)
def suspend_by_key(call: Call, key: str) -> None:
    """The same for every version."""
    latest(call, key)
    _suspend(call, list(repository.definitions_of(call.engine, key)))


@resource.put(f"{BY_TENANT}/suspended", body=SUSPEND, differs=f"{_SUSPEND_DIFFERS}; {_TENANTS}")
def suspend_by_tenant(call: Call, key: str, tenant_id: str) -> None:
    """The same for every version."""
    suspend_by_key(call, key)

"""Messages and signals from outside."""

from __future__ import annotations

from typing import Any

from engine.correlation import Correlated, Search, correlate_message
from engine.queries.rest import variables
from engine.queries.rest.runtime import HISTORIC_INSTANCES
from engine.signals import throw_signal
from web.rest.members import Body, Flag, Text
from web.rest.operations import Call, Resource
from web.rest.resources.definitions import STARTED
from web.rest.shapes import Shape, anything, text
from web.rest.typed import TypedMap, typed_map

resource = Resource("Message")
MESSAGE = Body(
    "CorrelationMessage",
    {
        "messageName": Text(required=True, longest=120),
        "businessKey": Text(longest=80),
        "processInstanceId": Text(longest=64),
        "correlationKeys": TypedMap(),
        "localCorrelationKeys": TypedMap(),
        "processVariables": TypedMap(),
        "all": Flag(),
        "resultEnabled": Flag(),
        "variablesInResultEnabled": Flag(),
    },
    ignored=frozenset(("tenantId", "withoutTenantId")),
)
SIGNAL = Body(
    "Signal",
    {
        "name": Text(required=True, longest=120),
        "executionId": Text(longest=64),
        "variables": TypedMap(),
    },
    ignored=frozenset(("tenantId", "withoutTenantId")),
)
RESULT = Shape(
    "MessageCorrelationResult",
    {
        "resultType": text("type"),
        "execution": anything("execution"),
        "processInstance": anything("instance"),
    },
)


@resource.post(
    "/message",
    body=MESSAGE,
    answer=RESULT,
    many=True,
    once=True,
    differs="within the caller's agency; its programs and supervisors may send; "
    "processVariablesLocal is refused",
)
def correlate(call: Call) -> Any:
    """Correlate a message with what waits for it, or start what begins with it."""
    matching = {**call.body.get("correlationKeys", {}), **call.body.get("localCorrelationKeys", {})}
    search = Search(
        call.body.get("businessKey"), call.body.get("processInstanceId"), call.feel(matching)
    )
    found = call.do(
        correlate_message,
        call.body["messageName"],
        search,
        call.feel(call.body.get("processVariables")),
        everyone=call.body.get("all", False),
        once=True,
    )
    if not call.body.get("resultEnabled"):
        return None
    return [
        _result(call, one if isinstance(one, Correlated) else Correlated(**one)) for one in found
    ]


class _Result:
    def __init__(self, type_: str, execution: Any, instance: Any) -> None:
        self.type, self.execution, self.instance = type_, execution, instance


def _result(call: Call, one: Correlated) -> dict[str, Any]:
    row = HISTORIC_INSTANCES.one(call.engine, call.actor, one.instance_id)
    shown = STARTED.of(row) if row else None
    if one.task_id is None:
        answer = RESULT.of(_Result("ProcessDefinition", None, shown))
    else:
        execution = {
            "id": one.task_id,
            "processInstanceId": one.instance_id,
            "ended": True,
            "tenantId": call.actor.agency_id,
        }
        answer = RESULT.of(_Result("Execution", execution, shown))
    if call.body.get("variablesInResultEnabled"):
        known = variables.of_instance(call.engine, call.actor, one.instance_id)
        answer["variables"] = typed_map(known or {})
    return answer


@resource.post(
    "/signal",
    body=SIGNAL,
    once=True,
    differs="within the caller's agency; each who waits hears it in a transaction of its own, "
    "at once after the answer",
)
def signal(call: Call) -> None:
    """Throw a signal to all who wait for it."""
    call.do(
        throw_signal,
        call.body["name"],
        call.feel(call.body.get("variables")),
        call.body.get("executionId"),
        once=True,
    )

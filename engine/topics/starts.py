"""`request.start`: another procedure begins out of this one, with the data carried over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.bpmn.faults import Fault
from engine.bpmn.model import Node
from engine.origins import GROUPS
from engine.requests import ask_for
from engine.store.models import Agency, ProcessInstance
from engine.store.unit_of_work import Unit
from engine.topics import inputs as given

OWN = ("process", "fields", "to", "item", "urgent")
"""Inputs that steer the start; every other input becomes a variable of the new request."""


def start_request(
    unit: Unit,
    instance: ProcessInstance,
    node: Node,
    task_id: str,
    inputs: Mapping[str, Any],
    variables: Mapping[str, Any],
) -> dict[str, Any] | None:
    """Leave the start in an envelope; it is done by its own job, so that a broken procedure never
    holds up the one that asks for it. A process that does not exist yet is waited for (待接).

    Inputs: `process` (key), `fields` (case-file prefixes, default: all field groups), `to` (agency
    kind or id, default the own), `item` (its number in the request), `urgent`; any other becomes a
    variable. Raises `Fault` topic.input_missing, request.unknown_agency.
    """
    to = given.text(inputs, "to")
    agency_id = instance.parties.get(to, to) if to else instance.agency_id
    if unit.session.get(Agency, agency_id) is None:
        raise Fault("request.unknown_agency", element=node.id, found=agency_id)
    ask_for(
        unit,
        instance,
        process=given.required(inputs, "process", node),
        to_agency=agency_id,
        fields=given.names(inputs, "fields") or [GROUPS],
        variables={name: value for name, value in inputs.items() if name not in OWN},
        item=given.text(inputs, "item"),
        urgent=given.text(inputs, "urgent").lower() == "true"
        or node.properties.get("urgent") == "true",
    )
    return None

"""`notify`: a notice into the inbox of a role, drawn where the ladder is not meant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.bpmn.model import Node
from engine.store.models import ProcessInstance
from engine.store.unit_of_work import Unit
from engine.topics import inputs as given


def notify(
    unit: Unit,
    instance: ProcessInstance,
    node: Node,
    task_id: str,
    inputs: Mapping[str, Any],
    variables: Mapping[str, Any],
) -> dict[str, Any] | None:
    """Inputs: `to` (role codes with commas), `text` (no personal data), `kind`, `unit`.

    A role whose code begins with an agency kind of the request (court_…, police_…) is told there,
    any other in the own agency. `kind` is notice unless another of `Notification.kind` is meant.
    Raises `Fault` topic.input_missing.
    """
    given.required(inputs, "to", node)
    for role in given.names(inputs, "to"):
        unit.notify(
            given.text(inputs, "kind") or "notice",
            agency_id=agency_of(instance, role.split("_", 1)[0]),
            role=role,
            unit_id=given.text(inputs, "unit") or None,
            instance=instance,
            params={"text": given.required(inputs, "text", node), "element": node.id},
        )
    return None


def agency_of(instance: ProcessInstance, kind: str) -> str:
    """The side of the request of that agency kind; the instance's own where there is none."""
    return instance.parties.get(kind, instance.agency_id)

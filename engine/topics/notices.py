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
    """Inputs: `role`, `text` (the sentence, no personal data), `kind`, `unit`, `to`.

    `kind` is notice unless another of `Notification.kind` is meant. `to` is an agency kind of the
    request (court, police) or an agency id; default: the own agency. Raises `Fault`
    topic.input_missing.
    """
    unit.notify(
        given.text(inputs, "kind") or "notice",
        agency_id=agency_of(instance, given.text(inputs, "to")),
        role=given.required(inputs, "role", node),
        unit_id=given.text(inputs, "unit") or None,
        instance=instance,
        params={"text": given.required(inputs, "text", node), "element": node.id},
    )
    return None


def agency_of(instance: ProcessInstance, to: str) -> str:
    """An agency by its kind in the request or by its id; empty: the instance's own."""
    return instance.parties.get(to, to) if to else instance.agency_id

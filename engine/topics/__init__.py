"""Built-in topics: what a diagram cannot say, done in the verb's transaction (D12)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from engine.bpmn.model import Node
from engine.store.models import ProcessInstance
from engine.store.unit_of_work import Unit


class Topic(Protocol):
    """A built-in topic: what it returns becomes variables."""

    def __call__(
        self,
        unit: Unit,
        instance: ProcessInstance,
        node: Node,
        task_id: str,
        inputs: Mapping[str, Any],
        variables: Mapping[str, Any],
    ) -> Mapping[str, Any] | None:
        """Do it. Raises `BpmnError` for what a diagram may catch, `Fault` for the rest."""

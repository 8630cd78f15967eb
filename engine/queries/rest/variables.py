"""Variables of instances, as they are or as they were when the instance ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from engine import permissions
from engine.actors import Actor
from engine.bpmn.state import load_variables
from engine.queries.rest.listing import Wanted
from engine.queries.rest.runtime import HISTORIC_INSTANCES
from engine.store.models import ProcessInstance, UserTask

if TYPE_CHECKING:
    from engine.engine import Engine


@dataclass(frozen=True, slots=True)
class VariableRow:
    """One variable of one instance."""

    instance: ProcessInstance
    name: str
    value: Any
    """A FEEL value."""

    @property
    def id(self) -> str:
        return f"{self.instance.id}:{self.name}"


def of_instance(engine: Engine, actor: Actor, instance_id: str) -> dict[str, Any] | None:
    """FEEL values by name; None where the actor sees no such instance."""
    query = select(ProcessInstance.variables).where(
        ProcessInstance.id == instance_id, permissions.sees_instance(actor)
    )
    return _loaded(engine, query)


def of_task(engine: Engine, actor: Actor, task_id: str) -> dict[str, Any] | None:
    """Those of the task's process; None where the actor sees no such task."""
    query = (
        select(ProcessInstance.variables)
        .join(UserTask, UserTask.instance_id == ProcessInstance.id)
        .where(UserTask.id == task_id, permissions.oversees_task(actor))
    )
    return _loaded(engine, query)


def _loaded(engine: Engine, query: Any) -> dict[str, Any] | None:
    with engine.database.read() as session:
        found = session.scalar(query)
    return None if found is None else load_variables(found)


def of_instances(engine: Engine, actor: Actor, filters: Mapping[str, Any]) -> Iterator[VariableRow]:
    """Variables of the instances that the filters of historic instances leave."""
    for row in HISTORIC_INSTANCES.find(engine, actor, Wanted(filters)):
        instance = row.ProcessInstance
        for name, value in sorted(load_variables(instance.variables).items()):
            yield VariableRow(instance, name, value)

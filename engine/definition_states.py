"""What becomes of a definition after its publication: suspended, resumed, taken back unused."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, exists, or_, select

from engine import permissions, timer_starts
from engine.errors import Conflict, Forbidden, NotFound
from engine.store.models import (
    Activity,
    Deployment,
    ProcessDefinition,
    ProcessInstance,
    Resource,
)
from engine.store.unit_of_work import Unit
from engine.verbs import verb


@verb
def suspend_definitions(unit: Unit, ids: Sequence[str], suspended: bool) -> None:
    """Whether new instances may be started; running ones go on. Raises `NotFound`, `Forbidden`."""
    if not permissions.may_deploy(unit.actor):
        raise Forbidden("deployment.may_not_deploy")
    for definition_id in sorted(ids):
        definition = unit.session.get(ProcessDefinition, definition_id, with_for_update=True)
        if definition is None:
            raise NotFound("definition.unknown", definition=definition_id)
        definition.suspended = suspended
        action = "definition.suspended" if suspended else "definition.resumed"
        unit.audit(action, "definition", definition.id, detail={"key": definition.key})


@verb
def withdraw_deployment(unit: Unit, deployment_id: str) -> None:
    """Delete a deployment that no instance has ever used: history is never destroyed.

    Raises `NotFound`, `Forbidden`, `Conflict` deployment.in_use.
    """
    if not permissions.may_deploy(unit.actor):
        raise Forbidden("deployment.may_not_deploy")
    deployment = unit.session.get(Deployment, deployment_id, with_for_update=True)
    if deployment is None:
        raise NotFound("deployment.unknown", deployment=deployment_id)
    own = select(ProcessDefinition.id, ProcessDefinition.key).where(
        ProcessDefinition.deployment_id == deployment_id
    )
    keys = {row.id: row.key for row in unit.session.execute(own)}
    if unit.session.scalar(select(_used(list(keys)))):
        raise Conflict("deployment.in_use", deployment=deployment.name)
    for key in keys.values():
        timer_starts.disarm(unit, key)
    for table in (ProcessDefinition, Resource):
        gone = delete(table).where(table.deployment_id == deployment_id)
        unit.session.execute(gone, execution_options={"synchronize_session": False})
    for key in keys.values():
        timer_starts.arm_latest(unit, key)
    detail = {"name": deployment.name, "digest": deployment.digest}
    unit.session.delete(deployment)
    unit.audit("deployment.withdrawn", "deployment", deployment_id, detail=detail)


def _used(ids: Sequence[str]) -> ColumnElement[bool]:
    return or_(
        exists().where(ProcessInstance.definition_id.in_(ids)),
        exists().where(Activity.definition_id.in_(ids)),
    )

"""A signal from outside: whatever waits for it or begins with it in the sender's agency."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from engine import permissions, signal_starts
from engine.errors import Forbidden, NotFound
from engine.feel import encode, from_python
from engine.store.models import Job, ProcessInstance, Subscription
from engine.store.unit_of_work import Unit
from engine.verbs import verb


@verb
def throw_signal(
    unit: Unit,
    name: str,
    variables: Mapping[str, Any] | None = None,
    execution_id: str | None = None,
) -> int:
    """One job for each who waits, due at once; how many.

    `execution_id`: only the waiting event, or the instance, of that id; then one must wait.
    Raises `Forbidden` signal.may_not_throw, `NotFound` signal.nobody_waits.
    """
    if not permissions.may_speak_for(unit.actor):
        raise Forbidden("signal.may_not_throw")
    payload = {key: encode(from_python(value)) for key, value in (variables or {}).items()}
    waiting = _waiting(unit, name, execution_id)
    if execution_id is not None and not waiting:
        raise NotFound("signal.nobody_waits", signal=name, execution=execution_id)
    for instance, task_id in waiting:
        unit.session.add(_job(unit, instance.id, task_id, payload))
        detail = {"signal": name}
        unit.audit("signal.received", "instance", instance.id, instance=instance, detail=detail)
    if execution_id is None:
        return len(waiting) + signal_starts.hear(unit, name, payload, unit.actor.agency_id)
    return len(waiting)


def _waiting(unit: Unit, name: str, execution_id: str | None) -> list[tuple[ProcessInstance, str]]:
    query = (
        select(ProcessInstance, Subscription.id)
        .join(ProcessInstance, ProcessInstance.id == Subscription.instance_id)
        .where(
            Subscription.kind == "signal",
            Subscription.name == name,
            Subscription.agency_id == unit.actor.agency_id,
        )
        .order_by(ProcessInstance.id, Subscription.id)
        .with_for_update(of=ProcessInstance)
    )
    if execution_id is not None:
        query = query.where(
            (Subscription.id == execution_id) | (Subscription.instance_id == execution_id)
        )
    return [(instance, task_id) for instance, task_id in unit.session.execute(query)]


def _job(unit: Unit, instance_id: str, task_id: str, payload: Mapping[str, Any]) -> Job:
    return Job(
        kind="signal",
        instance_id=instance_id,
        task_id=task_id,
        due_at=unit.now,
        created_at=unit.now,
        detail={"variables": dict(payload)},
    )

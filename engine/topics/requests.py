"""`request.state`, `request.forget`: how the request it is about stands; a lead not needed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, or_, select, update

from engine import running, submissions
from engine.bpmn.model import Node
from engine.store.models import (
    CaseFile,
    Envelope,
    IndexTerm,
    ProcessInstance,
    Submission,
)
from engine.store.unit_of_work import Unit
from engine.topics import inputs as given


def state(
    unit: Unit,
    instance: ProcessInstance,
    node: Node,
    task_id: str,
    inputs: Mapping[str, Any],
    variables: Mapping[str, Any],
) -> dict[str, Any] | None:
    """Inputs: `request` (a number; null: nothing is known), `process` (any half of the procedure
    that is meant, where others run under the same number, e.g. a lift).

    Sets `request_open` (whether an instance of it still runs here) and `earlier_request` (number
    of another open request of this procedure about the same one, begun earlier; else null).
    """
    number = given.text(inputs, "request")
    if not number:
        return {"request_open": None, "earlier_request": None}
    return {
        "request_open": _is_open(unit, instance, number, given.text(inputs, "process")),
        "earlier_request": unit.session.scalar(_earlier(instance, number)),
    }


def _is_open(unit: Unit, instance: ProcessInstance, number: str, process: str) -> bool:
    keys = unit.session.scalars(
        select(ProcessInstance.process_key).where(
            ProcessInstance.business_key == number,
            ProcessInstance.agency_id == instance.agency_id,
            ProcessInstance.state.in_(running.ALIVE),
        )
    )
    return any(not process or _procedure(key) == _procedure(process) for key in keys)


def _procedure(key: str) -> str:
    """The folder's name: halves and parts are `<procedure>__<part>` (D13)."""
    return key.split("__", 1)[0]


def _earlier(instance: ProcessInstance, number: str) -> Any:
    return (
        select(ProcessInstance.business_key)
        .where(
            ProcessInstance.origin_request == number,
            ProcessInstance.process_key == instance.process_key,
            ProcessInstance.agency_id == instance.agency_id,
            ProcessInstance.business_key != instance.business_key,
            ProcessInstance.state.in_(running.ALIVE),
        )
        .order_by(ProcessInstance.started_at)
        .limit(1)
    )


def forget(
    unit: Unit,
    instance: ProcessInstance,
    node: Node,
    task_id: str,
    inputs: Mapping[str, Any],
    variables: Mapping[str, Any],
) -> dict[str, Any] | None:
    """Delete what the agency holds of the request: case file, answers, search terms, what came and
    went with messages. That it was there, when and by whom, stays. Input: `reason`.

    Data minimisation: a lead about somebody who is no longer looked for (procedures B7).
    Raises `Fault` topic.input_missing.
    """
    detail = {"reason": given.required(inputs, "reason", node)}
    of_agency = {"agency_id": instance.agency_id, "business_key": instance.business_key}
    for table in (CaseFile, IndexTerm):
        unit.session.execute(delete(table).filter_by(**of_agency))
    unit.case_files.pop((instance.agency_id, instance.business_key), None)
    _empty_answers(unit, of_agency)
    _empty_messages(unit, instance)
    unit.audit(
        "request.forgotten", "request", instance.business_key, instance=instance, detail=detail
    )
    return None


def _empty_answers(unit: Unit, of_agency: Mapping[str, str]) -> None:
    for one in unit.session.scalars(select(Submission).filter_by(**of_agency)):
        one.sealed = unit.engine.crypto.seal(b"{}", submissions.PURPOSE, one.id)


def _empty_messages(unit: Unit, instance: ProcessInstance) -> None:
    """Only those that have arrived: one on its way is the receiver's to read."""
    mine = or_(Envelope.from_agency == instance.agency_id, Envelope.to_agency == instance.agency_id)
    unit.session.execute(
        update(Envelope)
        .where(
            Envelope.business_key == instance.business_key,
            Envelope.state == "correlated",
            mine,
        )
        .values(sealed=None),
        execution_options={"synchronize_session": "fetch"},
    )

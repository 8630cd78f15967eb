"""User tasks: claim, give back, assign, complete."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, select

from engine import case_files, permissions, reasons, running, submissions
from engine.actors import load_actor
from engine.bpmn.execution import Execution
from engine.bpmn.state import load_variables
from engine.errors import Conflict, Forbidden, NotFound, Refusal
from engine.form_scope import form_scope
from engine.incidents import reporting_faults
from engine.ports import FieldError, Validated
from engine.projection.deadlines import Lateness
from engine.store.models import CaseFile, ProcessInstance, UserTask
from engine.store.unit_of_work import Unit
from engine.verbs import verb_on_a_row

OVERDUE_REASON = "overdue_reason"
"""Field added to whatever form completes a period too late (procedures A6 C-2)."""
LEAST_REASON = 10
"""Characters of a reason that says something."""


@dataclass(frozen=True, slots=True)
class Completed:
    """What came of it; `next_task_id` is a task of the same instance the actor may go on with."""

    instance_id: str
    next_task_id: str | None
    ended: bool


# The instance is locked first, as everybody does: else two would wait for each other.
_LOCK: Any = (
    select(UserTask, ProcessInstance, CaseFile.sealed)
    .select_from(ProcessInstance)
    .join(UserTask, UserTask.instance_id == ProcessInstance.id)
    .outerjoin(
        CaseFile,
        and_(
            CaseFile.agency_id == ProcessInstance.agency_id,
            CaseFile.business_key == ProcessInstance.business_key,
        ),
    )
    .where(UserTask.id == bindparam("task"))
    .options(*running.TO_RUN)
    .with_for_update(of=(ProcessInstance, UserTask))
)


def locked_task(unit: Unit, task_id: str) -> tuple[UserTask, ProcessInstance]:
    """The task and its instance, both locked. Raises `NotFound` for another agency's task."""
    found = unit.arrival.rows(_LOCK, {"task": task_id})
    if not found:
        raise NotFound("task.unknown", task=task_id)
    task, instance, case_file, *_ = found[0]
    case_files.note(unit, instance.agency_id, instance.business_key, case_file)
    if task.agency_id != unit.actor.agency_id and unit.actor.kind != "system":
        raise NotFound("task.unknown", task=task_id)
    return task, instance


def require_open(task: UserTask) -> None:
    if task.state != "open":
        raise Conflict(
            f"task.{task.state}", task=task.name, by=task.completed_by, at=task.completed_at
        )


@verb_on_a_row
def claim_user_task(unit: Unit, task_id: str) -> None:
    """Take a task out of the queue. Raises `Conflict` when somebody else was faster."""
    task, instance = locked_task(unit, task_id)
    require_open(task)
    if task.assignee == unit.actor.id:
        return
    if task.assignee is not None:
        raise Conflict("task.claimed_by_other", task=task.name, by=task.assignee)
    if not permissions.may_claim(unit.actor, task):
        raise Forbidden("task.may_not_claim", task=task.name)
    task.assignee, task.claimed_at = unit.actor.id, unit.now
    unit.audit("task.claimed", "task", task.id, instance=instance)


@verb_on_a_row
def unclaim_user_task(unit: Unit, task_id: str, reason: str = "") -> None:
    """Give a task back to the queue: one's own, or as a supervisor another's, with a reason."""
    task, instance = locked_task(unit, task_id)
    require_open(task)
    if task.assignee is None:
        return
    if not permissions.may_unclaim(unit.actor, task):
        raise Forbidden("task.may_not_unclaim", task=task.name)
    if task.assignee != unit.actor.id:
        reasons.require(reason)
        _tell_holder(unit, task, instance)
    task.assignee, task.claimed_at = None, None
    detail = {"reason": reason} if reason else {}
    unit.audit("task.unclaimed", "task", task.id, instance=instance, detail=detail)


@verb_on_a_row
def assign_user_task(unit: Unit, task_id: str, person_id: str, reason: str) -> None:
    """A supervisor gives a task to somebody it is addressed to, with a reason."""
    task, instance = locked_task(unit, task_id)
    require_open(task)
    reasons.require(reason)
    assignee = load_actor(unit.session, person_id, unit.now)
    if not permissions.may_assign(unit.actor, task, assignee):
        raise Forbidden("task.may_not_assign", task=task.name)
    if task.assignee != person_id:
        _tell_holder(unit, task, instance)
    task.assignee, task.claimed_at = person_id, unit.now
    unit.notify(
        "task",
        agency_id=task.agency_id,
        person_id=person_id,
        instance=instance,
        params={"task": task.name, "task_id": task.id},
    )
    detail = {"to": person_id, "reason": reason}
    unit.audit("task.assigned", "task", task.id, instance=instance, detail=detail)


def _tell_holder(unit: Unit, task: UserTask, instance: ProcessInstance) -> None:
    """Nobody may go on working on what is no longer his."""
    if task.assignee is not None:
        unit.notify(
            "taken_away",
            agency_id=task.agency_id,
            person_id=task.assignee,
            instance=instance,
            params={"task": task.name},
        )


@verb_on_a_row
@reporting_faults
def complete_user_task(unit: Unit, task_id: str, values: Mapping[str, Any]) -> Completed:
    """Submit the form of a task and run on to the next wait state: one transaction.

    `values`: typed JSON or the strings of a page; both pass the same validation. Where the task
    has no form they become variables as they are.
    Raises `Refusal` (form.invalid with its field errors), `Conflict` (task.completed,
    task.cancelled, task.claimed_by_other, instance.suspended), `Forbidden`, `NotFound`,
    `Fault` (everything rolled back, to be reported as an incident).
    """
    task, instance = locked_task(unit, task_id)
    require_open(task)
    running.require_active(instance)
    if task.assignee not in (None, unit.actor.id):
        raise Conflict("task.claimed_by_other", task=task.name, by=task.assignee)
    if not permissions.may_complete(unit.actor, task):
        raise Forbidden("task.may_not_complete", task=task.name)
    form = _form(unit, task)
    known = case_files.read(unit, instance.agency_id, instance.business_key) if form else {}
    reason, values = _split_reason(form, values)
    validated = _validated(unit, task, instance, form, known, values)
    task.state, task.completed_at, task.completed_by = "completed", unit.now, unit.actor.id
    task.assignee = unit.actor.id
    if form is not None:
        submissions.keep(
            unit,
            instance,
            task.form_key or "",
            validated,
            task_id=task.id,
            definition_id=task.definition_id,
            known=known,
        )
    done = running.run(
        unit,
        instance,
        lambda execution: _finish(execution, task, validated),
        validated.happened_at,
    )
    _explain(done.late, reason or str(validated.values.get(OVERDUE_REASON) or ""))
    unit.audit("task.completed", "task", task.id, instance=instance)
    return Completed(instance.id, _next(unit, done.opened), instance.state not in running.ALIVE)


def _form(unit: Unit, task: UserTask) -> dict[str, Any] | None:
    if task.form_key is None:
        return None
    return unit.engine.definitions.form(unit.session, task.definition_id, task.form_key)


def _split_reason(
    form: dict[str, Any] | None, values: Mapping[str, Any]
) -> tuple[str, Mapping[str, Any]]:
    """The overdue reason that the page added to a form which has no such field itself."""
    own = form is not None and OVERDUE_REASON in _keys(form)
    if own or OVERDUE_REASON not in values:
        return "", values
    rest = {key: value for key, value in values.items() if key != OVERDUE_REASON}
    return str(values[OVERDUE_REASON] or "").strip(), rest


def _keys(form: Mapping[str, Any]) -> set[str]:
    found = set()
    for component in form.get("components", ()):
        found.add(component.get("key", ""))
        found |= _keys(component)
    return found


def _validated(
    unit: Unit,
    task: UserTask,
    instance: ProcessInstance,
    form: dict[str, Any] | None,
    known: Mapping[str, Any],
    values: Mapping[str, Any],
) -> Validated:
    if form is None:
        return Validated(values={}, routing=dict(values))
    variables = load_variables({**instance.variables, **task.variables})
    scope = form_scope(unit, form, instance.agency_id, known, variables)
    return unit.engine.forms.validate(form, values, scope, now=unit.now)


def _finish(execution: Execution, task: UserTask, validated: Validated) -> None:
    if not execution.waits_for(task.id):
        raise Conflict("task.cancelled", task=task.name)
    execution.complete(task.id, submissions.adopted(validated.routing))


def _explain(late: list[Lateness], reason: str) -> None:
    """A statutory duty done too late asks why; the reason goes into its ledger.

    Raises `Refusal` form.invalid: nothing is committed until the reason is there.
    """
    if not late:
        return
    if len(reason) < LEAST_REASON:
        params = {"least": LEAST_REASON, "found": len(reason)}
        error = FieldError(OVERDUE_REASON, "field.overdue_reason", params)
        raise Refusal("form.invalid", errors=[error])
    for lateness in late:
        lateness.entry.ground = reason[:500]


def _next(unit: Unit, opened: list[UserTask]) -> str | None:
    """The first of the tasks just opened that the actor may go on with."""
    return next((task.id for task in opened if permissions.may_complete(unit.actor, task)), None)

"""Opening a form of a task or of a start: a verb, because the reading is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine import case_files, directory, drafts, origins, permissions
from engine.actors import Actor
from engine.bpmn.state import load_variables
from engine.errors import Forbidden, NotFound
from engine.form_scope import form_scope
from engine.joining import require_joinable, sees_request
from engine.queries.definitions import Startable
from engine.queries.task_rows import TaskRow, task_rows, tasks
from engine.store.models import ProcessInstance, UserTask
from engine.store.unit_of_work import Unit
from engine.verbs import verb


@dataclass(frozen=True)
class OpenedForm:
    """A form with all that is needed to show and to check it. Holds personal data."""

    form: dict[str, Any] | None
    scope: dict[str, Any]
    draft: list[list[str]] | None
    draft_saved_at: datetime | None


@dataclass(frozen=True)
class TaskPage:
    """A task for one person. `may_complete` is False where somebody else has it or had it."""

    task: TaskRow
    definition_id: str
    instance_version: int
    opened: OpenedForm
    may_complete: bool
    may_claim: bool
    may_unclaim: bool
    holder: str | None
    """Name of whoever has it."""
    completed_by: str | None


@verb
def open_task(unit: Unit, task_id: str) -> TaskPage:
    """The page of a task, its form prefilled from the case file; recorded before it is shown.

    Also of a task that somebody completed in the meantime, to whoever might have done it, so that
    what he typed can be shown to him again. Raises NotFound("task.unknown").
    """
    task = unit.session.get(UserTask, task_id)
    if task is None or not _may_open(unit.actor, task):
        raise NotFound("task.unknown", task=task_id)
    instance = unit.session.get_one(ProcessInstance, task.instance_id)
    opened = _opened_task(unit, task, instance)
    unit.audit("task.read", "task", task.id, instance=instance, detail={"form": task.form_key})
    people = directory.names(unit.session, unit.engine.crypto, [task.assignee, task.completed_by])
    [row] = task_rows(unit.session.execute(tasks(UserTask.id == task_id)))
    return TaskPage(
        task=row,
        definition_id=task.definition_id,
        instance_version=instance.version,
        opened=opened,
        may_complete=instance.state == "active" and permissions.may_complete(unit.actor, task),
        may_claim=permissions.may_claim(unit.actor, task),
        may_unclaim=task.state == "open" and task.assignee == unit.actor.id,
        holder=people.get(task.assignee or ""),
        completed_by=people.get(task.completed_by or ""),
    )


@verb
def open_start(
    unit: Unit, chosen: Startable, business_key: str | None = None, about: str | None = None
) -> OpenedForm:
    """The start form of a procedure, prefilled from the request it belongs to, or is raised about,
    where the actor may see that request. Raises Forbidden("process.not_startable"),
    NotFound("instance.unknown"), Conflict("instance.ended": the request it is about).
    """
    definition = unit.engine.definitions.row(unit.session, chosen.definition_id)
    if not permissions.may_start(unit.actor, definition):
        raise Forbidden("process.not_startable", process=chosen.name)
    agency_id = unit.actor.agency_id or ""
    origin = origins.open_origin(unit, about) if about else None
    if business_key:
        require_joinable(unit, business_key)
    known = _known_at_start(unit, chosen, agency_id, business_key or about)
    form = None
    if chosen.start_form:
        form = unit.engine.definitions.form(unit.session, chosen.definition_id, chosen.start_form)
    scope = form_scope(unit, form, agency_id, known, origins.about(origin) if origin else {})
    return _with_draft(unit, drafts.start_key(chosen.key, business_key or about), form, scope)


def _known_at_start(
    unit: Unit, chosen: Startable, agency_id: str, number: str | None
) -> Mapping[str, Any]:
    if not number or not sees_request(unit, number):
        return {}
    unit.audit("case_file.read", "request", number, detail={"form": chosen.start_form})
    return case_files.read(unit, agency_id, number)


def _opened_task(unit: Unit, task: UserTask, instance: ProcessInstance) -> OpenedForm:
    form = None
    if task.form_key:
        form = unit.engine.definitions.form(unit.session, task.definition_id, task.form_key)
    known = case_files.read(unit, instance.agency_id, instance.business_key)
    variables = load_variables({**instance.variables, **task.variables})
    scope = form_scope(unit, form, instance.agency_id, known, variables)
    return _with_draft(unit, task.id, form, scope)


def _with_draft(
    unit: Unit, key: str, form: dict[str, Any] | None, scope: dict[str, Any]
) -> OpenedForm:
    draft = drafts.read_draft(unit, key)
    if draft is None:
        return OpenedForm(form, scope, None, None)
    return OpenedForm(form, scope, draft.typed, draft.saved_at)


def _may_open(actor: Actor, task: UserTask) -> bool:
    return permissions.may_see_task(actor, task) or permissions.is_candidate(actor, task)

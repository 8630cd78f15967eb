"""Process instances: start, cancel, suspend, resume."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, update

from engine import case_files, numbering, origins, permissions, reasons, running, submissions
from engine.bpmn.execution import Execution
from engine.definitions import latest
from engine.errors import Conflict, Forbidden, NotFound, Refusal
from engine.form_scope import form_scope
from engine.handing_over import Holder, handed_over
from engine.hosting import InstanceHost
from engine.incidents import reporting_faults
from engine.joining import require_joinable
from engine.projection import project
from engine.store.models import (
    Agency,
    Job,
    ProcessDefinition,
    ProcessInstance,
    Subscription,
    UserTask,
)
from engine.store.types import new_id
from engine.store.unit_of_work import Unit
from engine.verbs import verb

LONGEST_KEY = 80
"""Characters of a business key."""


@dataclass(frozen=True, slots=True)
class Started:
    """A new instance; `next_task_id` is a task of it that the starter may go on with."""

    instance_id: str
    business_key: str
    next_task_id: str | None


@dataclass(frozen=True, slots=True)
class Beginning:
    """Everything an instance begins with, whoever starts it."""

    definition: ProcessDefinition
    business_key: str
    agency_id: str
    unit_id: str | None
    profile: str
    parties: Mapping[str, str]
    start_event: str | None
    variables: Mapping[str, Any]
    places: tuple[str, ...] = ()
    """Elements it begins at, in the middle, instead of a start event."""


@verb
@reporting_faults
def start_process(
    unit: Unit,
    process_key: str,
    values: Mapping[str, Any] | None = None,
    *,
    unit_id: str | None = None,
    business_key: str | None = None,
    about: str | None = None,
    definition_id: str | None = None,
) -> Started:
    """Start a process by hand, with its start form where it has one; else the values become
    variables as they are.

    `business_key`: an existing request that the actor may join, else a new number is given.
    `about`: the open request that the new one is raised about; its field groups go along.
    `definition_id`: this version of the process, not the latest.
    Raises `NotFound`, `Forbidden`, `Refusal` (form.invalid, instance.business_key), `Conflict`
    (instance.ended: the request it is about).
    """
    definition = _definition(unit, process_key, definition_id)
    if business_key is not None and not 0 < len(business_key) <= LONGEST_KEY:
        raise Refusal("instance.business_key", found=len(business_key), longest=LONGEST_KEY)
    if not permissions.may_start(unit.actor, definition):
        raise Forbidden("process.may_not_start", process=definition.name)
    if business_key is not None:
        require_joinable(unit, business_key)
    agency = unit.session.get_one(Agency, unit.actor.agency_id)
    if not switched_on(unit, definition, agency.profile):
        raise Forbidden("process.switched_off", process=definition.name)
    key = business_key or numbering.request_number(unit, agency.id, request_kind(unit, definition))
    origin = origins.open_origin(unit, about) if about else None
    told = origins.about(origin) if origin else {}
    known = _known(unit, agency.id, key, origin)
    validated = _validated(unit, definition, values or {}, agency.id, known, told)
    beginning = Beginning(
        definition=definition,
        business_key=key,
        agency_id=agency.id,
        unit_id=unit_id or unit.actor.unit_id,
        profile=origin.profile if origin else agency.profile,
        parties=dict(origin.parties) if origin else parties_of(unit, agency),
        start_event=None,
        variables={**told, **(validated.routing if validated else values or {})},
    )
    instance, opened = begin(unit, beginning, validated)
    unit.audit("instance.started", "instance", instance.id, instance=instance)
    return Started(instance.id, key, _first_of(unit, opened))


def _known(
    unit: Unit, agency_id: str, key: str, origin: ProcessInstance | None
) -> Mapping[str, Any]:
    """The request's case file; where it is raised about another one, begun with what goes along."""
    if origin is not None:
        carried = origins.carried(unit, origin, (origins.GROUPS,))
        came_from = Holder(agency_id, origin.business_key)
        carried = handed_over(unit, carried, [came_from], Holder(agency_id, key))
        case_files.write(unit, agency_id, key, carried)
    return case_files.read(unit, agency_id, key)


def _validated(
    unit: Unit,
    definition: ProcessDefinition,
    values: Mapping[str, Any],
    agency_id: str,
    known: Mapping[str, Any],
    told: Mapping[str, Any],
) -> Any:
    """The start form's answers; None where the process has no start form."""
    form = submissions.start_form(unit, definition)
    if form is None:
        return None
    scope = form_scope(unit, form, agency_id, known, told)
    return unit.engine.forms.validate(form, values, scope, now=unit.now)


def _definition(unit: Unit, process_key: str, definition_id: str | None) -> ProcessDefinition:
    if definition_id is None:
        found = latest(unit.session, process_key)
    else:
        found = unit.session.get(ProcessDefinition, definition_id)
    if found is None or found.key != process_key:
        raise NotFound("definition.unknown", definition=definition_id or process_key)
    return found


def switched_on(unit: Unit, definition: ProcessDefinition, profile: str) -> bool:
    """Whether the norm profile has the procedure (A1: enabled processes are data)."""
    off = unit.engine.statutes.current.profile(profile).disabled_procedures
    return definition.key.split("__")[0] not in off


def request_kind(unit: Unit, definition: ProcessDefinition) -> str:
    """TYPE of the request number (procedures A4): the process property `request.type`."""
    model = unit.engine.definitions.process(unit.session, definition.id).model
    return model.properties.get("request.type", "REQ")


def parties_of(unit: Unit, agency: Agency) -> dict[str, str]:
    """An agency and its counterpart, by kind: the sides of what it begins by itself."""
    parties = {agency.kind: agency.id}
    if agency.counterpart_id:
        other = unit.session.get(Agency, agency.counterpart_id)
        if other is not None:
            parties.setdefault(other.kind, other.id)
    return parties


def begin(
    unit: Unit, beginning: Beginning, validated: Any = None
) -> tuple[ProcessInstance, list[UserTask]]:
    """Make the row, run to the first wait state; the instance and the user tasks opened.

    A part of `start_process`, of a message start and of a timer start.
    """
    instance = _row(unit, beginning)
    unit.session.add(instance)
    unit.session.flush()
    if validated is not None:
        submissions.keep(
            unit, instance, beginning.definition.start_form or "", validated, task_id=None
        )
    host = InstanceHost(unit, instance)
    process = host.process(beginning.definition.id)
    execution = Execution(process, host, unit.now, new_id())
    values = submissions.adopted(beginning.variables)
    if beginning.places:
        execution.start_at(beginning.places, values)
    else:
        execution.start(beginning.start_event, values)
    return instance, project(unit, instance, execution).opened


def _row(unit: Unit, beginning: Beginning) -> ProcessInstance:
    case_no = _text(beginning.variables, "case_no")
    return ProcessInstance(
        id=new_id(),
        definition_id=beginning.definition.id,
        process_key=beginning.definition.key,
        business_key=beginning.business_key,
        case_no=case_no,
        origin_request=_text(beginning.variables, "origin_request"),
        agency_id=beginning.agency_id,
        unit_id=beginning.unit_id,
        profile=beginning.profile,
        norms_version=unit.engine.statutes.current.version,
        state="active",
        started_by=unit.actor.id,
        started_at=unit.now,
        variables={},
        parties=dict(beginning.parties),
        incident_count=0,
        open_deadlines=0,
        audit_head="",
        audit_count=0,
    )


def _text(variables: Mapping[str, Any], name: str) -> str | None:
    found = variables.get(name)
    return found if isinstance(found, str) else None


def _first_of(unit: Unit, opened: list[UserTask]) -> str | None:
    return next((task.id for task in opened if permissions.may_complete(unit.actor, task)), None)


# stepping in --------------------------------------------------------------------------


def _supervised(unit: Unit, instance_id: str, reason: str) -> ProcessInstance:
    instance = running.lock(unit.session, instance_id)
    if instance.agency_id != unit.actor.agency_id and unit.actor.kind != "system":
        raise NotFound("instance.unknown", instance=instance_id)
    if unit.actor.kind != "system" and not permissions.supervises(unit.actor, instance):
        raise Forbidden("instance.may_not_supervise")
    reasons.require(reason)
    return instance


@verb
def cancel_instance(unit: Unit, instance_id: str, reason: str) -> None:
    """End an instance by hand; its deadlines become void, what it waited for is forgotten.

    Raises `Forbidden`, `Refusal` (reason.missing), `Conflict` (instance.ended).
    """
    instance = _supervised(unit, instance_id, reason)
    if instance.state not in running.ALIVE:
        raise Conflict("instance.ended", instance=instance.id, state=instance.state)
    execution = running.wake(unit, instance)
    execution.cancel_all()
    project(unit, instance, execution)
    instance.state, instance.outcome = "cancelled", None
    forget_waits(unit, instance)
    unit.audit(
        "instance.cancelled", "instance", instance.id, instance=instance, detail={"reason": reason}
    )


def forget_waits(unit: Unit, instance: ProcessInstance) -> None:
    """No job and no subscription of an ended instance is left."""
    silent = {"synchronize_session": False}
    waiting = (Job.instance_id == instance.id, Job.state == "waiting")
    unit.session.execute(
        update(Job).where(*waiting).values(state="cancelled"), execution_options=silent
    )
    gone = delete(Subscription).where(Subscription.instance_id == instance.id)
    unit.session.execute(gone, execution_options=silent)


@verb
def suspend_instance(unit: Unit, instance_id: str, reason: str) -> None:
    """Stop tasks and technical jobs; statutory deadlines, reminders and ladder go on (D4)."""
    instance = _supervised(unit, instance_id, reason)
    running.require_active(instance)
    instance.state = "suspended"
    unit.audit(
        "instance.suspended", "instance", instance.id, instance=instance, detail={"reason": reason}
    )


@verb
def resume_instance(unit: Unit, instance_id: str, reason: str) -> None:
    """Go on. Timers that came due meanwhile fire at the next tick with their original due."""
    instance = _supervised(unit, instance_id, reason)
    if instance.state != "suspended":
        raise Conflict("instance.not_suspended", instance=instance.id, state=instance.state)
    instance.state = "active"
    unit.audit(
        "instance.resumed", "instance", instance.id, instance=instance, detail={"reason": reason}
    )

"""A request that began on paper enters in the middle (补录, 接管): at go-live, after an outage.

What happened before is entered through the procedure's own forms, checked like any other, with its
true times (发生时间); the token is placed where the request stands. Periods count from the true
instants that the forms tell; the ledger and the audit say when all this was written down, by whom
and why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from engine import case_files, numbering, permissions, reasons, submissions
from engine.bpmn.placing import places
from engine.definitions import latest
from engine.errors import Conflict, Forbidden, LiandongError, NotFound, Refusal
from engine.form_scope import form_scope
from engine.incidents import reporting_faults
from engine.instances import Beginning, Started, begin, parties_of, request_kind, switched_on
from engine.joining import sees_request
from engine.ports import Validated
from engine.store.models import Agency, ProcessDefinition, ProcessInstance
from engine.store.unit_of_work import Unit
from engine.verbs import verb


@dataclass(frozen=True, slots=True)
class Recorded:
    """A form of what happened before, ready to be kept."""

    form: str
    answers: Validated


@verb
@reporting_faults
def take_over(
    unit: Unit,
    process_key: str,
    at: Sequence[str],
    forms: Sequence[tuple[str, Mapping[str, Any]]],
    *,
    began_at: datetime,
    reason: str,
    business_key: str | None = None,
    variables: Mapping[str, Any] | None = None,
) -> Started:
    """Begin an instance at the elements `at`; `forms`: (form, values) in the order they happened.

    `began_at`: when the request really began. `business_key`: the other side's request, where that
    has been taken over already. `variables`: what messages of the other side had told.
    Raises `Forbidden`, `NotFound`, `Refusal` (takeover.place, takeover.when, reason.missing,
    form.invalid with the `form`), `Conflict` (takeover.runs_already).
    """
    definition = latest(unit.session, process_key)
    if definition is None:
        raise NotFound("definition.unknown", definition=process_key)
    agency = _agency(unit, definition)
    reasons.require(reason)
    _require_places(unit, definition, at)
    if began_at > unit.now:
        raise Refusal("takeover.when", found=began_at)
    other = _other_side(unit, business_key, definition) if business_key else None
    key = business_key or numbering.request_number(unit, agency.id, request_kind(unit, definition))
    told = dict(variables or {})
    recorded = [_recorded(unit, definition, key, told, *one) for one in forms]
    beginning = Beginning(
        definition=definition,
        business_key=key,
        agency_id=agency.id,
        unit_id=unit.actor.unit_id,
        profile=other.profile if other else agency.profile,
        parties=dict(other.parties) if other else parties_of(unit, agency),
        start_event=None,
        variables=told,
        places=tuple(at),
    )
    instance, _ = begin(unit, beginning)
    instance.started_at = began_at
    for one in recorded:
        submissions.keep(unit, instance, one.form, one.answers, task_id=None)
    detail = {"reason": reason, "at": list(at), "began_at": began_at.isoformat()}
    unit.audit("instance.taken_over", "instance", instance.id, instance=instance, detail=detail)
    return Started(instance.id, key, None)


def _agency(unit: Unit, definition: ProcessDefinition) -> Agency:
    """The actor's, where he supervises it and the process is at home there."""
    agency = unit.session.get(Agency, unit.actor.agency_id)
    if agency is None or not permissions.supervises_agency(unit.actor, agency.id):
        raise Forbidden("takeover.may_not")
    at_home = definition.agency_kind in ("", agency.kind) and not definition.suspended
    if not at_home or not switched_on(unit, definition, agency.profile):
        raise Forbidden("process.may_not_start", process=definition.name)
    return agency


def _require_places(unit: Unit, definition: ProcessDefinition, at: Sequence[str]) -> None:
    model = unit.engine.definitions.process(unit.session, definition.id).model
    possible = {node.id: node.label for node in places(model)}
    wrong = [id for id in at if id not in possible]
    if wrong or not at:
        raise Refusal("takeover.place", found=", ".join(wrong), possible=", ".join(possible))


def _other_side(
    unit: Unit, business_key: str, definition: ProcessDefinition
) -> ProcessInstance | None:
    """An instance of the request, of the own agency or of one that names it as a party."""
    query = select(ProcessInstance).where(ProcessInstance.business_key == business_key)
    of_request = unit.session.scalars(query.order_by(ProcessInstance.started_at)).all()
    own = unit.actor.agency_id
    known = [one for one in of_request if own in one.parties.values()]
    if not known and not sees_request(unit, business_key):
        raise NotFound("instance.unknown", id=business_key)
    if any(one.agency_id == own and one.process_key == definition.key for one in known):
        raise Conflict("takeover.runs_already", request=business_key)
    return known[0] if known else None


def _recorded(
    unit: Unit,
    definition: ProcessDefinition,
    key: str,
    told: dict[str, Any],
    form_key: str,
    values: Mapping[str, Any],
) -> Recorded:
    """Check one form against what the earlier ones told; its routing joins `told`."""
    form = unit.engine.definitions.form(unit.session, definition.id, form_key)
    agency_id = str(unit.actor.agency_id)
    known = case_files.read(unit, agency_id, key)
    scope = form_scope(unit, form, agency_id, known, submissions.adopted(told))
    try:
        answers = unit.engine.forms.validate(form, values, scope, now=unit.now)
    except LiandongError as problem:
        problem.params["form"] = form_key
        raise
    case_files.write(unit, agency_id, key, {**known, **answers.case_file})
    told.update(answers.routing)
    return Recorded(form_key, answers)

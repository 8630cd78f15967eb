"""Start events with a timer: one waiting job for each agency of their pool's kind.

A date that is an expression is asked again after each start: `${next_month()}` begins for ever, a
fixed date once.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from engine.bpmn.timers import Schedule, schedule
from engine.definitions import latest
from engine.feel import from_python, to_python
from engine.hosting import StatutoryFunctions
from engine.signal_starts import homes
from engine.store.models import Agency, Job, ProcessDefinition
from engine.store.unit_of_work import Unit

TIMER = "timer_start"


def arm(unit: Unit, definition: ProcessDefinition) -> None:
    """After a publication: this version begins by itself, older ones no longer."""
    disarm(unit, definition.key)
    if definition.start_timers:
        for agency in homes(unit.session, definition):
            _arm_in(unit, definition, agency)


def arm_agency(unit: Unit, agency: Agency) -> None:
    """A new agency holds its meetings, too."""
    keys = unit.session.scalars(select(ProcessDefinition.key).distinct().order_by("key")).all()
    for definition in filter(None, (latest(unit.session, key) for key in keys)):
        if definition.agency_kind in ("", agency.kind):
            _arm_in(unit, definition, agency)


def arm_latest(unit: Unit, key: str) -> None:
    """After a withdrawal: the version that is the latest again begins by itself again."""
    definition = latest(unit.session, key)
    if definition is not None:
        arm(unit, definition)


def disarm(unit: Unit, key: str) -> None:
    """No version of the process begins at an instant any more."""
    versions = select(ProcessDefinition.id).where(ProcessDefinition.key == key)
    waiting = (Job.kind == TIMER, Job.state == "waiting", Job.task_id.in_(versions))
    unit.session.execute(
        update(Job).where(*waiting).values(state="cancelled"),
        execution_options={"synchronize_session": False},
    )


def _arm_in(unit: Unit, definition: ProcessDefinition, agency: Agency) -> None:
    for start in definition.start_timers:
        plan = _plan(unit, definition, agency, start["element"])
        _write(unit, definition.id, agency.id, start["element"], plan)


def _plan(unit: Unit, definition: ProcessDefinition, agency: Agency, element_id: str) -> Schedule:
    """What the event's expression means now, in this agency."""
    spec = unit.engine.definitions.process(unit.session, definition.id).elements[element_id]
    event = spec.node.event
    assert event is not None
    current = unit.engine.statutes.current.version
    law = StatutoryFunctions(unit, agency.profile, current)
    names = {"own_agency": agency.id, "profile": agency.profile, **law.functions()}
    context = {name: from_python(value) for name, value in names.items()}
    value = spec.timer.evaluate(context, unit.now, spec.node)
    return schedule(event.timer_kind or "", to_python(value), unit.now)


def _write(
    unit: Unit, definition_id: str, agency_id: str, element_id: str, plan: Schedule | None
) -> None:
    if plan is None or plan.due is None:
        return
    until = plan.until.isoformat() if plan.until else None
    detail = {"agency": agency_id, "every": plan.every, "left": plan.left, "until": until}
    job = Job(
        kind=TIMER,
        task_id=definition_id,
        element_id=element_id,
        due_at=plan.due,
        created_at=unit.now,
        detail=detail,
    )
    unit.session.add(job)


def turn_over(unit: Unit, job: Job, agency: Agency) -> None:
    """The job was done: wait for its next turn, if it has one."""
    _write(unit, job.task_id or "", agency.id, job.element_id or "", _next(unit, job, agency))


def _next(unit: Unit, job: Job, agency: Agency) -> Schedule | None:
    until = job.detail.get("until")
    this = Schedule(
        job.due_at,
        job.detail.get("every"),
        job.detail.get("left", 0),
        datetime.fromisoformat(until) if until else None,
    )
    if this.every is not None:
        return this.next()
    definition = unit.session.get_one(ProcessDefinition, job.task_id)
    again = _plan(unit, definition, agency, job.element_id or "")
    later = again.every is None and again.due is not None and again.due > unit.now
    return again if later else None

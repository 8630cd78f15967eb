"""The steps of a scenario, done by the engine's verbs as people would do them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select

from engine import instances, jobs, messages, permissions, user_tasks
from engine.attachments import store_file
from engine.definitions import latest
from engine.errors import LiandongError
from engine.feel import decode
from engine.store.models import Deployment, Envelope, ProcessDefinition, ProcessInstance, UserTask
from web.rehearsal.fillings import filling, uploaded
from web.rehearsal.finding import (
    Failure,
    actor,
    as_made,
    doer,
    latest_instance,
    request_key,
    told_of,
    within,
)
from web.rehearsal.overseeing import ACTS
from web.rehearsal.scenario import Step
from web.rehearsal.stage import House


def perform(house: House, step: Step) -> None:
    """Do the step, then whatever is due at once. Raises `Failure`."""
    act = _ACTS.get(step.kind)
    if act is not None:
        _expecting(step, partial(act, house, step))
    jobs.drain(house.engine)


def _expecting(step: Step, act: Callable[[], object]) -> None:
    """Do it; refused where the step says so, and only there."""
    expected, errors = step.details.get("expect_refused"), step.details.get("expect_errors")
    try:
        act()
    except LiandongError as problem:
        if errors is not None and problem.code == "form.invalid":
            _compare_errors(errors, problem)
        elif expected != problem.code:
            raise _refused(problem) from problem
        return
    if expected is not None:
        raise Failure("scenario.not_refused", expected=expected)
    if errors is not None:
        raise Failure("scenario.no_errors", expected=list(errors))


def _refused(problem: LiandongError) -> Failure:
    errors = problem.params.get("errors")
    if errors:
        return Failure("scenario.form_refused", errors=list(errors))
    return Failure("scenario.refused", problem=problem)


def _compare_errors(expected: Mapping[str, str | None], problem: LiandongError) -> None:
    found = {error.path: error.code for error in problem.params["errors"]}
    same = set(found) == set(expected)
    if not same or any(code not in (None, found[path]) for path, code in expected.items()):
        wanted = [path if code is None else f"{path}: {code}" for path, code in expected.items()]
        listed = [f"{path}: {code}" for path, code in found.items()]
        raise Failure("scenario.other_errors", expected=wanted, found=listed)


# what people do -----------------------------------------------------------------------


def _start(house: House, step: Step) -> None:
    engine, by = house.engine, doer(house, step)
    name = step.details.get("request") or step.subject
    key = house.requests.get(name) if "request" in step.details else None
    with engine.database.read() as session:
        definition = latest(session, step.subject)
    if definition is None:
        raise Failure("scenario.not_deployed", process=step.subject)
    values = _filled(house, step, definition, definition.start_form, {})
    about = request_key(house, step.details["about"]) if "about" in step.details else None
    started = instances.start_process(
        engine, by, step.subject, values, business_key=key, about=about
    )
    house.requests[name] = started.business_key


def _complete(house: House, step: Step) -> None:
    task = _task(house, step)
    with house.engine.database.read() as session:
        definition = session.get_one(ProcessDefinition, task.definition_id)
        instance = session.get_one(ProcessInstance, task.instance_id)
    scope = {name: decode(value) for name, value in instance.variables.items()}
    values = _filled(house, step, definition, task.form_key, scope)
    user_tasks.complete_user_task(house.engine, doer(house, step), task.id, values)


def _filled(
    house: House,
    step: Step,
    definition: ProcessDefinition,
    form: str | None,
    scope: Mapping[str, Any],
) -> dict[str, Any]:
    """The values of the form, its files uploaded by the person who fills it in."""
    own = step.details.get("fill") or {}
    visible = {**scope, "requests": dict(house.requests)}
    now = house.clock.now()
    if form is None:
        return filling({}, own, visible, now)
    engine = house.engine
    with engine.database.read() as session:
        procedure = session.get_one(Deployment, definition.deployment_id).name
        expanded = engine.definitions.form(session, definition.id, form)
    sample = house.samples.of(procedure, form)
    usual = {key: value for key, value in house.values.items() if key in sample}
    values = filling(sample, {**usual, **own}, visible, now)
    upload = partial(store_file, engine, doer(house, step))
    return uploaded(house.schema(expanded).parts, values, upload)


def _claim(house: House, step: Step) -> None:
    user_tasks.claim_user_task(house.engine, doer(house, step), _task(house, step).id)


def _unclaim(house: House, step: Step) -> None:
    user_tasks.unclaim_user_task(house.engine, doer(house, step), _task(house, step).id)


def _assign(house: House, step: Step) -> None:
    details = step.details
    task = _task(house, step)
    to = house.people[details["to"]]
    user_tasks.assign_user_task(house.engine, doer(house, step), task.id, to, details["reason"])


def _acknowledge(house: House, step: Step) -> None:
    query = select(Envelope.id).where(Envelope.name == step.subject)
    if "request" in step.details:
        query = query.where(Envelope.business_key == request_key(house, step.details["request"]))
    with house.engine.database.read() as session:
        found = session.scalars(query.order_by(Envelope.sent_at, *as_made(house))).all()
    if not found:
        raise Failure("scenario.no_envelope", message=step.subject)
    messages.acknowledge_envelope(house.engine, doer(house, step), found[-1])


def _govern(verb: Callable[..., object], house: House, step: Step) -> None:
    found = latest_instance(house, step.subject, step.details.get("request"))
    verb(house.engine, doer(house, step), found, step.details["reason"])


# what comes from outside --------------------------------------------------------------


def _message(house: House, step: Step) -> None:
    details = step.details
    name = details.get("request")
    key = request_key(house, name) if name else _only_request(house)
    now = house.clock.now()
    variables = filling({}, details.get("variables") or {}, {"requests": house.requests}, now)
    messages.receive_message(
        house.engine,
        "system",
        step.subject,
        key,
        house.agencies[details["to"]],
        from_agency=house.agencies[details["from"]],
        variables=variables,
        profile=house.profile,
    )


def _only_request(house: House) -> str:
    keys = sorted(set(house.requests.values()))
    if len(keys) != 1:
        raise Failure("scenario.which_request", expected=list(house.requests))
    return keys[0]


def _advance(house: House, step: Step) -> None:
    """To the target through every instant at which something falls due on the way."""
    clock, engine = house.clock, house.engine
    target = step.subject.target(clock.now(), engine.statutes.current.calendar)
    if target < clock.now():
        raise Failure("scenario.backwards", found=target, expected=clock.now())
    pass_time(house, target)


def pass_time(house: House, target: datetime) -> None:
    """Let the clock run to `target`; reminders and timers come at their own instants."""
    clock, engine = house.clock, house.engine
    while True:
        jobs.drain(engine)
        due = jobs.next_due(engine, after=clock.now())
        if due is None or due > target:
            break
        clock.set(due)
    clock.set(target)


_ACTS: dict[str, Callable[[House, Step], None]] = {
    "start": _start,
    "complete": _complete,
    "claim": _claim,
    "unclaim": _unclaim,
    "assign": _assign,
    "acknowledge": _acknowledge,
    "cancel": partial(_govern, instances.cancel_instance),
    "suspend": partial(_govern, instances.suspend_instance),
    "resume": partial(_govern, instances.resume_instance),
    "message": _message,
    "advance": _advance,
    **ACTS,
}

# which task ---------------------------------------------------------------------------


def _task(house: House, step: Step) -> UserTask:
    """The one task that the step means; of several the one that the person may work on.

    Where a refusal is expected a closed task will do: a second click, a stale page.
    """
    tasks = _tasks(house, step)
    found = [task for task in tasks if task.state == "open"]
    if not found and "expect_refused" in step.details:
        found = tasks[-1:]
    if not found:
        raise Failure("scenario.no_task", task=step.subject)
    row = step.details.get("row")
    if row is not None:
        return _nth(found, row, step)
    his = [task for task in found if permissions.may_complete(actor(house, step), task)] or found
    if len(his) > 1:
        raise Failure("scenario.which_task", task=step.subject, count=len(his))
    return his[0]


def _nth(found: list[UserTask], row: int, step: Step) -> UserTask:
    if row > len(found):
        raise Failure("scenario.no_row", task=step.subject, row=row, count=len(found))
    return found[row - 1]


def _tasks(house: House, step: Step) -> list[UserTask]:
    query = select(UserTask).where(UserTask.element_id == step.subject)
    query = within(query, house, step.details.get("of"), step.details.get("request"))
    if not house.alone:
        query = query.where(told_of(house, UserTask.business_key))
    with house.engine.database.read() as session:
        return list(session.scalars(query.order_by(UserTask.created_at, *as_made(house))))

"""Further steps: what supervisors and other programs do, what people look up, and signing in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

import orjson
from sqlalchemy import select

from engine import deadlines, external_tasks, incidents, ledger
from engine.calendars import import_calendar
from engine.errors import LiandongError
from engine.queries.instances import instance_page
from engine.queries.watch_list import search_watch_list
from engine.sign_in import sign_in
from engine.store.models import Deadline, Incident
from web.rehearsal.fillings import filling
from web.rehearsal.finding import Failure, actor, doer, latest_instance, request_key, within
from web.rehearsal.scenario import Step
from web.rehearsal.stage import House

_WORKER = "scenario"
_LOCK = timedelta(minutes=10)
_ADDRESS = "192.0.2.1"
"""From where people of a scenario sign in (RFC 5737)."""
_WRONG = "not-the-password"


def _extend(house: House, step: Step) -> None:
    details = step.details
    query = select(Deadline).where(
        Deadline.period_id == step.subject, Deadline.state.in_(ledger.OPEN)
    )
    deadlines.extend_deadline(
        house.engine,
        doer(house, step),
        _last(house, step, query, Deadline.started_at, "scenario.no_deadline"),
        details["reason"],
        details["clause"],
        period=details.get("to_period"),
        amount=details.get("amount"),
        due=details.get("until"),
    )


def _settle(verb: Callable[..., object], house: House, step: Step) -> None:
    """Try an incident again, or tell that it is done."""
    query = select(Incident).where(Incident.code == step.subject, Incident.state == "open")
    found = _last(house, step, query, Incident.raised_at, "scenario.no_incident")
    verb(house.engine, doer(house, step), found, step.details["reason"])


def _last(house: House, step: Step, query: Any, by: Any, missing: str) -> str:
    """The id of the newest of the rows. Raises `Failure` with the code `missing`."""
    query = within(query, house, step.details.get("of"), step.details.get("request"))
    with house.engine.database.read() as session:
        found = session.scalars(query.order_by(by.desc())).first()
    if found is None:
        raise Failure(missing, found=step.subject)
    return str(found.id)


def _open(house: House, step: Step) -> None:
    """Look at the page of an instance."""
    found = latest_instance(house, step.subject, step.details.get("request"))
    instance_page(house.engine, actor(house, step), found)


def _search(house: House, step: Step) -> None:
    hits = search_watch_list(house.engine, doer(house, step), step.subject)
    expected = step.details.get("hits")
    if expected is not None and len(hits) != expected:
        raise Failure("scenario.hits", expected=expected, found=len(hits))


def _calendar(house: House, step: Step) -> None:
    """Import the year that the step writes out, as after the State Council's notice."""
    import_calendar(house.engine, doer(house, step), "calendar.json", orjson.dumps(step.subject))


def _sign_in(house: House, step: Step) -> None:
    """With a wrong password, as often as is said: whoever is in a scenario has no other."""
    times = step.details.get("times", 1)
    for last in (number == times for number in range(1, times + 1)):
        try:
            sign_in(house.engine, house.people[step.subject], _WRONG, _ADDRESS)
        except LiandongError:
            if last:
                raise


# another program's work ---------------------------------------------------------------


def _work(house: House, step: Step) -> None:
    """Fetch the oldest task of the topic and finish it: done, or with an error, or failed."""
    details, engine = step.details, house.engine
    name = details.get("request")
    wanted = external_tasks.Wanted(
        step.subject,
        _LOCK,
        business_key=request_key(house, name) if name else None,
        processes=(details["of"],) if "of" in details else (),
    )
    fetched = external_tasks.fetch_and_lock(engine, "system", _WORKER, [wanted], 1)
    if not fetched:
        raise Failure("scenario.no_work", topic=step.subject)
    _finish(house, fetched[0].task.id, details)


def _finish(house: House, task_id: str, details: Mapping[str, Any]) -> None:
    scope = {"requests": dict(house.requests)}
    values = filling({}, details.get("variables") or {}, scope, house.clock.now())
    finish: Callable[..., object]
    if "error" in details:
        finish = partial(external_tasks.report_bpmn_error, code=details["error"], values=values)
    elif "fails" in details:
        finish = partial(external_tasks.report_failure, message=details["fails"], retries=0)
    else:
        finish = partial(external_tasks.complete_external_task, values=values)
    finish(house.engine, "system", task_id, _WORKER)


ACTS: dict[str, Callable[[House, Step], None]] = {
    "open": _open,
    "search": _search,
    "calendar": _calendar,
    "extend": _extend,
    "retry": partial(_settle, incidents.retry_incident),
    "resolve": partial(_settle, incidents.resolve_incident),
    "sign_in": _sign_in,
    "work": _work,
}
"""Word of the step → what it does."""

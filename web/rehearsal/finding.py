"""What the steps and checks of a scenario mean: its people, requests, and rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, TextClause, or_, select, text

from engine.actors import Actor, load_actor
from engine.store.models import ProcessInstance
from web.rehearsal.scenario import Step
from web.rehearsal.stage import House


class Failure(Exception):
    """What a step or a check demands is not so; `code` and `params` make the sentence."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def request_key(house: House, name: str) -> str:
    """The business key behind a request's name; `car/01` is an item of `car`. Raises `Failure`."""
    request, slash, item = name.partition("/")
    if request not in house.requests:
        raise Failure("scenario.no_request", found=name, expected=list(house.requests) or "—")
    return house.requests[request] + slash + item


def told_of(house: House, business_key: Any) -> Any:
    """Whether a column holds a number of the story's requests, or of an item in one of them."""
    keys = list(house.requests.values())
    return or_(business_key.in_(keys), *(business_key.startswith(f"{key}/") for key in keys))


def actor(house: House, step: Step) -> Actor:
    """The person of the step with the posts he holds now."""
    with house.engine.database.read() as session:
        return load_actor(session, doer(house, step), house.clock.now())


def doer(house: House, step: Step) -> str:
    """The id of the person who does the step."""
    return house.people[step.details["by"]]


def as_made(house: House) -> list[TextClause]:
    """Rows of one instant in the order of their making: scenarios count them, stories need not."""
    return [text("rowid")] if house.engine.database.dialect == "sqlite" else []


def within(query: Select[Any], house: House, of: str | None, request: str | None) -> Select[Any]:
    """The query over rows that bear an `instance_id`, narrowed to a process and a request."""
    table = query.column_descriptions[0]["entity"]
    chosen = select(ProcessInstance.id)
    if of is not None:
        chosen = chosen.where(ProcessInstance.process_key == of)
    if request is not None:
        chosen = chosen.where(ProcessInstance.business_key == request_key(house, request))
    return query if of is None and request is None else query.where(table.instance_id.in_(chosen))


def latest_instance(house: House, process: str, request: str | None) -> str:
    """The id of the process's instance that began last. Raises `Failure`."""
    query = select(ProcessInstance.id).where(ProcessInstance.process_key == process)
    if request is not None:
        query = query.where(ProcessInstance.business_key == request_key(house, request))
    with house.engine.database.read() as session:
        found = session.scalars(query.order_by(ProcessInstance.started_at.desc())).first()
    if found is None:
        raise Failure("scenario.no_instance", process=process)
    return found

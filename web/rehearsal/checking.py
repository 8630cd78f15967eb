"""Whether what a scenario says is so: each check looks for facts, taken from rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from engine import permissions
from engine.actors import load_actor
from engine.feel import decode, to_python
from engine.store.models import (
    Activity,
    Deadline,
    Envelope,
    Incident,
    Notification,
    ProcessInstance,
    UserTask,
)
from web.rehearsal import moments
from web.rehearsal.evidence import Longest, Words, audited, documents, filled_in, measured, watched
from web.rehearsal.finding import Failure, request_key, within
from web.rehearsal.scenario import Check
from web.rehearsal.stage import House

Fact = dict[str, Any]
"""What a row says, by the words of the check; a frozenset holds any of its members."""
_ENDED = ("completed", "cancelled", "terminated")
_OPTIONS = frozenset({"open", "listed", "count", "required"})
"""Words that say how many facts there must be, or what no fact tells."""
_AGENCIES = frozenset({"agency", "from", "to"})


def verify(house: House, check: Check) -> None:
    """Raises `Failure` scenario.not_so, .not_passed, .passed, … with what was found."""
    with house.engine.database.read() as session:
        if check.kind in ("passed", "not_passed"):
            _verify_passed(house, session, check)
            return
        facts = list(_FACTS[check.kind](house, session, check))
    wanted = _wanted(house, check)
    absent = _must_be_absent(check, wanted)
    matching = [fact for fact in facts if _fits(fact, {} if absent else wanted)]
    if not _as_many(check, absent, len(matching)):
        raise Failure("scenario.not_so", check=check, found=facts, count=len(matching))


def _wanted(house: House, check: Check) -> Fact:
    """What the fact must be like; agencies by their ids."""
    found = {word: value for word, value in check.expected.items() if word not in _OPTIONS}
    return {w: house.agencies[v] if w in _AGENCIES else v for w, v in found.items()}


def _must_be_absent(check: Check, wanted: Mapping[str, Any]) -> bool:
    if check.kind == "variable":
        return wanted["value"] is None
    denied = check.expected.get("open") is False or check.expected.get("listed") is False
    return denied or wanted.get("state") == "none"


def _as_many(check: Check, absent: bool, count: int) -> bool:
    if absent:
        return count == 0
    expected = check.expected.get("count")
    return count >= 1 if expected is None else count == expected


def _fits(fact: Fact, wanted: Mapping[str, Any]) -> bool:
    return all(_same(fact[word], value) for word, value in wanted.items())


def _same(found: Any, wanted: Any) -> bool:
    if isinstance(found, Words | Longest):
        return found.hold(wanted)
    if isinstance(found, frozenset):
        return wanted in found
    if isinstance(found, list) and isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(_same, found, wanted))
    if isinstance(found, datetime):
        return found == (wanted if isinstance(wanted, datetime) else moments.instant(wanted))
    if isinstance(found, date):
        return found.isoformat() == str(wanted)
    if isinstance(found, Decimal) and isinstance(wanted, float):
        return found == Decimal(str(wanted))
    if isinstance(found, bool) or isinstance(wanted, bool):
        return found is wanted
    return bool(found == wanted)


# facts --------------------------------------------------------------------------------


def _tasks(house: House, session: Session, check: Check) -> Iterable[Fact]:
    query = select(UserTask).where(UserTask.element_id == check.subject, UserTask.state == "open")
    for task in session.scalars(_scoped(query, house, check)):
        yield {"who": _doers(house, session, task), "due": task.due_at}


def _doers(house: House, session: Session, task: UserTask) -> frozenset[str]:
    """Who may work on it: its assignee, else everybody it is addressed to."""
    now = house.clock.now()
    people = house.people.items()
    return frozenset(
        alias
        for alias, id in people
        if permissions.may_complete(load_actor(session, id, now), task)
    )


def _deadlines(house: House, session: Session, check: Check) -> Iterable[Fact]:
    query = select(Deadline).where(Deadline.period_id == check.subject)
    for row in session.scalars(_scoped(query, house, check)):
        yield {
            "state": row.state,
            "started": row.started_at,
            "due": row.due_at,
            "agency": row.agency_id,
            "hint": row.kind == "hint",
            "provisional": row.provisional,
        }


def _messages(house: House, session: Session, check: Check) -> Iterable[Fact]:
    query = select(Envelope).where(Envelope.name == check.subject)
    for row in session.scalars(_of_request(query, Envelope, house, check)):
        state = {row.state, "待接"} if row.state == "waiting" else {row.state}
        yield {
            "state": frozenset(state),
            "from": row.from_agency,
            "to": row.to_agency,
            "acknowledged": row.acknowledged_at is not None,
        }


def _notices(house: House, session: Session, check: Check) -> Iterable[Fact]:
    """What stands in the person's inbox, addressed to him or to a role that he holds."""
    reader = load_actor(session, house.people[check.subject], house.clock.now())
    query = select(Notification).where(permissions.notified(reader))
    for row in session.scalars(_of_request(query, Notification, house, check)):
        yield {
            "kind": row.kind,
            "level": row.level,
            "at": row.at,
            "about": frozenset(str(value) for value in row.params.values()),
        }


def _ended(house: House, session: Session, check: Check) -> Iterable[Fact]:
    for row in _instances(house, session, check, _ENDED):
        yield {"state": row.state, "outcome": row.outcome}


def _running(house: House, session: Session, check: Check) -> Iterable[Fact]:
    for row in _instances(house, session, check, ("active", "suspended")):
        yield {"state": row.state}


def _instances(
    house: House, session: Session, check: Check, states: Iterable[str]
) -> Iterable[ProcessInstance]:
    query = select(ProcessInstance).where(
        ProcessInstance.process_key == check.subject, ProcessInstance.state.in_(states)
    )
    return session.scalars(_of_request(query, ProcessInstance, house, check))


def _variables(house: House, session: Session, check: Check) -> Iterable[Fact]:
    query = select(ProcessInstance)
    if check.of is not None:
        query = query.where(ProcessInstance.process_key == check.of)
    for row in session.scalars(_of_request(query, ProcessInstance, house, check)):
        value = to_python(decode(row.variables.get(check.subject)))
        if value is not None:
            yield {"value": value}


def _incidents(house: House, session: Session, check: Check) -> Iterable[Fact]:
    house.excused.add(check.subject)
    query = select(Incident).where(Incident.code == check.subject, Incident.state == "open")
    for row in session.scalars(_scoped(query, house, check)):
        yield {"element": row.element_id}


def _filled(house: House, session: Session, check: Check) -> Iterable[Fact]:
    return [{"value": answer} for answer in filled_in(house, session, check)]


_FACTS: dict[str, Callable[[House, Session, Check], Iterable[Fact]]] = {
    "task": _tasks,
    "deadline": _deadlines,
    "message": _messages,
    "document": documents,
    "filled": _filled,
    "audit": audited,
    "watch_list": watched,
    "measured": measured,
    "notified": _notices,
    "ended": _ended,
    "running": _running,
    "variable": _variables,
    "incident": _incidents,
}


def _scoped(query: Select[Any], house: House, check: Check) -> Select[Any]:
    return within(query, house, check.of, check.request)


def _of_request(query: Select[Any], table: Any, house: House, check: Check) -> Select[Any]:
    if check.request is None:
        return query
    return query.where(table.business_key == request_key(house, check.request))


# the way taken ------------------------------------------------------------------------


def _verify_passed(house: House, session: Session, check: Check) -> None:
    query = select(Activity.element_id).where(Activity.state == "completed")
    query = query.join(ProcessInstance, ProcessInstance.id == Activity.instance_id)
    if check.of is not None:
        query = query.where(ProcessInstance.process_key == check.of)
    passed = set(session.scalars(_of_request(query, ProcessInstance, house, check)))
    if check.kind == "passed":
        missing = [element for element in check.subject if element not in passed]
        if missing:
            raise Failure("scenario.not_passed", found=missing)
    elif passed.intersection(check.subject):
        raise Failure("scenario.passed", found=sorted(passed.intersection(check.subject)))

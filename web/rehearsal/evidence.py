"""What was written down: answers, words of documents, audit rows, the watch list, time taken."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine import case_files
from engine.bpmn.state import load_variables
from engine.documents.kept import PURPOSE as DOCUMENT
from engine.errors import Refusal
from engine.form_scope import form_scope
from engine.letters import MISSING
from engine.measured import taken
from engine.queries.watch_list import FIELD, normalised
from engine.store.models import (
    Activity,
    AuditRow,
    Document,
    ProcessInstance,
    Submission,
    WatchEntry,
)
from engine.submissions import PURPOSE as SUBMISSION
from engine.topics.watch_list import PURPOSE as WATCH_ENTRY
from engine.verbs import unit_of_work
from forms.naming import Named, answers, field_named
from web.rehearsal.fillings import without
from web.rehearsal.finding import Failure, as_made, request_key, within
from web.rehearsal.scenario import Check
from web.rehearsal.stage import House

Fact = dict[str, Any]


class Words(str):
    """The words of a document: whatever is part of them fits."""

    def hold(self, wanted: Iterable[str]) -> bool:
        """Whether each of the texts stands in it; blanks and line ends do not count."""
        own = "".join(self.split())
        return all("".join(text.split()) in own for text in wanted)


# documents ----------------------------------------------------------------------------


def documents(house: House, session: Session, check: Check) -> Iterable[Fact]:
    """Documents of the template; their words only where the check asks for them."""
    query = select(Document).where(Document.template == check.subject)
    if "state" not in check.expected:
        query = query.where(Document.state == "issued")
    worded = bool({"contains", "complete"} & set(check.expected))
    for row in session.scalars(within(query, house, check.of, check.request)):
        fact = {"state": row.state, "agency": row.agency_id}
        yield {**fact, **_words(house, row)} if worded else fact


def _words(house: House, row: Document) -> Fact:
    filled = house.engine.crypto.open_json(row.sealed, DOCUMENT, row.id)["filled"]
    text = Words("\n".join(_texts({**filled, "layout": "", "missing": []})))
    return {"contains": text, "complete": MISSING not in text}


def _texts(value: Any) -> Iterable[str]:
    """Every text in nested lists and mappings, in order."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from () if name == "kind" else _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)


# the audit and the watch list -----------------------------------------------------------


def audited(house: House, session: Session, check: Check) -> Iterable[Fact]:
    """Acts and readings that were recorded."""
    query = select(AuditRow).where(AuditRow.action == check.subject)
    if check.of is not None or check.request is not None:
        instances = within(select(ProcessInstance), house, None, None)
        if check.of is not None:
            instances = instances.where(ProcessInstance.process_key == check.of)
        if check.request is not None:
            key = request_key(house, check.request)
            instances = instances.where(ProcessInstance.business_key == key)
        query = query.where(AuditRow.chain.in_(instances.with_only_columns(ProcessInstance.id)))
    aliases = {id: alias for alias, id in house.people.items()}
    for row in session.scalars(query):
        about = {row.object_kind, *(str(value) for value in row.detail.values())}
        yield {"who": aliases.get(row.actor, row.actor), "about": frozenset(about)}


def watched(house: House, session: Session, check: Check) -> Iterable[Fact]:
    """Entries in force under a document number."""
    crypto, now = house.engine.crypto, house.clock.now()
    query = select(WatchEntry).where(
        WatchEntry.term.in_(crypto.terms(FIELD, normalised(check.subject))),
        WatchEntry.removed_at.is_(None),
        or_(WatchEntry.valid_to.is_(None), WatchEntry.valid_to > now),
    )
    for row in session.scalars(within(query, house, check.of, check.request)):
        shown = crypto.open_json(row.masked, WATCH_ENTRY, row.id)
        yield {"agency": row.agency_id, "measure": shown.get("measure"), "until": row.valid_to}


# time taken -----------------------------------------------------------------------------


class Longest(float):
    """Minutes of the slowest act: it fits whatever limit it stays within."""

    def hold(self, wanted: float) -> bool:
        """Whether no act took longer."""
        return self <= wanted


def measured(house: House, session: Session, check: Check) -> Iterable[Fact]:
    """Acts done under a period without a number, with the minutes that each took."""
    instances = within(select(Activity), house, check.of, check.request).whereclause
    where = () if instances is None else (instances,)
    engine = house.engine
    found = taken(session, engine.definitions, engine.statutes.current, *where)
    acts = [one for one in found if one.period_id == check.subject]
    longest = Longest(max((one.minutes for one in acts), default=0))
    for one in acts:
        minutes = round(one.minutes, 1)
        yield {"minutes": minutes, "at_most": longest, "agency": one.agency_id}


# answers ------------------------------------------------------------------------------


def filled_in(house: House, session: Session, check: Check) -> list[Any]:
    """The answers that the latest submission of the form has in the field; never none.

    Raises `Failure` scenario.not_submitted, .not_filled, .not_required.
    """
    form, _, name = check.subject.partition(".")
    row = _submitted(house, session, check, form)
    expanded = house.engine.definitions.form(session, row.definition_id, form)
    field = field_named(house.schema(expanded), name)
    values = orjson.loads(house.engine.crypto.open(row.sealed, SUBMISSION, row.id))
    found = answers(values, field.path) if field else []
    if field is None or not found:
        raise Failure("scenario.not_filled", field=check.subject)
    if "required" in check.expected:
        _verify_required(house, row, expanded, field, values, check)
    return found


def _submitted(house: House, session: Session, check: Check, form: str) -> Submission:
    query = select(Submission).where(Submission.form_key == form)
    query = within(query, house, check.of, check.request)
    found = session.scalars(query.order_by(Submission.recorded_at, *as_made(house))).all()
    if not found:
        raise Failure("scenario.not_submitted", form=form)
    return found[-1]


def _verify_required(
    house: House, row: Submission, form: Any, field: Named, values: Any, check: Check
) -> None:
    """Whether the form, without this answer, complains of exactly this field."""
    demanded = _complained(house, row, form, without(values, field.path), field)
    if demanded is not check.expected["required"]:
        code = "scenario.not_required" if not demanded else "scenario.required"
        raise Failure(code, field=check.subject)


def _complained(house: House, row: Submission, form: Any, values: Any, field: Named) -> bool:
    with unit_of_work(house.engine, row.submitted_by) as unit:
        instance = unit.session.get_one(ProcessInstance, row.instance_id)
        known = case_files.read(unit, row.agency_id, row.business_key)
        scope = form_scope(unit, form, row.agency_id, known, load_variables(instance.variables))
        try:
            house.engine.forms.validate(form, values, scope, now=row.recorded_at)
        except Refusal as refusal:
            paths = [error.path.split(".") for error in refusal.params["errors"]]
            return field.path in [tuple(p for p in one if not p.isdigit()) for one in paths]
    return False

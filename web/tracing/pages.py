"""法规与落实: the two documents clause by clause, and what carries each obligation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, abort, current_app, render_template, request

from engine.bpmn.lint.law import listed
from engine.timing.citations import Citation
from engine.timing.norm_rows import Clause, Document
from engine.timing.zone import local
from web.auth.viewer import the_engine
from web.language import language
from web.messages import sentence
from web.settings import WebSettings
from web.tracing.bearers import Bearer
from web.tracing.library import Library, library
from web.tracing.report import proofs
from web.tracing.trace import Trace, Traced
from web.vocabulary import norms, role_name

pages = Blueprint("norms", __name__)
STATES = ("unaccounted", "carried", "outside")
_LIBRARY = "liandong-trace"
_SHOWN = 3
"""Scenarios named in full; further ones are counted."""


@dataclass(frozen=True)
class Paragraph:
    """A clause as it is printed, with the rows that are taken from it."""

    clause: Clause
    rows: Sequence[Traced]


def install(app: Flask, settings: WebSettings) -> None:
    """Know which folder to trace; give the templates their words."""
    app.extensions[_LIBRARY] = library(settings.workflows)
    app.jinja_env.globals.update(
        bearer_kind=_bearer_kind,
        actor_names=_actor_names,
        told_proofs=_told_proofs,
        lacking_words=_lacking_words,
        state_words=_state_words,
        clauses_of_task=clauses_of_task,
    )


@pages.get("/norms")
def show() -> str:
    """A document with its rows; `document`, `procedure`, `state` choose."""
    trace = _trace()
    documents = {clause.document.id: clause.document for clause in norms().clauses.values()}
    chosen = request.args.get("document") or next(iter(documents))
    if chosen not in documents:
        abort(404)
    procedure = request.args.get("procedure") or None
    state = request.args.get("state") or None
    return render_template(
        "norms/page.html",
        documents=documents,
        document=documents[chosen],
        paragraphs=list(_paragraphs(trace, documents[chosen], procedure, state)),
        procedures=sorted({key for one in trace.rows for key in one.row.procedures}),
        procedure=procedure,
        state=state,
        states=STATES,
        counts=trace.counts(),
        titles=trace.titles,
        names=trace.names,
    )


@pages.get("/norms/rows/<row_id>")
def row(row_id: str) -> str:
    """One row of the catalogue with everything that carries and proves it."""
    trace = _trace()
    found = next((one for one in trace.rows if one.row.id == row_id), None)
    if found is None:
        abort(404)
    return render_template(
        "norms/row.html",
        one=found,
        titles=trace.titles,
        names=trace.names,
        proofs=proofs(found.claims),
    )


def _trace() -> Trace:
    shelf: Library = current_app.extensions[_LIBRARY]
    return shelf.trace(the_engine())


def _paragraphs(
    trace: Trace, document: Document, procedure: str | None, state: str | None
) -> Iterator[Paragraph]:
    """The document's clauses in its order; where something is chosen, only those that have it."""
    by_clause: dict[str, list[Traced]] = {}
    for one in trace.rows:
        if procedure in (None, *one.row.procedures) and state in (None, one.state):
            by_clause.setdefault(one.row.clause.id, []).append(one)
    for clause in norms().clauses.values():
        rows = by_clause.get(clause.id, [])
        if clause.document.id == document.id and (rows or not (procedure or state)):
            yield Paragraph(clause, rows)


@dataclass(frozen=True)
class Cited:
    """A clause that a task carries out: `id` where the page can show it, words where known."""

    id: str
    cite: str
    quote: str
    is_row: bool


def clauses_of_task(definition_id: str, element_id: str) -> list[Cited]:
    """What the element of a task carries out, for the task's page."""
    engine = the_engine()
    with engine.database.read() as session:
        process = engine.definitions.process(session, definition_id)
    node = process.model.nodes.get(element_id)
    return [_cited(id) for id in (listed(node, "legal.clause") if node else ())]


def _cited(id: str) -> Cited:
    known = norms()
    row = known.obligations.get(id)
    if row is not None:
        return Cited(id, _cite(row.clause.citation), row.quote, is_row=True)
    if id in known.clauses:
        clause = known.clauses[id]
        return Cited(id, _cite(clause.citation), clause.text, is_row=False)
    return Cited(id, _cite(known.cite(id, local(the_engine().clock.now()).date())), "", False)


def _cite(citation: Citation) -> str:
    return citation.en if language() == "en" else citation.zh


# words --------------------------------------------------------------------------------


def _bearer_kind(bearer: Bearer) -> str:
    return sentence(f"trace.kind_{bearer.kind}", language=language())


def _actor_names(actors: Sequence[str]) -> str:
    """研判中心、派出所 for the codes of the catalogue."""
    comma = "，" if language() == "zh" else ", "
    return comma.join(map(_actor_name, actors))


def _actor_name(actor: str) -> str:
    if actor in norms().roles:
        return role_name(actor)
    return sentence(f"actor.{actor}", language=language())


def _told_proofs(one: Traced, titles: dict[str, str]) -> dict[str, Any]:
    """Titles of the scenarios that prove the row, single checks first; how many there are more."""
    full = [claim.scenario for claim in one.claims if claim.act and claim.actor]
    every = list(dict.fromkeys([*full, *(claim.scenario for claim in one.claims)]))
    shown = [(titles.get(file, file), file) for file in every[:_SHOWN]]
    return {"shown": shown, "more": len(every) - len(shown)}


def _lacking_words(one: Traced) -> list[str]:
    """What the row lacks, in sentences."""
    params = {"timer": one.row.timer}
    return [sentence(f"trace.lacks_{word}", params, language()) for word in one.lacking]


def _state_words(state: str) -> str:
    """已落实 · 未落实 · 不由系统办理"""
    return sentence(f"trace.{state}", language=language())

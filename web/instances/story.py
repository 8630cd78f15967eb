"""Events, ledgers and derivations of the instance page in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from engine.errors import NotFound
from engine.queries.deadlines import DeadlineView, LedgerEntry
from engine.queries.instances import IncidentView
from engine.queries.timeline import Event
from engine.timing.derivation import Effect, Step
from engine.timing.derivation_text import render
from engine.timing.zone import local
from web.language import language
from web.messages import sentence
from web.times import shown, shown_due
from web.vocabulary import norms, with_names


@dataclass(frozen=True)
class Line:
    """One line of the history."""

    at: datetime
    words: str
    tone: str
    element_id: str | None


@dataclass(frozen=True)
class QuotedClause:
    """A clause as a page prints it; `text` is empty where only the citation is known."""

    cite: str
    text: str
    document: str = ""
    """Of the norms' page, where it is shown whole; empty where only the citation is known."""
    anchor: str = ""

    @property
    def known(self) -> bool:
        """Whether the norms' page shows it."""
        return bool(self.document)


@dataclass(frozen=True)
class _Stored:
    """What the renderer of derivations reads of a period, taken from a deadline's row."""

    start: datetime
    derivation: tuple[Step, ...]
    basis: tuple[()] = ()
    provisional: bool = False


def told(events: Sequence[Event], people: Mapping[str, str]) -> list[Line]:
    """The history in sentences, the latest first.

    Much happens in one transaction, at one instant: what waits now stands above what led there.
    """
    in_order = reversed(events)
    latest_first = sorted(in_order, key=lambda event: (event.at, _rank(event)), reverse=True)
    return [_line(event, people) for event in latest_first]


def _rank(event: Event) -> int:
    """Started · done by a person · what followed by itself · waiting · ended."""
    if event.kind.startswith("instance."):
        return 0 if event.kind == "instance.started" else 4
    if event.tone == "now":
        return 3
    return 1 if event.kind.startswith("task.completed") else 2


def _line(event: Event, people: Mapping[str, str]) -> Line:
    params = with_names(event.params)
    params["who"] = people.get(event.person or "", _("系统"))
    params["given_to"] = people.get(event.params.get("given_to") or "", "")
    if "last" in params:
        # The day stands under the line, in its own time.
        params["last"] = f"{local(params['last']):%H:%M}"
    if event.kind.startswith("incident."):
        params["reason"] = sentence(event.params["code"], event.params["params"], language())
    words = sentence(f"timeline.{event.kind}", params, language())
    return Line(event.at, words, event.tone, event.element_id)


def incident_words(incident: IncidentView) -> str:
    """Why the instance stopped."""
    return sentence(incident.code, incident.params, language())


def ledger_words(entry: LedgerEntry) -> str:
    """One fact of a deadline's ledger."""
    told_of = {
        "happened": shown(entry.happened_at),
        "due": shown_due(entry.due_at),
        "ground": entry.ground,
        "clause": entry.clause,
    }
    return sentence(f"ledger.{entry.kind}", told_of, language())


def clauses(deadline: DeadlineView) -> Iterator[QuotedClause]:
    """The clauses and citations that the limit rests on, word for word where the text is known."""
    for reference in _references(deadline):
        try:
            clause = norms().clause(reference)
        except NotFound:
            yield QuotedClause(reference, "")
            continue
        cited = clause.citation
        words = cited.en if language() == "en" else cited.zh
        yield QuotedClause(words, clause.text, clause.document.id, f"clause-{clause.id}")


def _references(deadline: DeadlineView) -> list[str]:
    named = [part.strip() for part in deadline.clause.split(",") if part.strip()]
    row = norms().periods.get(deadline.period_id)
    return named or (list(row.clauses) if row else [])


def derivation(deadline: DeadlineView) -> str:
    """How the due instant was counted, in one line; empty where nothing was stored."""
    steps = tuple(_step(one) for one in deadline.derivation)
    if not steps:
        return ""
    return render(_Stored(deadline.started_at, steps), language(), None)  # type: ignore[arg-type]


def _step(stored: Mapping[str, Any]) -> Step:
    return Step(
        effect=Effect(stored["effect"]),
        why=stored["why"],
        day=date.fromisoformat(stored["date"]),
        at=datetime.fromisoformat(stored["at"]) if stored.get("at") else None,
        number=stored.get("number"),
        holiday=stored.get("holiday"),
        provisional=bool(stored.get("provisional")),
    )

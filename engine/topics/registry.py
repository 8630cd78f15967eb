"""The fixed list of topics that run in the verb's transaction; docs/topics.md describes them."""

from __future__ import annotations

from engine.topics import Topic, discipline, documents
from engine.topics.auditing import sample_audit, suspend_person
from engine.topics.directory import fill_place
from engine.topics.extensions import extend, start
from engine.topics.figures import compile_figures
from engine.topics.notices import notify
from engine.topics.overdue import overdue
from engine.topics.requests import forget, state
from engine.topics.starts import start_request
from engine.topics.watch_list import add, remove


def built_in() -> dict[str, Topic]:
    """Topic name → what it does. Any other topic is an external task (D12)."""
    return {
        "audit.sample": sample_audit,
        "document.issue": documents.issue,
        "document.render": documents.render,
        "document.seal": documents.seal,
        "deadline.extend": extend,
        "deadline.overdue": overdue,
        "deadline.start": start,
        "discipline.add": discipline.add,
        "discipline.load": discipline.load,
        "discipline.match": discipline.match,
        "discipline.remove": discipline.remove,
        "discipline.use": discipline.use,
        "directory.fill": fill_place,
        "figures.compile": compile_figures,
        "notify": notify,
        "person.suspend": suspend_person,
        "request.forget": forget,
        "request.start": start_request,
        "request.state": state,
        "watchlist.add": add,
        "watchlist.remove": remove,
    }

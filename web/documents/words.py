"""Sentences about documents in the reader's language."""

from __future__ import annotations

from engine.documents.verifying import Verified
from engine.queries.documents import Station
from web.language import language
from web.messages import sentence

MADE_WITH = ("typst", "body", "title")


def state(code: str) -> str:
    """草稿 for draft."""
    return sentence(f"document_state.{code}", {}, language())


def station(one: Station) -> tuple[Station, str]:
    """What happened, with the sentence that says so."""
    params = {**one.detail, "version": one.version}
    return one, sentence(f"document_station.{one.action}", params, language())


def verified(found: Verified) -> str:
    """Sound, differently made today, or altered."""
    if not found.kept:
        code = "document.verified.altered"
    else:
        code = "document.verified.sound" if found.sound else "document.verified.differs"
    params = {
        "number": found.number,
        "version": found.version,
        "pdf_sm3": found.pdf_sm3,
        "typst": found.now_with["typst"],
        "before": _tools(found.made_with),
        "now": _tools(found.now_with),
    }
    return sentence(code, params, language())


def _tools(made_with: object) -> str:
    known = dict(made_with) if isinstance(made_with, dict) else {}
    return ", ".join(f"{name} {known[name]}" for name in sorted(known))

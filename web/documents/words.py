"""Sentences about documents in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from engine.documents.verifying import Verified
from engine.queries.documents import Station
from web.language import language
from web.messages import sentence


def state(code: str) -> str:
    """草稿 for draft."""
    return sentence(f"document_state.{code}", {}, language())


def station(one: Station) -> tuple[Station, str]:
    """What happened, with the sentence that says so."""
    params = {**one.detail, "version": one.version}
    return one, sentence(f"document_station.{one.action}", params, language())


def verified(found: Verified, lang: str) -> str:
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
    return sentence(code, params, lang)


def _tools(made_with: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {made_with[name]}" for name in sorted(made_with))

"""What the properties panel offers: clauses with their words, periods, roles, topics, messages."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from flask import request

from engine.errors import LiandongError
from engine.studio_drafts import Workspace
from engine.timing.norms import Norms
from engine.timing.zone import local
from web.auth.viewer import the_engine
from web.studio.blueprint import pages
from web.vocabulary import message_names, norms, period_name, profile_name

MOST_FOUND = 30


def of(workspace: Workspace) -> dict[str, Any]:
    """Everything that a list in the panel can offer for this procedure; ids and names."""
    return {
        "roles": [{"id": code, "name": name} for code, name in norms().roles.items()],
        "periods": [_period(code) for code in norms().periods],
        "topics": sorted(the_engine().topics),
        "messages": [{"id": code, "name": name} for code, name in message_names().items()],
        "forms": _stems(workspace, ".form"),
        "decisions": _stems(workspace, ".dmn"),
    }


@pages.get("/clauses")
def clauses() -> list[dict[str, str]]:
    """Clauses by id (`id`, commas), or by words of the text, place or id (`q`)."""
    wanted = [one.strip() for one in request.args.get("id", "").split(",") if one.strip()]
    if wanted:
        return [_clause(norms(), one) for one in wanted]
    words = request.args.get("q", "").strip().lower().split()
    found = (_clause(norms(), one) for one in (*norms().obligations, *norms().clauses))
    matching = (one for one in found if _matches(one, words))
    distinct = {one["id"]: one for one in matching}
    return list(distinct.values())[:MOST_FOUND]


def _matches(clause: dict[str, str], words: list[str]) -> bool:
    text = f"{clause['id']} {clause['place']} {clause['quote']}".lower()
    return all(word in text for word in words)


def _clause(known: Norms, id_: str) -> dict[str, str]:
    """Its place in print and its words; a citation has no text of its own here."""
    if id_ in known.obligations:
        row = known.obligations[id_]
        return {"id": id_, "place": row.clause.citation.zh, "quote": row.quote}
    if id_ in known.clauses:
        clause = known.clauses[id_]
        return {"id": id_, "place": clause.citation.zh, "quote": clause.text}
    try:
        cited = known.cite(id_, local(the_engine().clock.now()).date())
    except LiandongError:
        return {"id": id_, "place": "", "quote": ""}
    return {"id": id_, "place": cited.zh, "quote": ""}


def _period(id_: str) -> dict[str, Any]:
    row = norms().periods[id_]
    return {
        "id": id_,
        "name": period_name(id_),
        "profiles": [profile_name(one) for one in row.profiles],
    }


def _stems(workspace: Workspace, kind: str) -> list[str]:
    return [PurePosixPath(one).stem for one in workspace.files if one.endswith(kind)]

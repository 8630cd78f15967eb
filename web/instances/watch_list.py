"""布控名单 by document number, and the report of a find (procedures B6.5)."""

from __future__ import annotations

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response

from engine.errors import Forbidden, Refusal
from engine.queries import watch_list as entries
from engine.queries.definitions import startable
from web.auth.viewer import acting, client_address, the_engine, viewer
from web.errors import said

pages = Blueprint("watch_list", __name__)

FIND_REPORT = "__find"
"""How the key of a procedure ends that reports a find (bpmn_patterns P10): a hit leads to it."""


@pages.route("/watch-list", methods=["GET", "POST"])
def search() -> Response:
    """The number is posted, never part of an address; every search is recorded, hit or not."""
    if not viewer().searches_watch_list:
        raise Forbidden("watch_list.not_allowed")
    if request.method == "GET":
        return _page()
    try:
        hits = entries.search_watch_list(
            *acting(), request.form.get("number", ""), address=client_address()
        )
    except Refusal as refusal:
        return _page(words=said(refusal), status=422)
    return _page(hits=hits, searched=True)


def _page(
    *,
    hits: list[entries.WatchHit] | None = None,
    searched: bool = False,
    words: str = "",
    status: int = 200,
) -> Response:
    startables = startable(the_engine(), viewer().actor)
    body = render_template(
        "instances/watch_list.html",
        hits=hits or [],
        searched=searched,
        words=words,
        reports=[one for one in startables if one.key.endswith(FIND_REPORT)],
    )
    return make_response(body, status)

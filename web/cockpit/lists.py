"""流程监控, 今日期限, 异常: what supervisors look through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from engine.queries import instance_list, supervision
from engine.queries.deadline_board import HEADINGS, SHOWN, deadline_board
from engine.queries.instance_filters import DUE, STATES, Wanted
from engine.queries.instance_list import COUNTED, SORTS, Cursor
from engine.queries.open_incidents import open_incidents
from web.auth.viewer import the_engine, viewer
from web.cockpit.blueprint import pages
from web.instances.story import incident_words

_LONGEST_TEXT = 80


@dataclass(frozen=True)
class Tile:
    """A number above a list that leads to what it counts."""

    url: str
    words: str
    number: int
    style: str
    chosen: bool


@pages.get("/instances")
def instances() -> str:
    """Every instance of the agency, narrowed and sorted by the address."""
    wanted = _wanted()
    engine, actor = the_engine(), viewer().actor
    return render_template(
        "cockpit/instances.html",
        stretch=instance_list.overseen_instances(engine, actor, wanted, _cursor()),
        wanted=wanted,
        tiles=_tiles(wanted),
        choices=supervision.choices(engine, actor),
        most=COUNTED,
        states=_state_words(),
        due_words=_due_words(),
        sorts=_sort_words(),
        turned=_turned,
    )


@pages.get("/deadlines")
def deadlines() -> str:
    """The board of the day, or its changing part alone where htmx asks for it."""
    fragment = request.headers.get("HX-Request") == "true"
    engine, actor = the_engine(), viewer().actor
    unit, procedure = request.args.get("unit") or None, request.args.get("procedure") or None
    return render_template(
        "cockpit/deadline_tables.html" if fragment else "cockpit/deadlines.html",
        board=deadline_board(engine, actor, unit=_unit(unit), procedure=procedure),
        headings={heading: _heading_words()[heading] for heading in HEADINGS},
        choices=supervision.choices(engine, actor),
        unit=unit,
        procedure=procedure,
        most=SHOWN,
        no_unit=_NO_UNIT,
    )


@pages.get("/incidents")
def incidents() -> str:
    """What stopped and waits for a person."""
    found = open_incidents(the_engine(), viewer().actor)
    return render_template("cockpit/incidents.html", found=found, words=incident_words)


_NO_UNIT = "-"
"""In the address of the board: limits that no unit answers for."""


def _unit(asked: str | None) -> str | None:
    return "" if asked == _NO_UNIT else asked


def _wanted() -> Wanted:
    asked = request.args
    return Wanted(
        state=_one_of(STATES, asked.get("state")) or "open",
        procedure=asked.get("procedure") or None,
        unit=asked.get("unit") or None,
        due=_one_of(DUE, asked.get("due")),
        incident=asked.get("incident") == "1",
        text=asked.get("text", "").strip()[:_LONGEST_TEXT],
        sort=_one_of(SORTS, asked.get("sort")) or "newest",
    )


def _one_of(offered: tuple[str, ...], asked: str | None) -> str | None:
    return asked if asked in offered else None


def _cursor() -> Cursor | None:
    """`after` or `before` in the address: an instant and an id, as `_turned` wrote them."""
    for name in ("after", "before"):
        at, _comma, id = request.args.get(name, "").partition(",")
        try:
            instant = datetime.fromisoformat(at)
        except ValueError:
            continue
        if instant.tzinfo is not None:
            return Cursor(instant, id, back=name == "before")
    return None


def _turned(cursor: Cursor) -> str:
    """The address of the page that begins or ends beside the cursor."""
    kept = {k: v for k, v in request.args.items() if k not in ("after", "before")}
    name = "before" if cursor.back else "after"
    # With Z instead of +00:00: a plus sign in an address is read as a space.
    at = f"{cursor.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
    return url_for("cockpit.instances", **kept, **{name: f"{at},{cursor.id}"})


def _tiles(wanted: Wanted) -> list[Tile]:
    tally = instance_list.tally(the_engine(), viewer().actor)
    offered: list[tuple[str, int, str, dict[str, Any]]] = [
        (_("在办"), tally.open, "", {}),
        (_("有逾期"), tally.overdue, "tile-overdue", {"due": "overdue"}),
        (_("今日届满"), tally.today, "tile-today", {"due": "today"}),
        (_("有异常"), tally.incidents, "tile-overdue", {"incident": True}),
        (_("已中止"), tally.suspended, "", {"state": "suspended"}),
    ]
    return [_tile(wanted, *one) for one in offered]


def _tile(wanted: Wanted, words: str, number: int, style: str, narrowed: dict[str, Any]) -> Tile:
    address = {key: "1" if value is True else value for key, value in narrowed.items()}
    url = url_for("cockpit.instances", **address)
    return Tile(url, words, number, style, wanted == Wanted(**narrowed))


def _state_words() -> dict[str, str]:
    return {
        "open": _("在办（含已中止）"),
        "active": _("办理中"),
        "suspended": _("已中止"),
        "completed": _("已办结"),
        "cancelled": _("已撤销"),
        "terminated": _("已终止"),
        "all": _("全部状态"),
    }


def _due_words() -> dict[str, str]:
    return {
        "overdue": _("已逾期"),
        "today": _("今日届满"),
        "soon": _("三日内届满"),
        "provisional": _("暂定期限"),
    }


def _heading_words() -> dict[str, str]:
    return {
        "overdue": _("已逾期"),
        "today": _("今日届满"),
        "tomorrow": _("明日届满"),
        "provisional": _("暂定期限"),
    }


def _sort_words() -> dict[str, str]:
    return {"newest": _("最近发起在前"), "oldest": _("最早发起在前"), "due": _("最先届满在前")}

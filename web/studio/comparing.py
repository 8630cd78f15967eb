"""Two versions side by side: diagrams drawn with their differences marked, other files by line."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import render_template, request

from engine.queries import studio
from engine.queries.studio import ProcedurePage
from engine.studio_drafts import StudioFile
from web.auth.viewer import the_engine, viewer
from web.studio.blueprint import PAGES, pages

DRAFT = "draft"
"""Stands for the reader's workspace where a version is asked for."""


@dataclass(frozen=True)
class Line:
    """One line of a comparison by text; `left` and `right` count from 1, None where it is not."""

    kind: str
    left: int | None
    right: int | None
    words: str


@pages.get("/procedures/<procedure>/compare")
def compare(procedure: str) -> str:
    """`left` and `right`: a deployment's id or `draft`; `file`: one that either side has."""
    page = studio.procedure_page(the_engine(), viewer().actor, procedure)
    left, right = _sides(page)
    before, after = _files(page, left), _files(page, right)
    names = sorted(before.keys() | after.keys(), key=lambda name: (not name.endswith("bpmn"), name))
    changed = [name for name in names if _content(before, name) != _content(after, name)]
    file = request.args.get("file") or next(iter([*changed, *names]), "")
    drawn = file.endswith(".bpmn") and file in before and file in after
    return render_template(
        "studio/compare.html",
        page=page,
        left=left,
        right=right,
        names=names,
        changed=changed,
        file=file,
        drawn=drawn,
        lines=[] if drawn else list(_lines(_content(before, file), _content(after, file))),
        bundles=[*PAGES, *(("studio_compare.css", "studio_compare.js") if drawn else ())],
    )


def _sides(page: ProcedurePage) -> tuple[str, str]:
    """Asked for, else what is new: the draft against the newest, or the newest two."""
    versions = [one.deployment_id for one in page.versions]
    newest = ([DRAFT] if page.workspace.drafted or not versions else []) + versions
    known = {*versions, DRAFT}
    chosen = [request.args.get(side, "") for side in ("left", "right")]
    left, right = (one if one in known else "" for one in chosen)
    return left or newest[min(1, len(newest) - 1)], right or newest[0]


def _files(page: ProcedurePage, side: str) -> Mapping[str, StudioFile]:
    if side == DRAFT:
        return page.workspace.files
    procedure = page.workspace.procedure
    return studio.files_of(the_engine(), viewer().actor, procedure, side)


def _content(files: Mapping[str, StudioFile], name: str) -> bytes:
    return files[name].content if name in files else b""


def _lines(before: bytes, after: bytes) -> Iterator[Line]:
    """Changed lines with three unchanged ones around them."""
    left, right = _written(before), _written(after)
    groups = difflib.SequenceMatcher(None, left, right, autojunk=False).get_grouped_opcodes(3)
    for number, group in enumerate(groups):
        if number:
            yield Line("gap", None, None, "…")
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                yield from (Line("same", i + 1, i + 1 - i1 + j1, left[i]) for i in range(i1, i2))
            else:
                yield from (Line("gone", i + 1, None, left[i]) for i in range(i1, i2))
                yield from (Line("new", None, j + 1, right[j]) for j in range(j1, j2))


def _written(content: bytes) -> list[str]:
    """JSON is written out anew, so that layout alone is no difference."""
    text = content.decode("utf-8", errors="replace")
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=2).splitlines()
    except ValueError:
        return text.splitlines()

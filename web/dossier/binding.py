"""One PDF of a dossier: cover, contents with page numbers, history, forms, documents, files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from engine.dossiers import Dossier, Entered, Paper
from engine.errors import LiandongError
from engine.letters.typesetting import typesetter
from forms.adapter import FormsAdapter
from forms.showing import Answer, Group, Shown, Table, submission
from forms.views import FileView
from web.instances import story
from web.times import shown, shown_due
from web.vocabulary import message_name, period_name

LAYOUT = Path(__file__).with_name("dossier.typ")
PICTURES = {"image/png": "png", "image/jpeg": "jpg"}
PROBE = b"""
#let paper = json(bytes(sys.inputs.book))
#for n in range(paper.pages) {
  if paper.file.ends-with(".pdf") { image(paper.file, page: n + 1) } else { image(paper.file) }
}
"""
MOST_PAGES = 400
"""Pages of one file that are bound in; a longer one lies in the zip alone."""


@dataclass(slots=True)
class Bound:
    """What the layout reads, and the files it places."""

    data: dict[str, Any]
    files: dict[str, bytes] = field(default_factory=dict)

    def place(self, paper: Paper) -> dict[str, Any]:
        """A heading and the pages below it; without pages where they cannot be shown."""
        name = f"{len(self.files) + 1}.{PICTURES.get(paper.media_type, 'pdf')}"
        pages = _pages(paper)
        if pages and not _can_be_set(name, paper, pages):
            pages = 0
        if pages:
            self.files[name] = paper.content
        return {"title": paper.title, "at": shown(paper.at), "file": name, "pages": pages}


def _pages(paper: Paper) -> int:
    """How many pages can be bound in; 0 for what is neither a sound PDF nor a picture."""
    if paper.media_type in PICTURES:
        return 1
    if paper.media_type != "application/pdf":
        return 0
    try:
        reader = PdfReader(BytesIO(paper.content))
        number = 0 if reader.is_encrypted else len(reader.pages)
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError):
        return 0
    return number if number <= MOST_PAGES else 0


def _can_be_set(name: str, paper: Paper, pages: int) -> bool:
    """One damaged scan must not keep the whole file from being exported: each is tried alone."""
    try:
        data = {"file": name, "pages": pages}
        typesetter().book(PROBE, data, {name: paper.content}, paper.at, "")
    except LiandongError:
        return False
    return True


def bind(dossier: Dossier, forms: FormsAdapter, reader: str, reason: str) -> bytes:
    """The PDF. `reader`: who asked for it, on every page. Raises `LiandongError`
    letter.typesetting.
    """
    bound = Bound(_data(dossier, forms, reader, reason))
    bound.data["documents"] = [bound.place(paper) for paper in dossier.documents]
    bound.data["attachments"] = [bound.place(paper) for paper in dossier.attachments]
    source = LAYOUT.read_bytes()
    watermark = f"{reader}　{shown(dossier.gathered_at)}"
    return typesetter().book(source, bound.data, bound.files, dossier.gathered_at, watermark)


def _data(dossier: Dossier, forms: FormsAdapter, reader: str, reason: str) -> dict[str, Any]:
    people = dossier.people
    lines = story.told(dossier.events, people)
    return {
        "request_no": dossier.request_no,
        "case_no": dossier.case_no or "",
        "agency": dossier.agency,
        "reader": reader,
        "reason": reason,
        "at": shown(dossier.gathered_at),
        "instances": [
            [name, shown(one.started_at), shown(one.ended_at), one.outcome or "在办"]
            for one, name in dossier.instances
        ],
        "history": [[shown(line.at), line.words] for line in reversed(lines)],
        "limits": [
            [
                period_name(limit.period_id),
                shown(limit.started_at),
                shown_due(limit.due_at),
                shown(limit.met_at),
            ]
            for limit in sorted(dossier.deadlines, key=lambda one: one.started_at)
        ],
        "messages": [
            [
                message_name(one.name),
                one.from_name,
                one.to_name,
                shown(one.sent_at),
                shown(one.acknowledged_at),
                one.receipt_no or "",
            ]
            for one in dossier.envelopes
        ],
        "forms": [_form(one, forms, people) for one in dossier.entered],
    }


def _form(entered: Entered, forms: FormsAdapter, people: dict[str, str]) -> dict[str, Any]:
    schema = forms.schema(entered.form)
    # An export for the file shows the whole: who asked for it, and why, is recorded.
    blocks = submission(schema, entered.values, _by_id, reveal=True)
    return {
        "title": entered.step or schema.id,
        "version": entered.version,
        "by": people.get(entered.by, ""),
        "happened": shown(entered.happened_at),
        "recorded": shown(entered.recorded_at),
        "lines": list(_lines(blocks)),
    }


def _by_id(ids: Sequence[str]) -> dict[str, FileView]:
    """Files stand below under their own heading; here only that there are some."""
    return {id: FileView(id, "见附件") for id in ids}


def _lines(blocks: Sequence[Shown], depth: int = 0) -> Iterator[dict[str, Any]]:
    for block in blocks:
        match block:
            case Answer():
                yield {"kind": "answer", "label": block.label, "text": _text(block)}
            case Table():
                rows = [[_text(cell) for cell in row] for row in block.rows]
                yield {
                    "kind": "table", "label": block.label,
                    "columns": list(block.columns), "rows": rows,
                }  # fmt: skip
            case Group():
                yield {"kind": "group", "label": block.label, "depth": depth}
                yield from _lines(block.blocks, depth + 1)


def _text(answer: Answer) -> str:
    return "、".join(file.name for file in answer.files) or answer.text

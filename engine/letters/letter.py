"""A letter's template: one YAML file of words, read and checked; layouts are files of their own.

id: TPL-02                       # 文书模板; `variant` where one id has several forms
title: 协助执行通知书
layout: court                    # court · letter · record · red · minutes
head: ${case.court_name}
number: ${code}协通〔${year}〕${serial}号
body:
  - lead: ${addressee}：
  - text: 本院在办理${case.case_name}一案中，…
    when: measure != "仅查找"
  - grid: {head: [事项, 责任单位], each: "for one in agreed return [one.matter, one.unit]"}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import Refusal
from engine.letters.template_text import TemplateText, condition
from engine.timing.yaml_text import read_yaml

LAYOUTS = ("court", "letter", "record", "red", "minutes")
"""法院文书 · 信函格式 · 笔录、回执 · 红头公文 · 纪要 (GB/T 9704)."""
TEXTS = ("lead", "text", "heading", "right", "date", "signer", "note")
TABLES = ("table", "signatures", "imprint")
GRID = "grid"
"""Kinds of blocks: one text, rows of cells, a head with a row for each of a list."""
_FIELDS = (
    "id", "variant", "title", "subtitle", "layout", "head", "reference", "number", "body",
    "clauses",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One block of the template; `when` is FEEL, the block is left out unless it is true.

    A grid has its head in `rows`, and `each`: FEEL that yields a list of rows, each a list.
    """

    kind: str
    text: TemplateText | None
    rows: tuple[tuple[TemplateText, ...], ...]
    when: Any
    each: Any = None


@dataclass(frozen=True, slots=True)
class Letter:
    """A template, ready to be filled."""

    id: str
    variant: str
    title: str
    layout: str
    head: TemplateText
    subtitle: TemplateText
    reference: TemplateText
    number: TemplateText
    parts: tuple[Part, ...]
    clauses: tuple[str, ...] = ()
    """The rows of the catalogue that the letter carries out."""

    @property
    def key(self) -> str:
        """`TPL-02`, or `TPL-22/拘传票` where the id has several forms."""
        return f"{self.id}/{self.variant}" if self.variant else self.id


def read_letter(file: str, source: bytes) -> Letter:
    """Read a template. Raises `Refusal` letter.* or feel.* with `file` and the place in it."""
    data = read_yaml(file, source)
    if not isinstance(data, Mapping):
        raise Refusal("letter.shape", file=file)
    _only(file, data, _FIELDS)
    for name in ("id", "title", "layout", "head", "number", "body"):
        if not data.get(name):
            raise Refusal("letter.field_missing", file=file, field=name)
    if data["layout"] not in LAYOUTS:
        expected = ", ".join(LAYOUTS)
        raise Refusal("letter.layout", file=file, found=data["layout"], expected=expected)
    return Letter(
        id=str(data["id"]),
        variant=str(data.get("variant") or ""),
        title=str(data["title"]),
        layout=str(data["layout"]),
        head=TemplateText(file, str(data["head"])),
        subtitle=TemplateText(file, str(data.get("subtitle") or "")),
        reference=TemplateText(file, str(data.get("reference") or "")),
        number=TemplateText(file, str(data["number"])),
        parts=tuple(_parts(file, data["body"])),
        clauses=tuple(_clauses(file, data.get("clauses", []))),
    )


def _only(file: str, data: Mapping[str, Any], allowed: tuple[str, ...]) -> None:
    unknown = [str(name) for name in data if name not in allowed]
    if unknown:
        found, expected = ", ".join(unknown), ", ".join(allowed)
        raise Refusal("letter.field_unknown", file=file, found=found, expected=expected)


def _clauses(file: str, written: Any) -> Iterator[str]:
    if not isinstance(written, list):
        raise Refusal("letter.clauses", file=file, found=str(written)[:60])
    yield from map(str, written)


def _parts(file: str, body: Any) -> Iterator[Part]:
    if not isinstance(body, list):
        raise Refusal("letter.shape", file=file)
    for number, entry in enumerate(body, 1):
        kinds = [name for name in entry if name != "when"] if isinstance(entry, Mapping) else []
        if len(kinds) != 1 or kinds[0] not in (*TEXTS, *TABLES, GRID):
            expected = ", ".join((*TEXTS, *TABLES, GRID))
            raise Refusal("letter.block", file=file, number=number, expected=expected)
        yield _part(file, kinds[0], entry)


def _part(file: str, kind: str, entry: Mapping[str, Any]) -> Part:
    when = condition(file, str(entry["when"])) if "when" in entry else None
    if kind in TEXTS:
        return Part(kind, TemplateText(file, str(entry[kind] or "")), (), when)
    if kind == GRID:
        return _grid(file, entry[kind], when)
    rows = entry[kind]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise Refusal("letter.rows", file=file, kind=kind)
    return Part(kind, None, tuple(tuple(_cells(file, row)) for row in rows), when)


def _grid(file: str, written: Any, when: Any) -> Part:
    if not isinstance(written, Mapping) or set(written) != {"head", "each"}:
        raise Refusal("letter.grid", file=file)
    head = tuple(_cells(file, list(written["head"])))
    return Part(GRID, None, (head,), when, condition(file, str(written["each"])))


def _cells(file: str, row: list[Any]) -> Iterator[TemplateText]:
    for cell in row:
        yield TemplateText(file, "" if cell is None else str(cell))

"""Complaints as rows: for the list beside the diagram and the marks on its elements."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from engine.ports import Complaint
from web.language import language
from web.messages import sentence


def rows(complaints: Iterable[Complaint]) -> list[dict[str, Any]]:
    """Errors first, in the order of the files and lines."""
    ordered = sorted(complaints, key=lambda c: (c.severity, c.file, c.line or 0))
    return [_row(one) for one in ordered]


def _row(one: Complaint) -> dict[str, Any]:
    known = {"element": one.element_id, "name": one.element_name, **one.params}
    return {
        "severity": one.severity,
        "file": one.file,
        "line": one.line,
        "element": one.element_id,
        "name": one.element_name,
        "words": sentence(one.code, known, language()),
    }

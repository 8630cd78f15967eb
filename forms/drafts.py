"""Drafts: the typing as it was, word for word, so that it comes back exactly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict

from forms.entering import sorted_out
from forms.schema.model import Schema

CHARACTERS = 500_000
FIELDS = 5_000


def capture(flat: MultiDict[str, Any]) -> list[list[str]]:
    """Name and text of every field in the order sent, without the page's own controls."""
    typed = [
        [name, text]
        for name, text in flat.items(multi=True)
        if isinstance(text, str) and not name.startswith("_") and name != "csrf_token"
    ]
    return _within_limits(typed)


def _within_limits(typed: list[list[str]]) -> list[list[str]]:
    """Nobody types half a million characters; what lies beyond is not kept."""
    kept, room = [], CHARACTERS
    for name, text in typed[:FIELDS]:
        room -= len(name) + len(text)
        if room < 0:
            break
        kept.append([name, text])
    return kept


def restore(schema: Schema, typed: Iterable[Sequence[str]]) -> MultiDict[str, Any]:
    """The typing for OpenForm(flat=…); fields that the form has no longer are left out."""
    return sorted_out(schema, MultiDict((name, text) for name, text in typed))[0]

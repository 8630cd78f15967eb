"""What a person of a scenario fills in: the form's sample, the scenario's own words over it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.errors import Refusal
from forms.samples import computed, load, merged
from forms.schema.model import Question, Rows, Section, entries

Upload = Callable[[str, str, bytes], str]
"""Keeps a file as the person: name, media type, content; answers its id."""

_MEDIA = {
    "pdf": ("application/pdf", b"%PDF-1.4\n"),
    "jpg": ("image/jpeg", b"\xff\xd8\xff\xe0"),
    "png": ("image/png", b"\x89PNG\r\n\x1a\n"),
}


class Samples:
    """The samples beside the forms of a folder, read when they are first needed."""

    def __init__(self, folder: Path, left_out: Mapping[str, tuple[str, ...]] | None = None) -> None:
        """`left_out`: an answer, by its keys, that the sample of `procedure/form` lacks."""
        self._folder, self._left_out = folder, left_out or {}
        self._read: dict[str, Mapping[str, Any]] = {}

    def of(self, procedure: str, form: str) -> Mapping[str, Any]:
        """The sample's values; empty where the form has no sample. Raises `Refusal`."""
        path = self._folder / procedure / f"{form}.sample.yaml"
        key = f"{procedure}/{form}"
        if key not in self._read:
            read = _sample(path) if path.is_file() else {}
            self._read[key] = without(read, self._left_out.get(key, ()))
        return self._read[key]


def without(values: Any, path: tuple[str, ...]) -> Any:
    """The values without what lies at the path, in every row on the way."""
    if isinstance(values, list):
        return [without(row, path) for row in values]
    if not path or not isinstance(values, Mapping):
        return values
    if len(path) == 1:
        return {key: value for key, value in values.items() if key != path[0]}
    return {**values, path[0]: without(values.get(path[0], {}), path[1:])}


def _sample(path: Path) -> Mapping[str, Any]:
    try:
        return load(path.read_bytes()).values
    except Refusal as problem:
        raise Refusal(problem.code, file=path.name, line=problem.params.get("line")) from None


def filling(
    sample: Mapping[str, Any], own: Mapping[str, Any], scope: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    """The sample with what differs; texts after `=` are FEEL on `scope`."""
    found: dict[str, Any] = computed(merged(sample, own), scope, now)
    return found


def uploaded(parts: Any, values: Mapping[str, Any], upload: Upload) -> dict[str, Any]:
    """The values with file names in place of files uploaded and named by id."""
    found = dict(values)
    for entry in entries(parts):
        part = entry.part
        value = found.get(part.key)
        if isinstance(part, Question) and part.kind == "file":
            found[part.key] = _kept(value, upload)
        elif isinstance(part, Section) and isinstance(value, Mapping):
            found[part.key] = uploaded(part.parts, value, upload)
        elif isinstance(part, Rows) and isinstance(value, list):
            found[part.key] = [_row(part, row, upload) for row in value]
    return {key: value for key, value in found.items() if key in values}


def _row(part: Rows, row: Any, upload: Upload) -> Any:
    return uploaded(part.parts, row, upload) if isinstance(row, Mapping) else row


def _kept(value: Any, upload: Upload) -> Any:
    if isinstance(value, list):
        return [_kept(item, upload) for item in value]
    if isinstance(value, Mapping):
        return upload(value["name"], "text/csv", value["text"].encode())
    if not isinstance(value, str) or "." not in value:
        return value
    media_type, content = _MEDIA.get(value.rsplit(".", 1)[-1], _MEDIA["pdf"])
    return upload(value, media_type, content)

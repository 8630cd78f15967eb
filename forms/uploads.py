"""Files on their way in. A file is stored the moment it arrives and is an id from then on.

The file input of the field `photos` is called `_file:photos`; the stored ids travel in hidden
inputs called `photos`, so that no re-rendering loses a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from werkzeug.datastructures import FileStorage, MultiDict

from engine.ports import FieldError
from forms.entering import found_at
from forms.schema.model import Question, Schema
from forms.validators.checked import Problem
from forms.validators.files import LARGEST, check_file

PREFIX = "_file:"
FILES_AT_ONCE = 40
Store = Callable[[str, str, bytes], str]
"""Keeps a file: name, media type, content; answers its id."""


def file_question(schema: Schema, name: str) -> Question | None:
    """The file question under a flat name, or None."""
    found = found_at(schema.parts, name)
    return found if isinstance(found, Question) and found.kind == "file" else None


def take(
    schema: Schema, flat: MultiDict[str, Any], files: MultiDict[str, FileStorage], store: Store
) -> tuple[MultiDict[str, Any], list[FieldError]]:
    """The flat values with the uploads stored and named by id, and what was not taken."""
    result, errors = MultiDict(flat), []
    for name, upload in _uploads(files):
        question = file_question(schema, name)
        if question is None:
            errors.append(FieldError(name[:60], "field.unknown", {"label": name[:60]}))
            continue
        kept = take_one(question, name, upload, store)
        if isinstance(kept, FieldError):
            errors.append(kept)
        elif question.multiple:
            result.add(name, kept)
        else:
            result.setlist(name, [kept])
    return result, errors


def _uploads(files: MultiDict[str, FileStorage]) -> Iterator[tuple[str, FileStorage]]:
    sent = [
        (name.removeprefix(PREFIX), upload)
        for name, upload in files.items(multi=True)
        if name.startswith(PREFIX) and upload.filename
    ]
    yield from sent[:FILES_AT_ONCE]


def take_one(question: Question, name: str, upload: FileStorage, store: Store) -> str | FieldError:
    """Check and store one file; its id, or the error."""
    content = upload.stream.read(LARGEST + 1)
    filename = (upload.filename or "").replace("\\", "/").rpartition("/")[2][-200:]
    checked = check_file(filename, content, question.accept)
    if checked.error is None:
        return store(filename, checked.value, content)
    return _refused(question, name, checked.error)


def _refused(question: Question, name: str, problem: Problem) -> FieldError:
    params = {"label": question.label, **problem.params}
    return FieldError(name.replace("-", "."), problem.code, params)

"""Files are checked, stored as they arrive, and never lost by a re-rendering."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import FileStorage, MultiDict

from forms.entering import pressed
from forms.uploads import file_question, take
from forms.validators.files import LARGEST, check_file

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj"
ALL = (".pdf", ".ofd", ".jpg", ".png")


def ofd(member="OFD.xml"):
    archive = BytesIO()
    with ZipFile(archive, "w") as writer:
        writer.writestr(member, "<ofd/>")
    return archive.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.pdf", PDF, "application/pdf"),
        ("a.PDF", PDF, "application/pdf"),
        ("a.ofd", ofd(), "application/ofd"),
        ("a.jpeg", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "image/png"),
    ],
)
def test_a_file_is_what_its_content_says(name, content, media_type):
    assert check_file(name, content, ALL).value == media_type


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.exe", PDF, "file.type"),
        ("pdf", PDF, "file.type"),
        ("a.pdf", b"", "file.empty"),
        ("a.pdf", b"<html>", "file.magic"),
        ("a.ofd", ofd("evil.xml"), "file.magic"),
        ("a.ofd", b"PK\x03\x04broken", "file.magic"),
        ("a.pdf", PDF + b"/OpenAction << /S /JavaScript >>", "file.active"),
        ("a.pdf", PDF + b"/S /Java#53cript", "file.active"),
        ("a.pdf", PDF + b"0" * LARGEST, "file.too_large"),
    ],
)
def test_anything_else_is_refused(name, content, code):
    assert check_file(name, content, ALL).error.code == code


@given(st.text(max_size=20), st.binary(max_size=100))
def test_no_file_breaks_the_check(name, content):
    for suffix in ALL:
        check_file(name + suffix, content, ALL)


@pytest.fixture
def report(bench, field):
    rows = field("dynamiclist", "letters", components=[field("filepicker", "file", accept=".pdf")])
    return bench(field("filepicker", "photos", multiple=True, accept=".jpg"), rows)


class Shelf:
    """Keeps what is stored, in order."""

    def __init__(self):
        self.kept = []

    def __call__(self, name, media_type, content):
        self.kept.append((name, media_type, content))
        return f"id{len(self.kept)}"


def upload(name, content):
    return FileStorage(BytesIO(content), filename=name)


def test_an_upload_is_stored_and_becomes_an_id_beside_those_already_there(report):
    shelf = Shelf()
    files = MultiDict([("_file:photos", upload("a.jpg", b"\xff\xd8\xff")),
                       ("_file:photos", upload("", b""))])  # fmt: skip
    flat, errors = take(report.schema, MultiDict([("photos", "old")]), files, shelf)
    assert (flat.getlist("photos"), errors) == (["old", "id1"], [])
    assert shelf.kept == [("a.jpg", "image/jpeg", b"\xff\xd8\xff")]


def test_a_single_file_replaces_the_one_before(report):
    files = MultiDict([("_file:letters-0-file", upload("C:\\letters\\b.pdf", PDF))])
    shelf = Shelf()
    flat, errors = take(report.schema, MultiDict([("letters-0-file", "old")]), files, shelf)
    assert (flat.getlist("letters-0-file"), errors) == (["id1"], [])
    assert shelf.kept[0][0] == "b.pdf"


def test_a_refused_file_is_told_at_its_field_and_the_others_stay(report):
    files = MultiDict(
        [("_file:photos", upload("a.pdf", PDF)), ("_file:nobody", upload("a.pdf", PDF))]
    )
    flat, errors = take(report.schema, MultiDict([("photos", "old")]), files, Shelf())
    assert flat.getlist("photos") == ["old"]
    assert [(e.path, e.code) for e in errors] == [
        ("photos", "file.type"),
        ("nobody", "field.unknown"),
    ]
    opened = report.open(list(flat.items(multi=True)))
    opened.show(errors)
    assert not opened.validate()


def test_a_file_can_be_taken_away_again(report):
    flat = MultiDict([("photos", "a"), ("photos", "b"), ("_drop", "photos:a")])
    assert pressed(report.schema, flat).getlist("photos") == ["b"]


@pytest.mark.parametrize("name", ["", "photos-0", "letters", "letters-0", "letters-0-file-1", "x"])
def test_only_file_fields_take_files(report, name):
    assert file_question(report.schema, name) is None
    assert file_question(report.schema, "letters-3-file").key == "file"

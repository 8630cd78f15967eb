"""Every document of the catalogue has its template; who approves it is decided by its kind."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.feel.decisions import load
from engine.letters import MISSING, Letter, Marks, fill, read_letter, typesetter, word_file
from tests.engine.documents import letters
from tests.workflows.drawn import WORKFLOWS

AT = datetime(2026, 11, 20, 1, tzinfo=UTC)
FILES = sorted(WORKFLOWS.glob("*/letters/*.yaml"))
CATALOGUE = {f"TPL-{number:02d}" for number in range(1, 25)}
DMN = WORKFLOWS / "document_issue" / "approval_level.dmn"


def letter(path: Path) -> Letter:
    return read_letter(path.name, path.read_bytes())


def test_every_document_of_the_catalogue_has_a_template() -> None:
    assert {found.id.removesuffix("b") for found in map(letter, FILES)} == CATALOGUE


def test_a_template_stands_in_the_file_of_its_name() -> None:
    names = {path: letter(path).key.replace("/", "-") for path in FILES}
    assert {path.stem: name for path, name in names.items()} == {p.stem: p.stem for p in FILES}


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_a_letter_of_which_nothing_is_known_is_printed_with_its_gaps_marked(path: Path) -> None:
    template = letter(path)
    known = letters.names(case=None, person=None, contact=None, measure=None, number=None)
    filled = fill(template, known)
    words = [filled.head, filled.reference, *(block.text for block in filled.blocks)]
    words += [cell for block in filled.blocks for row in block.rows for cell in row]
    assert filled.missing
    assert MISSING in "".join(words)
    assert not any("null" in text or "None" in text for text in words)
    marks = Marks.of(filled, "豫1321-PER-2026-000012", "1号", 1)
    assert typesetter().pdf(letters.layout(), filled, marks, AT).startswith(b"%PDF-")
    assert word_file(letters.word_layout(template.layout), filled, marks).startswith(b"PK")


@pytest.mark.parametrize(
    ("template", "made_with_it", "level"),
    [
        ("TPL-02", "拘传票", "院长"),
        ("TPL-02", "拘留决定书", "院长"),
        ("TPL-22", "拘留决定书", "院长"),
        ("TPL-22", "罚款决定书", "院长"),
        ("TPL-22", "失信决定书", "院长"),
        ("TPL-13", None, "院长"),
        ("TPL-14", None, "院长"),
        ("TPL-18", None, "院长"),
        ("TPL-22", "传票", "执行局局长"),
        ("TPL-02", None, "执行局局长"),
        ("TPL-01", None, "执行局局长"),
        ("TPL-11", None, "执行局局长"),
    ],
)
def test_what_touches_a_persons_liberty_is_approved_by_the_president(
    template: str, made_with_it: str | None, level: str
) -> None:
    model = load(DMN.read_bytes(), DMN.name)
    asked = {"template": template, "instrument_to_make": made_with_it}
    assert model.evaluate("approval_level", asked, now=AT).value == level

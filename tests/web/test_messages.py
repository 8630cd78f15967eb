"""Every code of the engine has a sentence in both languages; every page word has its English."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest
import yaml
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from engine.errors import Refusal
from web.messages import LANGUAGES, catalogue, error_sentence, sentence

ROOT = Path(__file__).parents[2]
ENVELOPES = ROOT / "web/messages/envelopes.yaml"
DRAWINGS = sorted(ROOT.glob("workflows/*/*.bpmn"))
RAISED = {"Refusal", "NotFound", "Forbidden", "Conflict", "Unavailable", "Fault", "LostRace",
          "LostConnection", "BrokenSeal", "LiandongError"}


def codes_raised(folder: str) -> set[str]:
    """Literal first arguments of the domain errors that a folder's modules make."""
    found = set()
    for file in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and _name(node.func) in RAISED:
                found |= {part for part in _texts(node.args[0]) if "." in part}
    return found


def _name(function: ast.expr) -> str:
    return getattr(function, "id", getattr(function, "attr", ""))


def _texts(argument: ast.expr) -> set[str]:
    return {argument.value} if isinstance(argument, ast.Constant) else set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("folder", ["engine", "web"])
def test_every_error_code_has_a_sentence(folder: str, language: str) -> None:
    assert codes_raised(folder) - catalogue(language).keys() == set()


def test_both_catalogues_have_the_same_codes_and_parameters() -> None:
    chinese, english = catalogue("zh"), catalogue("en")
    assert chinese.keys() == english.keys()
    differing = {c for c in chinese if not parameters(english[c]) <= parameters(chinese[c])}
    assert differing == set()


@pytest.mark.parametrize("drawing", DRAWINGS, ids=[file.stem for file in DRAWINGS])
def test_every_message_of_a_drawing_has_a_name(drawing: Path) -> None:
    """An officer reads 协助查控申请 where the drawing says person_control_request.

    The names stand in web/messages/envelopes.yaml, and nowhere else.
    """
    named = yaml.safe_load(ENVELOPES.read_text("utf-8"))
    drawn = re.findall(r'<bpmn:message id="[^"]*" name="([^"]*)"', drawing.read_text("utf-8"))
    assert set(drawn) - named.keys() == set()


def test_every_name_of_a_message_is_there_in_both_languages() -> None:
    named = yaml.safe_load(ENVELOPES.read_text("utf-8"))
    assert [key for key, names in named.items() if set(names) != {"zh", "en"}] == []


def parameters(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_a_missing_parameter_leaves_the_sentence_whole() -> None:
    assert sentence("task.cancelled", {}).startswith("“”已随流程变化取消")


def test_an_error_without_a_sentence_names_its_code() -> None:
    words = error_sentence(Refusal("nothing.such", found=3), "en")
    assert "nothing.such" in words
    assert "found=3" in words


def test_every_word_of_the_pages_has_its_english() -> None:
    with (ROOT / "web/translations/en.po").open("rb") as file:
        english = {m.id for m in read_po(file) if m.id and m.string}
    assert words_of_the_pages() - english == set()


def words_of_the_pages() -> set[str]:
    found = set()
    for folder, method, pattern in (
        ("web", "python", "*.py"), ("web/templates", "jinja2", "*.html"),
    ):
        for file in (ROOT / folder).rglob(pattern):
            with file.open("rb") as source:
                found |= {message for _, message, _, _ in _extracted(method, source)}
    return {word for word in found if re.search(r"[一-鿿]", word)}


def _extracted(method: str, source):
    options = {"encoding": "utf-8"}
    return extract("jinja2.ext:babel_extract" if method == "jinja2" else method, source,
                   options=options)

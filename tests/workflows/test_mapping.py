"""Each procedure's README says for every rule where it is drawn and which scenario proves it."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.bpmn.lint.references import form_key
from tests.workflows.drawn import FILES, draw

HEADER = ("规范", "内容", "元素", "场景")
CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Row:
    """One line of a mapping table."""

    line: int
    cells: tuple[str, ...]

    @property
    def elements(self) -> list[str]:
        return CODE.findall(self.cells[2])

    @property
    def scenarios(self) -> list[str]:
        return CODE.findall(self.cells[3])


def rows(readme: Path) -> Iterator[Row]:
    """The lines of the table below the header 规范 | 内容 | 元素 | 场景."""
    inside = False
    for number, line in enumerate(readme.read_text("utf-8").splitlines(), 1):
        cells = tuple(cell.strip() for cell in line.strip().strip("|").split("|"))
        if cells == HEADER:
            inside = True
        elif inside and not line.startswith("|"):
            inside = False
        elif inside and set(line) - set("|- "):
            yield Row(number, cells)


@pytest.fixture(params=[file.parent for file in FILES], ids=lambda folder: folder.name)
def folder(request) -> Path:
    return request.param


@pytest.fixture
def table(folder) -> list[Row]:
    return list(rows(folder / "README.md"))


def test_there_is_a_table_without_an_empty_cell(table):
    assert table
    assert [row.line for row in table if len(row.cells) != 4 or not all(row.cells)] == []
    assert [row.line for row in table if not row.elements or not row.scenarios] == []


def test_what_the_table_names_exists(folder, table):
    known = _elements(folder) | _fields(folder) | {file.stem for file in folder.glob("*.dmn")}
    scenarios = {file.stem for file in folder.glob("scenarios/*.yaml")}
    assert {name for row in table for name in row.elements} - known == set()
    assert {name for row in table for name in row.scenarios} - scenarios == set()


def test_every_task_timer_and_scenario_is_in_the_table(folder, table):
    drawing = draw(folder / f"{folder.name}.bpmn")
    named = {name for row in table for name in row.elements}
    forms = {name.split("#")[0] for name in named if "#" in name}
    tasks = {
        node.id
        for node in drawing.nodes.values()
        if node.kind == "userTask" and form_key(node) not in forms
    }
    timers = {n.id for n in drawing.nodes.values() if n.event and n.event.kind == "timer"}
    decisions = {file.stem for file in folder.glob("*.dmn")}
    assert (tasks | timers | decisions) - named == set()
    proved = {name for row in table for name in row.scenarios}
    assert {file.stem for file in folder.glob("scenarios/*.yaml")} - proved == set()


def test_every_form_has_a_sample(folder):
    forms = {file.stem for file in folder.glob("*.form")}
    samples = {file.name.removesuffix(".sample.yaml") for file in folder.glob("*.sample.yaml")}
    assert forms == samples


def _elements(folder: Path) -> set[str]:
    drawing = draw(folder / f"{folder.name}.bpmn")
    return set(drawing.nodes)


def _fields(folder: Path) -> set[str]:
    """`form#field` for every component of every form."""
    return {
        f"{file.stem}#{key}"
        for file in folder.glob("*.form")
        for key in _keys(json.loads(file.read_bytes()))
    }


def _keys(component: dict) -> Iterator[str]:
    for child in component.get("components", ()):
        yield from (child[name] for name in ("key", "path") if name in child)
        yield from _keys(child)

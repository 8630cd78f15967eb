"""docs/guarantees.md: a promise names the test that holds it, and the test is there."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "guarantees.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
PROMISE = re.compile(r"^\| (?!Promised|---)(.+?) \| (.+?) \|$", re.MULTILINE)


def names_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    defined = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef))
    return {node.name for node in defined} | {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def test_every_test_that_a_promise_names_exists() -> None:
    missing = [
        f"{path}::{name}"
        for path, name in NAMED.findall(PAGE)
        if not (ROOT / path).exists() or name not in names_in(ROOT / path)
    ]
    assert missing == []


def test_every_promise_names_a_test() -> None:
    promises = PROMISE.findall(PAGE)
    assert promises
    assert [said for said, test in promises if not NAMED.search(test)] == []


def test_every_fault_that_is_tested_stands_on_the_page() -> None:
    """What `make faults` holds is promised, each file of it."""
    files = {f"tests/faults/{path.name}" for path in (ROOT / "tests" / "faults").glob("test_*.py")}
    assert files - {path for path, _ in NAMED.findall(PAGE)} == set()

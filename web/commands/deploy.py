"""`liandong deploy` and `liandong check`: folders of diagrams, forms and decisions."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from engine import deployments
from engine.engine import Engine
from engine.errors import Refusal
from engine.ports import Complaint
from web.complaints import complaint_line
from web.messages import sentence

ENDINGS = {".bpmn", ".dmn", ".form"}
LETTERS = "letters"
"""Templates of documents and their layouts, in a folder of the procedure's own."""
PATHS = click.argument(
    "paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path)
)
JSON = click.option("--json", "as_json", is_flag=True, help="结果为 JSON / print JSON.")
LANGUAGE = click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)


@dataclass(frozen=True, slots=True)
class Folder:
    """What becomes one deployment: a procedure's folder, or a single file."""

    name: str
    files: dict[str, bytes]


@click.command("check", short_help="检查而不发布 / check, deploy nothing")
@PATHS
@JSON
@LANGUAGE
def check(paths: tuple[Path, ...], as_json: bool, lang: str) -> None:
    """检查流程图、表单、决策，逐条写明文件、行、元素与改法。什么也不发布。

    Exit code 0: nothing forbids deployment; 1: something does.
    """
    installation = click.get_current_context().obj
    found = folders(paths)
    engine = installation.checking_engine()
    complaints = judge(engine, found, groups_of(paths), neighbours(paths))
    _print(complaints, found, as_json, lang)
    sys.exit(1 if any(c.severity == "error" for c in complaints) else 0)


@click.command("deploy", short_help="发布流程 / deploy procedures")
@PATHS
@click.option("--note", default="", help="版本说明 / what is new in this version.")
@JSON
@LANGUAGE
def deploy(paths: tuple[Path, ...], note: str, as_json: bool, lang: str) -> None:
    """发布文件夹中的流程图、表单和决策：全部通过检查才发布，没有变化的不产生新版本。

    Every folder with a diagram becomes one deployment. One error anywhere: nothing is deployed.
    """
    engine = click.get_current_context().obj.engine()
    found = folders(paths)
    with engine.database.read() as session:
        deployed = deployments.known_keys(session)
    complaints = judge(engine, found, groups_of(paths), deployed)
    if any(c.severity == "error" for c in complaints):
        _print(complaints, found, as_json, lang)
        sys.exit(1)
    results = deploy_all(engine, found, groups_of(paths), note)
    if as_json:
        click.echo(json.dumps(results, ensure_ascii=False))
        return
    for result in results:
        code = "deploy.unchanged" if result["unchanged"] else "deploy.done"
        versions = "、".join(f"{key} v{version}" for key, version in result["definitions"])
        click.echo(sentence(code, {"name": result["name"], "versions": versions}, lang))


def deploy_all(
    engine: Engine, found: Sequence[Folder], groups: dict[str, bytes], note: str = ""
) -> list[dict[str, Any]]:
    """Deploy every folder; each knows the processes of all the others."""
    known = process_keys(found)
    results = []
    for folder in found:
        deployed = deployments.deploy(
            engine, "system", folder.name, folder.files, groups, note, sorted(known)
        )
        results.append(
            {
                "name": folder.name,
                "definitions": [list(d) for d in deployed.definitions],
                "unchanged": deployed.unchanged,
            }
        )
    return results


def folders(paths: Sequence[Path]) -> list[Folder]:
    """Every folder below `paths` that holds a diagram or a decision; single files alone."""
    found: dict[str, Folder] = {}
    for path in paths:
        if path.is_file():
            found[path.stem] = Folder(path.stem, {path.name: path.read_bytes()})
        for home in _homes(path):
            found[home.name] = Folder(home.name, dict(_files(home)))
    if not found:
        raise Refusal("deploy.nothing_found", paths=", ".join(map(str, paths)))
    return list(found.values())


def _files(home: Path) -> Iterator[tuple[str, bytes]]:
    """The procedure's own files, and its letters under the name of their folder."""
    own = (file for file in home.iterdir() if _ours(file))
    for file in sorted([*own, *home.glob(f"{LETTERS}/*")]):
        yield file.relative_to(home).as_posix(), file.read_bytes()


def _ours(file: Path) -> bool:
    return file.is_file() and file.suffix in ENDINGS


def _homes(path: Path) -> Iterator[Path]:
    diagrams = [*path.rglob("*.bpmn"), *path.rglob("*.dmn")] if path.is_dir() else []
    yield from sorted({file.parent for file in diagrams})


def groups_of(paths: Sequence[Path]) -> dict[str, bytes]:
    """Field groups: the folder `groups` beside or below the paths."""
    for path in paths:
        for home in (path, path.parent, path.parent.parent):
            folder = home / "groups"
            if folder.is_dir():
                return {file.name: file.read_bytes() for file in sorted(folder.glob("*.form"))}
    return {}


def process_keys(found: Sequence[Folder]) -> set[str]:
    """Processes that the folders hold, as far as their diagrams can be read."""
    keys: set[str] = set()
    for folder in found:
        keys |= deployments.processes_in(folder.files)
    return keys


def neighbours(paths: Sequence[Path]) -> set[str]:
    """Processes in the folders beside `paths`, which may be called though they are not checked."""
    beside = {path.parent for path in paths if path.is_dir()}
    return process_keys(folders(sorted(beside))) if beside else set()


def judge(
    engine: Engine,
    found: Sequence[Folder],
    groups: dict[str, bytes],
    also_known: Iterable[str] = (),
) -> list[Complaint]:
    """Complaints about all folders, as if they were deployed together."""
    known = {*process_keys(found), *also_known}
    complaints: list[Complaint] = []
    for folder in found:
        checked = deployments.check(engine, folder.files, groups, known)
        complaints += checked.complaints
    return complaints


def _print(
    complaints: Sequence[Complaint], found: Sequence[Folder], as_json: bool, lang: str
) -> None:
    errors = sum(1 for c in complaints if c.severity == "error")
    counts = {
        "errors": errors, "warnings": len(complaints) - errors, "folders": len(found)
    }  # fmt: skip
    if as_json:
        rows = [
            {
                "severity": c.severity, "file": c.file, "line": c.line, "element": c.element_id,
                "name": c.element_name, "code": c.code, "sentence": complaint_line(c, lang),
            }
            for c in complaints
        ]  # fmt: skip
        click.echo(json.dumps({**counts, "complaints": rows}, ensure_ascii=False))
        return
    for complaint in complaints:
        click.echo(complaint_line(complaint, lang))
    click.echo(sentence("check.summary", counts, lang))

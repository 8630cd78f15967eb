"""`liandong take-over`: requests that began on paper, entered where they stand, with true times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from mimetypes import guess_type
from pathlib import Path
from typing import Any

import click
import yaml
from sqlalchemy import select

from engine.attachments import store_file
from engine.engine import Engine
from engine.errors import LiandongError, NotFound, Refusal
from engine.instances import Started
from engine.store.models import Person
from engine.taking_over import take_over as take_over_verb
from web.commands.serve import require_usable
from web.messages import error_sentence, sentence
from web.rehearsal.moments import instant

NEEDED = frozenset({"process", "by", "at", "began_at", "reason"})
ALLOWED = NEEDED | {"forms", "variables", "same_request"}


@dataclass(frozen=True, slots=True)
class Paper:
    """`!file 传票.pdf`: a scan beside the YAML file, uploaded before the form is filled."""

    name: str


class _Loader(yaml.SafeLoader):
    """Plain YAML with `!file`."""


def _paper(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> Paper:
    return Paper(str(loader.construct_scalar(node)))


_Loader.add_constructor("!file", _paper)


@click.command("take-over", short_help="接管在办事项 / take running requests over")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def take_over(file: Path) -> None:
    """按文件把上线前或停机期间以纸质方式办理的事项接入系统，从所处的环节继续，时间如实填写。

    Enter requests that began on paper. Each entry is one transaction; the first that is refused
    ends the command, and says which entries were taken over before it.
    """
    installation = click.get_current_context().obj
    require_usable(installation)
    engine: Engine = installation.engine()
    previous = None
    for number, entry in enumerate(_entries(file), 1):
        try:
            _require_shape(entry)
            started = _take(engine, file.parent, entry, previous)
        except LiandongError as problem:
            where = {"file": file.name, "number": number, "words": _told(problem)}
            raise click.ClickException(sentence("takeover.file", where)) from problem
        previous = started.business_key
        done = {"process": entry["process"], "business_key": started.business_key}
        click.echo(sentence("takeover.done", done))


def _told(problem: LiandongError) -> str:
    """The sentence; of a form that was refused one for each field."""
    if problem.code != "form.invalid":
        return error_sentence(problem)
    form = problem.params.get("form", "")
    lines = [f"{form}#{e.path}：{sentence(e.code, e.params)}" for e in problem.params["errors"]]
    return "\n  ".join([error_sentence(problem), *lines])


def _entries(file: Path) -> list[Any]:
    try:
        found = yaml.load(file.read_text("utf-8"), _Loader)
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        raise click.ClickException(f"{file.name}: {problem}") from problem
    return found if isinstance(found, list) else [found]


def _require_shape(entry: Any) -> None:
    found = set(entry) if isinstance(entry, Mapping) else {str(entry)}
    if not NEEDED <= found <= ALLOWED:
        raise Refusal("takeover.shape", found=", ".join(sorted(map(str, found))))


def _take(engine: Engine, folder: Path, entry: dict[str, Any], previous: str | None) -> Started:
    person = _person(engine, entry["by"])
    began_at = instant(entry["began_at"])
    if began_at is None:
        raise Refusal("takeover.when", found=entry["began_at"])
    forms = [
        (form["form"], _uploaded(engine, person, folder, form.get("fill", {})))
        for form in entry.get("forms", ())
    ]
    variables = {n: instant(v) or v for n, v in entry.get("variables", {}).items()}
    return take_over_verb(
        engine,
        person,
        entry["process"],
        entry["at"],
        forms,
        began_at=began_at,
        reason=entry["reason"],
        business_key=previous if entry.get("same_request") else None,
        variables=variables,
    )


def _person(engine: Engine, login: str) -> str:
    with engine.database.read() as session:
        found = session.scalar(select(Person.id).where(Person.login == login))
    if found is None:
        raise NotFound("person.unknown", id=login)
    return found


def _uploaded(engine: Engine, person: str, folder: Path, value: Any) -> Any:
    """The values with every `!file` stored, its id in its place."""
    if isinstance(value, dict):
        return {key: _uploaded(engine, person, folder, one) for key, one in value.items()}
    if isinstance(value, list):
        return [_uploaded(engine, person, folder, one) for one in value]
    if not isinstance(value, Paper):
        return value
    scan = folder / value.name
    if not scan.is_file():
        raise NotFound("takeover.paper", found=value.name)
    media_type = guess_type(scan.name)[0] or "application/octet-stream"
    return store_file(engine, person, scan.name, media_type, scan.read_bytes())

"""The procedures of a folder as their files say: read and checked, nothing stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from engine.bpmn.model import Diagram
from engine.bpmn.reading import read_diagram
from engine.deployments import Checked, check
from engine.engine import Engine
from engine.ports import Complaint, FormPort
from engine.timing.norms import Norms
from forms.adapter import FormsAdapter
from forms.naming import named_fields
from forms.schema.model import Schema
from web.commands.deploy import Folder, folders, groups_of, process_keys
from web.rehearsal.words import Known, vocabulary


@dataclass(frozen=True)
class Procedures:
    """A folder of procedures. One half drawn keeps no other from being rehearsed."""

    workflows: Path
    norms: Norms
    sound: list[Folder]
    """Folders without errors."""
    left_out: Mapping[str, list[Complaint]]
    """What is wrong with the others."""
    checked: Mapping[str, Checked]
    """Procedure → what its files say."""
    diagrams: Mapping[str, list[Diagram]]
    """Procedure → its diagrams."""
    known: Known
    """What scenarios may name."""


def read_procedures(engine: Engine, workflows: Path) -> Procedures:
    """Everything below `workflows`. The engine checks; its database is not asked."""
    found = folders([workflows])
    groups, keys = groups_of([workflows]), process_keys(found)
    checked = {f.name: check(engine, f.files, groups, keys) for f in found}
    sound = [folder for folder in found if not checked[folder.name].errors]
    diagrams = {folder.name: list(diagrams_in(folder)) for folder in sound}
    norms = engine.statutes.current
    drawn = [diagram for each in diagrams.values() for diagram in each]
    forms = [body for folder in sound for body in checked[folder.name].forms.values()]
    return Procedures(
        workflows,
        norms,
        sound,
        {name: each.errors for name, each in checked.items() if each.errors},
        {folder.name: checked[folder.name] for folder in sound},
        diagrams,
        vocabulary(norms, drawn, fields_of(engine.forms, forms)),
    )


def diagrams_in(folder: Folder) -> Iterator[Diagram]:
    """The folder's diagrams, read."""
    for name, content in folder.files.items():
        if name.endswith(".bpmn"):
            yield read_diagram(content, name)


def schema_of(forms: FormPort, expanded: Mapping[str, Any]) -> Schema:
    """The model of an expanded form."""
    assert isinstance(forms, FormsAdapter)
    return forms.schema(expanded)


def fields_of(forms: FormPort, expanded: Iterable[bytes]) -> dict[str, set[str]]:
    """Form id → names by which scenarios may call its fields."""
    found: dict[str, set[str]] = {}
    for schema in (schema_of(forms, orjson.loads(body)) for body in expanded if body):
        names = found.setdefault(schema.id, set())
        for one in named_fields(schema):
            names |= {one.name, ".".join(one.path)} - {""}
    return found

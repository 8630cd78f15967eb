"""The forms whose answers an instance's case file may hold, each under the name of its step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from engine.definitions import EXPANDED, Bundle

if TYPE_CHECKING:
    from engine.engine import Engine

_ENDING = f".form{EXPANDED}"


@dataclass(frozen=True, slots=True)
class CaseForm:
    """An expanded form, and what the diagram calls the step that it is filled in at."""

    step: str
    form: dict[str, Any]


def case_forms(engine: Engine, definition_ids: Iterable[str]) -> list[CaseForm]:
    """The forms that were deployed with these definitions.

    A collaboration is deployed as one: what the other agency answered is asked for by its forms.
    """
    found: dict[str, CaseForm] = {}
    with engine.database.read() as session:
        for definition_id in definition_ids:
            row = engine.definitions.row(session, definition_id)
            bundle = engine.definitions.bundle(session, row.deployment_id)
            steps = _steps(bundle, row.resource_name)
            for key in _form_keys(bundle):
                found.setdefault(key, CaseForm(steps.get(key, row.name), bundle.form(key)))
    return list(found.values())


def _form_keys(bundle: Bundle) -> Iterator[str]:
    for name in bundle.files:
        if name.endswith(_ENDING):
            yield PurePosixPath(name).name.removesuffix(_ENDING)


def _steps(bundle: Bundle, diagram: str) -> dict[str, str]:
    """Form → name of the step that it is filled in at; of several, the first drawn."""
    found: dict[str, str] = {}
    for process in bundle.diagram(diagram).processes.values():
        for node in process.nodes.values():
            if form := node.camunda.get("formRef"):
                found.setdefault(form, node.label)
    return found

"""Where a document's template stands: beside the diagram that asks for it, else in the library."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions import Bundle
from engine.errors import NotFound
from engine.letters import Letter, read_letter
from engine.store.models import Deployment, ProcessInstance
from engine.store.unit_of_work import Unit

FOLDER = "letters"
LIBRARY = "document_issue"
"""The folder whose letters and layouts every other procedure may use."""


@dataclass(frozen=True, slots=True)
class Source:
    """A template and the layouts it is printed with, as one deployment holds them."""

    deployment_id: str
    letter: Letter
    typst: bytes
    word: bytes


def find_source(
    unit: Unit, instance: ProcessInstance | None, template: str, variant: str
) -> Source:
    """The template in the instance's own version, else in the newest library.

    Raises `NotFound` document.template_unknown, document.layout_unknown; `Refusal` letter.*.
    """
    homes = list(_homes(unit, instance))
    name = f"{template}-{variant}" if variant else template
    for bundle in homes:
        file = _named(bundle, f"{name}.yaml")
        if file is not None:
            letter = read_letter(file, bundle.files[file])
            return _source(bundle, homes, letter)
    raise NotFound("document.template_unknown", template=name)


def layouts_of(unit: Unit, deployment_id: str, layout: str) -> tuple[bytes, bytes]:
    """The typst and Word layout that a document was made with. Raises `NotFound`."""
    bundle = unit.engine.definitions.bundle(unit.session, deployment_id)
    return _layouts([bundle], layout)[1:]


def _source(bundle: Bundle, homes: list[Bundle], letter: Letter) -> Source:
    """Layouts beside the template go before those of the library."""
    home, typst, word = _layouts([bundle, *homes], letter.layout)
    return Source(home.deployment_id, letter, typst, word)


def _layouts(homes: list[Bundle], layout: str) -> tuple[Bundle, bytes, bytes]:
    for bundle in homes:
        typst, word = _named(bundle, "letter.typ"), _named(bundle, f"{layout}.docx")
        if typst is not None and word is not None:
            return bundle, bundle.files[typst], bundle.files[word]
    raise NotFound("document.layout_unknown", layout=layout)


def _homes(unit: Unit, instance: ProcessInstance | None) -> Iterator[Bundle]:
    definitions = unit.engine.definitions
    own = None
    if instance is not None:
        own = definitions.row(unit.session, instance.definition_id).deployment_id
        yield definitions.bundle(unit.session, own)
    library = _newest_library(unit.session)
    if library is not None and library != own:
        yield definitions.bundle(unit.session, library)


def _newest_library(session: Session) -> str | None:
    query = (
        select(Deployment.id)
        .where(Deployment.name == LIBRARY)
        .order_by(Deployment.deployed_at.desc(), Deployment.id.desc())
        .limit(1)
    )
    return session.scalar(query)


def _named(bundle: Bundle, name: str) -> str | None:
    wanted = PurePosixPath(FOLDER, name)
    return next((file for file in bundle.files if PurePosixPath(file) == wanted), None)

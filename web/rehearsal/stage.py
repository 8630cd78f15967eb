"""Where scenarios are played: the procedures deployed once, a fresh copy of the database for each.

Copying a file takes a few milliseconds, deploying takes seconds; definitions never change, so all
copies share what was made of them.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from os import getpid
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import event, select

from engine import timer_starts
from engine.engine import Engine
from engine.errors import Refusal
from engine.letters import RepeatingPress
from engine.statutes import keep
from engine.store.database import Database
from engine.store.models import Base, Deployment, ProcessDefinition
from engine.timing.clock import Clock, SettableClock
from engine.timing.norms import Norms
from engine.verbs import unit_of_work
from forms.schema.model import Schema
from web.commands.deploy import deploy_all, groups_of
from web.rehearsal.cast import AGENCIES, assemble
from web.rehearsal.fillings import Samples
from web.rehearsal.procedures import read_procedures, schema_of
from web.rehearsal.scenario import Scenario

BEFORE_ALL = datetime(2018, 1, 1, tzinfo=UTC)
"""When the stage is built: before whatever a scenario plays."""

Compose = Callable[[Database, Clock, Norms], Engine]
"""Makes an engine on a database with a clock; handed in from the composition root."""


@dataclass
class House:
    """Where steps are done: an engine whose clock is set, and who the people are in it."""

    engine: Engine
    clock: SettableClock
    samples: Samples
    profile: str
    people: Mapping[str, str]
    """Alias → id of a person."""
    agencies: Mapping[str, str] = field(
        default_factory=lambda: {alias: one.id for alias, one in AGENCIES.items()}
    )
    """Alias → id of an agency."""
    alone: bool = True
    """Whether nothing is in the database but what these steps made."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """Answers in place of a sample's, wherever a form asks for them."""
    requests: dict[str, str] = field(default_factory=dict)
    """Name in the scenario → business key."""
    excused: set[str] = field(default_factory=set)
    """Codes of incidents that a check has asked for."""

    def schema(self, expanded: Mapping[str, Any]) -> Schema:
        """The model of an expanded form."""
        return schema_of(self.engine.forms, expanded)


class Stage:
    """The procedures of one folder, deployed. Use as a context; the files go at its end."""

    def __init__(self, workflows: Path, compose: Compose) -> None:
        self.workflows, self._compose = workflows, compose
        self.norms = Norms.load(workflows / "norms")
        self._folder = TemporaryDirectory(prefix="liandong-scenarios-")
        self._template = Path(self._folder.name) / "template.db"
        self.samples = Samples(workflows)
        self._played = 0
        self._press = RepeatingPress()
        self._build()

    def __enter__(self) -> Stage:
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def schema(self, expanded: Mapping[str, Any]) -> Schema:
        """The model of an expanded form."""
        return schema_of(self._forms, expanded)

    def files(self, procedure: str) -> Mapping[str, bytes]:
        """What is deployed of a procedure, expanded forms with it."""
        return self._bundles[procedure].files

    def differing(self, procedure: str, files: Mapping[str, bytes], samples: Samples) -> Stage:
        """The same stage, but for files of one procedure and what people fill in there."""
        found = copy(self)
        deployment = self._bundles[procedure].deployment_id
        found._definitions = self._definitions.differing(deployment, files)
        found.samples = samples
        return found

    # building -------------------------------------------------------------------------

    def _build(self) -> None:
        database = _database(self._template)
        Base.metadata.create_all(database.writer)
        engine = self._compose(database, SettableClock(BEFORE_ALL), self.norms)
        self._definitions, self._forms = engine.definitions, engine.forms
        with unit_of_work(engine, "system") as unit:
            keep(unit, self.norms, {})
        self.procedures = read_procedures(engine, self.workflows)
        deploy_all(engine, self.procedures.sound, groups_of([self.workflows]))
        with database.read() as session:
            rows = session.execute(select(Deployment.name, Deployment.id)).all()
            self._bundles = {name: self._definitions.bundle(session, id) for name, id in rows}
        database.close()
        _whole(self._template)

    # playing --------------------------------------------------------------------------

    @contextmanager
    def house(self, scenario: Scenario, procedure: str = "") -> Iterator[House]:
        """A database of the scenario's own, with its cast, at its starting instant.

        From then on `procedure` begins by itself where its diagram says so; others would only
        disturb.
        """
        self._played += 1
        path = self._template.with_name(f"{getpid()}-{self._played}.db")
        shutil.copyfile(self._template, path)
        database = _database(path)
        try:
            clock = SettableClock(scenario.clock)
            engine = self._compose(database, clock, self.norms)
            engine.definitions, engine.forms = self._definitions, self._forms
            engine.press = self._press
            with database.write() as session:
                assemble(session, engine.crypto, scenario.profile, scenario.people, scenario.clock)
            self._wind_up(engine, procedure)
            people = {alias: alias for alias in scenario.people}
            yield House(engine, clock, self.samples, scenario.profile, people)
        finally:
            database.close()
            for file in path.parent.glob(f"{path.name}*"):
                file.unlink()

    def _wind_up(self, engine: Engine, procedure: str) -> None:
        bundle = self._bundles.get(procedure)
        if bundle is None:
            return
        of_it = select(ProcessDefinition).where(
            ProcessDefinition.deployment_id == bundle.deployment_id
        )
        with unit_of_work(engine, "system") as unit:
            for definition in unit.session.scalars(of_it).all():
                timer_starts.arm(unit, definition)


def _database(path: Path) -> Database:
    """A database that is thrown away: nothing waits for the disk."""
    database = Database(f"sqlite:///{path}")
    event.listen(database.writer, "connect", _careless)
    return database


def _careless(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def _whole(path: Path) -> None:
    """Everything in the one file that will be copied."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def root_of(path: Path) -> Path:
    """The folder of all procedures that a scenario, a procedure or that folder itself lies in.

    Raises `Refusal` scenario.no_root.
    """
    for home in (path, *path.absolute().parents):
        if (home / "norms").is_dir() and (home / "groups").is_dir():
            return home
    raise Refusal("scenario.no_root", path=str(path))

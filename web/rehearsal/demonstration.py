"""Making the demonstration: a marked database, the procedures, the people, and their stories.

Done again it changes nothing: what is there stays, a story that was begun is never told twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

from sqlalchemy import select

from engine import rehearsal
from engine.engine import Engine
from engine.errors import LiandongError
from engine.ports import Complaint
from engine.store.models import ProcessDefinition, Setting
from engine.timing.clock import SettableClock
from engine.verbs import unit_of_work
from web.commands.deploy import deploy_all, groups_of
from web.commands.init import prepare
from web.rehearsal import troupe
from web.rehearsal.acting import pass_time, perform
from web.rehearsal.fillings import Samples
from web.rehearsal.finding import Failure
from web.rehearsal.moments import before
from web.rehearsal.procedures import read_procedures
from web.rehearsal.scenario import Step
from web.rehearsal.stage import BEFORE_ALL, House
from web.rehearsal.stories import FOLDER, Story, read_story
from web.rehearsal.words import Known

_AGE = timedelta(days=60)
"""How long before now the people were appointed and the procedures published."""
_TOLD = "demo_stories"
"""Setting: the files of the stories that were begun."""


@dataclass
class Made:
    """What came of it."""

    left_out: dict[str, list[Complaint]] = field(default_factory=dict)
    """Folders with errors, which were not deployed."""

    told: list[str] = field(default_factory=list)
    """Titles of the stories that were told now."""
    failed: list[tuple[Story, int, Failure]] = field(default_factory=list)
    """Stories that broke off, with the line of the step."""


def make(installation: Any) -> Made:
    """Make the demonstration on the installation's database, or what is missing of it.

    Raises `Refusal` demo.real_database, scenario.broken.
    """
    rehearsal.make_demonstration(installation.database, f"demo-{token_hex(4)}")
    prepare(installation)
    engine: Engine = installation.engine()
    past = _at(installation, engine.clock.now() - _AGE)
    made = Made()
    known = _publish(engine, past, installation.settings.workflows, made)
    for story in _untold(engine, installation.settings.workflows, known):
        _tell(installation, engine.clock.now(), story, made)
    return made


def _at(installation: Any, instant: datetime) -> Engine:
    engine: Engine = installation.compose(
        installation.database, SettableClock(instant), test_identities=True
    )
    return engine


def _publish(engine: Engine, past: Engine, workflows: Path, made: Made) -> Known:
    """Deploy and appoint, as if it had been so for a while; what stories may name."""
    procedures = read_procedures(engine, workflows)
    found, made.left_out = procedures.sound, dict(procedures.left_out)
    with engine.database.read() as session:
        nothing_yet = session.scalars(select(ProcessDefinition.id).limit(1)).first() is None
    deploy_all(past if nothing_yet else engine, found, groups_of([workflows]))
    diagrams = [diagram for each in procedures.diagrams.values() for diagram in each]
    password = rehearsal.password_of(engine.database)
    troupe.gather(past, troupe.roles_of(diagrams), password)
    return procedures.known


# stories ------------------------------------------------------------------------------


def stories(workflows: Path, known: Known) -> list[Story]:
    """Every story, the one that began first first. Raises Refusal `scenario.broken`."""
    files = sorted(workflows.glob(f"*/{FOLDER}/*.yaml"))
    found = [read_story(path, known) for path in files]
    return sorted(found, key=lambda story: before(BEFORE_ALL, story.ago))


def _untold(engine: Engine, workflows: Path, known: Known) -> Iterator[Story]:
    for story in stories(workflows, known):
        with unit_of_work(engine, "system") as unit:
            setting = unit.session.get(Setting, _TOLD) or Setting(key=_TOLD, value=[])
            if story.file in setting.value:
                continue
            # Noted before it is told: one that was broken off is not told a second time.
            setting.value = [*setting.value, story.file]
            unit.session.add(setting)
        yield story


def _tell(installation: Any, now: datetime, story: Story, made: Made) -> None:
    pair = troupe.PAIRS[story.agencies]
    begins = before(now, story.ago).replace(second=0, microsecond=0)
    engine = _at(installation, begins)
    engine.definitions = installation.engine().definitions
    clock = engine.clock
    assert isinstance(clock, SettableClock)
    samples = Samples(installation.settings.workflows)
    people, agencies = troupe.people_of(engine, pair), troupe.agencies_of(pair)
    house = House(engine, clock, samples, pair.profile, people, agencies, False, story.values)
    made.told.append(story.title)
    for step in story.steps:
        failure = _done(house, step)
        if failure is not None:
            made.failed.append((story, step.line, failure))
            break
    pass_time(house, now)


def _done(house: House, step: Step) -> Failure | None:
    try:
        perform(house, step)
    except Failure as failure:
        return failure
    except LiandongError as problem:
        return Failure("scenario.refused", problem=problem)
    return None

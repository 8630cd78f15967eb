"""A whole engine for tests: one court, one bureau, a handful of people, a clock that is set."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import undefer

from engine import deployments, instances, jobs, user_tasks
from engine.directory import NAME
from engine.engine import Engine
from engine.feel import decode, to_python
from engine.statutes import Statutes
from engine.store.crypto import CryptoProvider
from engine.store.database import Database
from engine.store.models import Activity, Agency, Job, Person, Post, ProcessInstance, Unit, UserTask
from engine.timing.clock import SettableClock
from engine.timing.norms import Norms
from forms.adapter import FormsAdapter

NORMS = Norms.load(Path(__file__).parents[2] / "workflows" / "norms")
MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
COURT, BUREAU = "豫1321", "公411321"
PEOPLE = {
    "handler": (COURT, "court-unit", "court_handler"),
    "head": (COURT, "court-unit", "court_division_head"),
    "president": (COURT, "court-unit", "court_president"),
    "center": (COURT, "court-unit", "court_command_center"),
    "legal": (BUREAU, "police-unit", "police_legal"),
    "station": (BUREAU, "police-unit", "police_station"),
    "leader": (BUREAU, "police-unit", "police_leader"),
}


def engine_on(database: Database, clock: SettableClock) -> Engine:
    """The engine that every house, and every process beside it, runs on."""
    return Engine(
        database,
        clock=clock,
        statutes=Statutes(NORMS),
        forms=FormsAdapter(),
        crypto=CryptoProvider([bytes(range(32))]),
        topics={},
    )


class House:
    """An engine and what tests ask of it, in few words."""

    def __init__(self, database: Database) -> None:
        self.clock = SettableClock(MORNING)
        self.engine = engine_on(database, self.clock)
        if not self.rows(select(Agency.id)):
            self._people()

    def _people(self) -> None:
        with self.engine.database.write() as session:
            court = Agency(id=COURT, kind="court", name="某县人民法院", profile="nanzhao_2021")
            bureau = Agency(id=BUREAU, kind="police", name="某县公安局", profile="nanzhao_2021")
            court.counterpart_id, bureau.counterpart_id = BUREAU, COURT
            session.add_all([court, bureau])
            session.flush()
            session.add(Unit(id="court-unit", agency_id=COURT, name="执行局"))
            session.add(Unit(id="police-unit", agency_id=BUREAU, name="某派出所"))
            session.flush()
            for name, (agency, unit, role) in PEOPLE.items():
                sealed = self.engine.crypto.seal_text(name, NAME, name)
                session.add(
                    Person(id=name, login=name, name=sealed, agency_id=agency, password_hash="")
                )
                session.flush()
                session.add(Post(person_id=name, unit_id=unit, role=role, since=MORNING))

    # verbs ----------------------------------------------------------------------------

    def deploy(self, name: str, files: Mapping[str, bytes] | bytes, **options: Any) -> Any:
        if isinstance(files, bytes):
            files = {f"{name}.bpmn": files}
        return deployments.deploy(self.engine, "system", name, files, **options)

    def start(self, key: str, values: Any = None, by: str = "handler") -> str:
        return str(instances.start_process(self.engine, by, key, values).instance_id)

    def run(self, source: bytes, key: str = "p") -> str:
        """Deploy one diagram and start it."""
        self.deploy(key, source)
        return self.start(key)

    def complete(self, element: str, values: Any = None, by: str = "handler") -> Any:
        (task,) = [t for t in self.tasks() if t.element_id == element]
        return user_tasks.complete_user_task(self.engine, by, task.id, values or {})

    def advance(self, **by: float) -> int:
        self.clock.advance(timedelta(**by))
        return jobs.drain(self.engine)

    def tick(self) -> int:
        return jobs.drain(self.engine)

    # rows -----------------------------------------------------------------------------

    def tasks(self) -> list[UserTask]:
        return self.rows(select(UserTask).where(UserTask.state == "open").order_by(UserTask.id))

    def open(self) -> list[str]:
        return sorted(task.element_id for task in self.tasks())

    def instance(self, instance_id: str) -> ProcessInstance:
        query = select(ProcessInstance).where(ProcessInstance.id == instance_id)
        return self.rows(query.options(undefer(ProcessInstance.blob)))[0]

    def variables(self, instance_id: str) -> dict[str, Any]:
        stored = self.instance(instance_id).variables
        return {name: to_python(decode(value)) for name, value in stored.items()}

    def timers(self) -> list[Job]:
        return self.rows(select(Job).where(Job.kind == "timer", Job.state == "waiting"))

    def passed(self, instance_id: str) -> list[str]:
        """Elements that were completed, in no order."""
        query = select(Activity.element_id).where(
            Activity.instance_id == instance_id, Activity.state == "completed"
        )
        return sorted(self.rows(query))

    def rows(self, query: Any) -> list[Any]:
        with self.engine.database.read() as session:
            return list(session.scalars(query))

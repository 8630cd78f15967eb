"""Rows for tests of the read side and of the pages, made directly: agencies, people, tasks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from engine import directory, passwords
from engine.engine import Engine
from engine.statutes import Statutes
from engine.store.crypto import CryptoProvider
from engine.store.database import Database
from engine.store.models import (
    Activity,
    Agency,
    Base,
    Deadline,
    DeadlineEntry,
    Deployment,
    Envelope,
    Incident,
    Notification,
    Person,
    Post,
    ProcessDefinition,
    ProcessInstance,
    Resource,
    Unit,
    UserTask,
    WatchEntry,
)
from engine.store.types import new_id
from engine.timing.clock import SettableClock
from engine.timing.norms import Norms
from forms.adapter import FormsAdapter
from forms.context import FormSettings

ROOT = Path(__file__).parents[1]
NIGHT = datetime(2026, 11, 20, 18, 40, tzinfo=UTC)
"""02:40 in China, in the night from a Friday to a Saturday."""
PASSWORD = "correct horse battery"
COURT, POLICE, OTHER_COURT = "豫1321", "公411321", "豫1322"
_KEY = b"k" * 32


@cache
def norms() -> Norms:
    return Norms.load(ROOT / "workflows" / "norms")


@cache
def _password_hash() -> str:
    return passwords.hash_password(PASSWORD, "nobody")


def make_engine(folder: Path, now: datetime = NIGHT) -> Engine:
    """An engine on an empty SQLite database in `folder`, its clock standing at `now`."""
    return engine_on(Database(f"sqlite:///{folder / 'liandong.db'}"), now)


def engine_on(database: Database, now: datetime = NIGHT) -> Engine:
    """An engine on an empty database of any kind."""
    Base.metadata.create_all(database.writer)
    return Engine(
        database,
        clock=SettableClock(now),
        statutes=Statutes(norms()),
        forms=FormsAdapter(FormSettings(test_identities=True)),
        crypto=CryptoProvider([_KEY]),
        topics={},
    )


@dataclass
class World:
    """Makes rows in one open session; `now` is the engine's."""

    engine: Engine
    session: Session

    @property
    def now(self) -> datetime:
        return self.engine.clock.now()

    def add(self, row: Any) -> Any:
        self.session.add(row)
        self.session.flush()
        return row

    def agencies(self) -> None:
        """A court, its bureau, and another court; each with its units."""
        self.add(Agency(id=COURT, kind="court", name="南召县人民法院", profile="nanzhao_2021",
                        counterpart_id=POLICE))
        self.add(Agency(id=POLICE, kind="police", name="南召县公安局", profile="nanzhao_2021",
                        counterpart_id=COURT))
        self.add(Agency(id=OTHER_COURT, kind="court", name="方城县人民法院",
                        profile="nanzhao_2021"))
        for unit_id, agency, name in (
            ("court-enforcement", COURT, "执行局"),
            ("police-legal", POLICE, "法制室"),
            ("police-station-1", POLICE, "城关派出所"),
            ("police-station-2", POLICE, "云阳派出所"),
            ("other-enforcement", OTHER_COURT, "执行局"),
        ):
            self.add(Unit(id=unit_id, agency_id=agency, name=name))

    def person(self, login: str, unit_id: str, *roles: str, name: str = "", demo: bool = False
               ) -> Person:
        """An account with the password PASSWORD; its id is its login."""
        agency = self.session.get_one(Unit, unit_id).agency_id
        crypto = self.engine.crypto
        found = self.add(Person(
            id=login, login=login, agency_id=agency, password_hash=_password_hash(), demo=demo,
            name=crypto.seal_text(name or f"经办人{login}", directory.NAME, login),
        ))
        for role in roles:
            self.add(Post(person_id=login, unit_id=unit_id, role=role,
                          since=self.now - timedelta(days=30)))
        return found

    def definition(self, file: Path, key: str, name: str, **values: Any) -> ProcessDefinition:
        """A definition of the diagram in `file`, deployed alone."""
        deployment = self.add(Deployment(name=key, digest=new_id(), deployed_at=self.now,
                                         deployed_by="system"))
        self.add(Resource(deployment_id=deployment.id, name=file.name, content=file.read_bytes(),
                          sha256="0" * 64))
        return self.add(ProcessDefinition(
            deployment_id=deployment.id, key=key, name=name, resource_name=file.name,
            digest=deployment.digest, **{"version": 1, "agency_kind": "court", **values},
        ))

    def instance(self, definition: ProcessDefinition, **values: Any) -> ProcessInstance:
        return self.add(ProcessInstance(**{
            "definition_id": definition.id, "process_key": definition.key,
            "business_key": "豫1321-PER-2026-000001", "case_no": "（2026）豫1321执12号",
            "agency_id": COURT, "unit_id": "court-enforcement", "profile": "nanzhao_2021",
            "norms_version": norms().version, "state": "active", "started_by": "handler",
            "started_at": self.now - timedelta(hours=3), "incident_count": 0,
            "open_deadlines": 0, "audit_head": "", "audit_count": 0, **values,
        }))

    def task(self, instance: ProcessInstance, name: str, **values: Any) -> UserTask:
        return self.add(UserTask(**{
            "id": new_id(), "instance_id": instance.id, "definition_id": instance.definition_id,
            "element_id": "Task_Respond", "name": name, "business_key": instance.business_key,
            "agency_id": instance.agency_id, "role": "court_handler", "unit_id": None,
            "state": "open", "created_at": self.now - timedelta(hours=1), **values,
        }))

    def deadline(self, instance: ProcessInstance, started_at: datetime, due_at: datetime,
                 **values: Any) -> Deadline:
        """A running limit with its first ledger entry."""
        found = self.add(Deadline(**{
            "instance_id": instance.id, "agency_id": instance.agency_id,
            "business_key": instance.business_key, "period_id": "T-PER-2H",
            "element_id": "Timer_2h", "duty_element_id": "Task_Respond", "scope_id": new_id(),
            "kind": "statutory", "started_at": started_at, "due_at": due_at, "state": "running",
            "profile": "nanzhao_2021", "norms_version": norms().version,
            "calendar_version": norms().calendar.version, "clause": "NZ-2.3-court-3b",
            **values,
        }))
        self.add(DeadlineEntry(deadline_id=found.id, kind="start", happened_at=started_at,
                               recorded_at=started_at, due_at=due_at, actor="system"))
        return found

    def activity(self, instance: ProcessInstance, element_id: str, state: str, name: str = "",
                 kind: str = "userTask") -> Activity:
        ended = self.now - timedelta(minutes=30) if state == "completed" else None
        return self.add(Activity(
            id=new_id(), instance_id=instance.id, definition_id=instance.definition_id,
            element_id=element_id, kind=kind, name=name, state=state,
            started_at=self.now - timedelta(hours=1), ended_at=ended,
        ))

    def envelope(self, instance: ProcessInstance, name: str, **values: Any) -> Envelope:
        return self.add(Envelope(**{
            "id": new_id(), "name": name, "business_key": instance.business_key,
            "from_agency": COURT, "to_agency": POLICE, "profile": "nanzhao_2021",
            "payload_sm3": "0" * 64, "state": "correlated",
            "sent_at": self.now - timedelta(hours=2),
            "delivered_at": self.now - timedelta(hours=2), "receipt_no": "2026-000007",
            **values,
        }))

    def incident(self, instance: ProcessInstance, code: str, **params: Any) -> Incident:
        instance.incident_count += 1
        return self.add(Incident(instance_id=instance.id, element_id="Task_Respond", code=code,
                                 params=params, raised_at=self.now))

    def notice(self, kind: str, **values: Any) -> Notification:
        return self.add(Notification(**{"agency_id": COURT, "kind": kind, "at": self.now,
                                        **values}))

    def watched(self, number: str, **values: Any) -> WatchEntry:
        """A watch entry found by `number`."""
        from engine.queries.watch_list import FIELD

        entry_id = new_id()
        masked = {"name": "王某", "number": "4113****0005", "measure": "拘传"}
        return self.add(WatchEntry(**{
            "id": entry_id, "agency_id": POLICE, "business_key": "豫1321-PER-2026-000001",
            "instance_id": new_id(), "term": self.engine.crypto.term(FIELD, number),
            "masked": self.engine.crypto.seal_json(masked, "watch_entry", entry_id),
            "added_at": self.now - timedelta(days=2), **values,
        }))

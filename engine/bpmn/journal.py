"""What happened during one run, in order: the projection turns it into rows.

Nothing here is state; an execution begins every run with an empty journal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(slots=True)
class Visit:
    """One entry of one element; `ended` is None while it lasts."""

    task_id: str
    definition_id: str
    element_id: str
    kind: str
    name: str
    opened_now: bool
    """False when it was opened by an earlier run and only ended in this one."""
    ended: str | None = None
    """completed · cancelled"""
    flow: str | None = None
    """The sequence flow by which the token came; None where none led here."""
    watched: bool = False
    """A border or listener that watched and never came: nobody entered it."""
    event: str | None = None
    """What it waited for: timer, message, signal …"""


@dataclass(frozen=True, slots=True)
class OpenedUserTask:
    """A form now waits for a person."""

    task_id: str
    definition_id: str
    element_id: str
    name: str
    role: str
    unit: str | None
    agency: str | None
    assignee: str | None
    form_key: str | None
    priority: int
    urgent: bool
    due_at: datetime | None
    row_id: str | None
    scopes: tuple[str, ...]
    """Engine tasks it stands in, innermost first: what running deadlines may cover it."""
    variables: Mapping[str, Any] = field(default_factory=dict)
    """What its form may see beside the instance's variables: its called process, its turn."""


@dataclass(frozen=True, slots=True)
class ComputedPeriod:
    """What the FEEL function due() was asked and answered while a timer was armed."""

    period_id: str
    start: datetime
    period: Any
    """engine.timing Period"""


@dataclass(frozen=True, slots=True)
class Retry:
    """camunda:failedJobRetryTimeCycle of an element: attempts, and the pause between two."""

    attempts: int
    pause: str
    """ISO 8601 duration."""


@dataclass(frozen=True, slots=True)
class ArmedTimer:
    """A timer event waits; `due_at` None never fires."""

    task_id: str
    definition_id: str
    element_id: str
    due_at: datetime | None
    duty_element_id: str | None
    duty_task_id: str | None
    periods: tuple[ComputedPeriod, ...] = ()
    legal_periods: tuple[str, ...] = ()
    clause: str = ""
    retry: Retry | None = None


@dataclass(frozen=True, slots=True)
class Subscribed:
    """An event that waits for a message or signal."""

    task_id: str
    element_id: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class ThrownMessage:
    """A message that leaves the instance, or a signal for all."""

    definition_id: str
    element_id: str
    kind: str
    name: str
    variables: Mapping[str, Any]
    properties: Mapping[str, str]
    addressee: str | None


@dataclass(frozen=True, slots=True)
class AsyncStep:
    """camunda:asyncBefore/After: a job of its own continues here."""

    task_id: str
    element_id: str
    retry: Retry | None = None


@dataclass(frozen=True, slots=True)
class ExternalTask:
    """A service task whose topic nobody inside answers: a worker fetches it."""

    task_id: str
    definition_id: str
    element_id: str
    topic: str
    variables: Mapping[str, Any]


@dataclass(slots=True)
class Journal:
    """All of one run."""

    visits: dict[str, Visit] = field(default_factory=dict)
    user_tasks: list[OpenedUserTask] = field(default_factory=list)
    timers: list[ArmedTimer] = field(default_factory=list)
    subscriptions: list[Subscribed] = field(default_factory=list)
    thrown: list[ThrownMessage] = field(default_factory=list)
    async_steps: list[AsyncStep] = field(default_factory=list)
    external: list[ExternalTask] = field(default_factory=list)
    met: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    """(engine task, period ids) of elements carrying `legal.meets`."""
    outcome: str | None = None
    finished: bool = False

    def closed(self, task_id: str) -> bool:
        """Whether that engine task ended during this run."""
        visit = self.visits.get(task_id)
        return visit is not None and visit.ended is not None

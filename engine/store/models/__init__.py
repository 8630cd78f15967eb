"""All tables, by what they hold."""

from engine.store.models.base import Base
from engine.store.models.definitions import Deployment, ProcessDefinition, Resource
from engine.store.models.execution import (
    Activity,
    Envelope,
    Incident,
    Job,
    ProcessInstance,
    Subscription,
    UserTask,
)
from engine.store.models.oversight import (
    AuditChain,
    AuditRow,
    AuditSeal,
    CalendarYear,
    Counter,
    IdempotencyKey,
    Setting,
)
from engine.store.models.people import (
    Agency,
    Notification,
    Outbox,
    Person,
    Post,
    Unit,
    WebSession,
)
from engine.store.models.records import (
    Attachment,
    CaseFile,
    Deadline,
    DeadlineEntry,
    Document,
    Draft,
    IndexTerm,
    Submission,
    WatchEntry,
)

__all__ = [
    "Activity",
    "Agency",
    "Attachment",
    "AuditChain",
    "AuditRow",
    "AuditSeal",
    "Base",
    "CalendarYear",
    "CaseFile",
    "Counter",
    "Deadline",
    "DeadlineEntry",
    "Deployment",
    "Document",
    "Draft",
    "Envelope",
    "IdempotencyKey",
    "Incident",
    "IndexTerm",
    "Job",
    "Notification",
    "Outbox",
    "Person",
    "Post",
    "ProcessDefinition",
    "ProcessInstance",
    "Resource",
    "Setting",
    "Submission",
    "Subscription",
    "Unit",
    "UserTask",
    "WatchEntry",
    "WebSession",
]

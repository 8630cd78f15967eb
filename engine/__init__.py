"""The engine of Liandong. Callers use what this module exports and nothing below it.

The verbs: each is one transaction, called as `verb(engine, actor_id, …)`. Names are loaded when
they are first used, so that the pure libraries (`engine.feel`, `engine.timing`) stay light.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.deployments import check, deploy
    from engine.engine import Engine
    from engine.incidents import report, resolve_incident, retry_incident
    from engine.instances import (
        cancel_instance,
        resume_instance,
        start_process,
        suspend_instance,
    )
    from engine.jobs import drain, run_due
    from engine.messages import acknowledge_envelope, receive_message
    from engine.user_tasks import (
        assign_user_task,
        claim_user_task,
        complete_user_task,
        unclaim_user_task,
    )

_HOMES = {
    "Engine": "engine",
    "check": "deployments",
    "deploy": "deployments",
    "report": "incidents",
    "resolve_incident": "incidents",
    "retry_incident": "incidents",
    "cancel_instance": "instances",
    "resume_instance": "instances",
    "start_process": "instances",
    "suspend_instance": "instances",
    "drain": "jobs",
    "run_due": "jobs",
    "acknowledge_envelope": "messages",
    "receive_message": "messages",
    "assign_user_task": "user_tasks",
    "claim_user_task": "user_tasks",
    "complete_user_task": "user_tasks",
    "unclaim_user_task": "user_tasks",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"engine has no {name}")
    return getattr(import_module(f"engine.{_HOMES[name]}"), name)


__all__ = [
    "Engine",
    "acknowledge_envelope",
    "assign_user_task",
    "cancel_instance",
    "check",
    "claim_user_task",
    "complete_user_task",
    "deploy",
    "drain",
    "receive_message",
    "report",
    "resolve_incident",
    "resume_instance",
    "retry_incident",
    "run_due",
    "start_process",
    "suspend_instance",
    "unclaim_user_task",
]

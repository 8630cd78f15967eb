"""Rows to act upon: agencies, a definition, instances and tasks, with what a test leaves open."""

from typing import Any

from engine.store.models import Deployment, ProcessDefinition, ProcessInstance, UserTask
from tests.engine.installation import MORNING


def definition(**given: Any) -> ProcessDefinition:
    values = {"id": "d1", "deployment_id": "dep", "key": "apprehension", "version": 1}
    values |= {"name": "协助查控", "resource_name": "a.bpmn", "digest": "0", "startable_by": []}
    values |= {"agency_kind": "court", "suspended": False}
    return ProcessDefinition(**values | given)


def deployment() -> Deployment:
    return Deployment(
        id="dep", name="apprehension", digest="0", deployed_at=MORNING, deployed_by="system"
    )


def an_instance(**given: Any) -> ProcessInstance:
    values = {"id": "i1", "definition_id": "d1", "process_key": "apprehension"}
    values |= {"business_key": "豫1321-1", "agency_id": "court-1", "profile": "nanzhao"}
    values |= {"norms_version": "1", "state": "active", "started_by": "system"}
    return ProcessInstance(**values | {"started_at": MORNING} | given)


def a_task(**given: Any) -> UserTask:
    values = {"id": "t1", "instance_id": "i1", "definition_id": "d1", "element_id": "review"}
    values |= {"name": "审核", "business_key": "豫1321-1", "agency_id": "court-1"}
    values |= {"role": "court_handler", "unit_id": None, "assignee": None, "state": "open"}
    values |= {"completed_by": None, "created_at": MORNING}
    return UserTask(**values | given)

"""Jobs of running instances: timers, asynchronous continuations, signals on their way."""

from __future__ import annotations

from typing import Any

from flask import Response

from engine.errors import NotFound
from engine.job_control import execute_job, set_job_due, set_job_retries
from engine.queries.rest.workings import JOBS
from web.rest.members import Body, Flag, Instant, Number
from web.rest.operations import Call, Resource
from web.rest.shapes import Shape, flag, instant, nothing, number, text

resource = Resource("Job")
JOB = Shape(
    "Job",
    {
        "id": text("Job.id"),
        **nothing("jobDefinitionId"),
        "dueDate": instant("Job.due_at"),
        "processInstanceId": text("Job.instance_id"),
        "executionId": text("Job.instance_id"),
        "processDefinitionId": text("ProcessInstance.definition_id"),
        "processDefinitionKey": text("ProcessInstance.process_key"),
        "retries": number("Job.retries"),
        "exceptionMessage": text("Job.error"),
        "failedActivityId": text(lambda row: row.Job.element_id if row.Job.error else None),
        "suspended": flag(lambda row: row.ProcessInstance.state == "suspended"),
        "priority": number(lambda row: 0),
        "tenantId": text("ProcessInstance.agency_id"),
        "createTime": instant("Job.created_at"),
        **nothing("batchId"),
    },
)
DUE = Body(
    "JobDuedate",
    {"duedate": Instant(required=True), "cascade": Flag()},
)
RETRIES = Body("JobRetries", {"retries": Number(required=True)}, ignored=frozenset(("dueDate",)))
_STATUTORY = "a supervisor's act; the timer of a statutory limit is refused"
resource.listing("/job", "jobs", JOBS, JOB)


def _row(call: Call, id: str) -> Any:
    found = JOBS.one(call.engine, call.actor, id)
    if found is None:
        raise NotFound("job.unknown", job=id)
    return found


@resource.get("/job/<id>", answer=JOB)
def show(call: Call, id: str) -> Any:
    """One job that waits or has failed."""
    return JOB.of(_row(call, id))


@resource.get(
    "/job/<id>/stacktrace", answer=bytes, differs="the code of the error: no trace is kept"
)
def stacktrace(call: Call, id: str) -> Response:
    """Why a job failed."""
    return Response(_row(call, id).Job.error or "", mimetype="text/plain")


@resource.post("/job/<id>/execute", differs=_STATUTORY)
def execute(call: Call, id: str) -> None:
    """Do a job now."""
    call.do(execute_job, id)


@resource.put("/job/<id>/duedate", body=DUE, differs=f"{_STATUTORY}; a date is required")
def due(call: Call, id: str) -> None:
    """Let a job come at another instant."""
    call.do(set_job_due, id, call.body["duedate"])


@resource.put("/job/<id>/retries", body=RETRIES, differs="a supervisor's act")
def retries(call: Call, id: str) -> None:
    """Give a job further tries; its incident is resolved."""
    call.do(set_job_retries, id, call.body["retries"])

"""Acts to be interrupted: what must be there before, and the one verb that is then called.

Every act makes its own ground, so that any number of them are tried on one database, and every
verb is given a key, so that it may be called again whatever became of the first call.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy import select

from engine import (
    attachments,
    correlation,
    deployments,
    directory,
    drafts,
    external_tasks,
    incidents,
    instance_variables,
    instances,
    job_control,
    jobs,
    messages,
    signals,
    task_comments,
    task_errors,
    user_tasks,
)
from engine.store.models import ExternalTask, Incident, Job, UserTask
from tests.engine.bpmn.pieces import NAMED, catch, end, error, message, signal, start, straight
from tests.engine.drawing import border, element, flows, process, script, timer, user
from tests.engine.house import COURT, House

MINUTE = timedelta(minutes=1)
SUPERVISOR = "president"
NUMBERS = count()

Act = tuple[Callable[[House], Any], Callable[[House, Any, str], Any]]
"""Prepares and answers what the act needs; calls the verb with it and a key."""


def _process(name: str, middle: str, ids: str, beside: str = "") -> bytes:
    content = start() + middle + end() + straight("s", *ids.split(), "e") + beside
    return process(name, content, around=NAMED)


def _external(**more: str) -> str:
    return element("serviceTask", "w", camunda_type="external", camunda_topic="weigh", **more)


BRANCHES = (
    start() + element("parallelGateway", "x") + user("a") + user("b")
    + element("parallelGateway", "j") + script("k", "1", "k") + user("c")
    + border("t", "c", timer("timeDuration", "PT1H")) + end() + end("late")
    + flows("s -> x -> a -> j", "x -> b -> j -> k -> c -> e", "t -> late")
)  # fmt: skip
SOURCES = {
    "branches": process("branches", BRANCHES, around=NAMED),
    "catching": _process("catching", catch("m", message()) + user("a"), "m a"),
    "hearing": _process("hearing", catch("g", signal()) + user("a"), "g a"),
    "timing": _process("timing", catch("t", timer("timeDuration", "PT1H")) + user("a"), "t a"),
    "waiting": _process("waiting", catch("t", timer("timeDuration", "P9999D")), "t"),
    "stepping": _process(
        "stepping",
        script("k", "1", "k").replace("<scriptTask", '<scriptTask camunda:asyncBefore="true"')
        + user("a"),
        "k a",
    ),
    "weighing": _process(
        "weighing",
        _external() + user("a"),
        "w a",
        border("bad", "w", error()) + user("b") + end("e2") + flows("bad -> b -> e2"),
    ),
    "failing": _process(
        "failing",
        user("a") + border("bad", "a", error()) + user("b"),
        "a b",
        end("e2") + flows("bad -> e2"),
    ),
}


def deploy_all(house: House) -> None:
    """What the acts are done on."""
    for name, source in SOURCES.items():
        house.deploy(name, source)


def _first(house: House, model: Any, instance: str) -> str:
    return str(
        house.rows(select(model.id).where(model.instance_id == instance).order_by(model.id))[0]
    )


def _started(key: str) -> Callable[[House], str]:
    return lambda house: house.start(key)


def _task(key: str) -> Callable[[House], str]:
    return lambda house: _first(house, UserTask, house.start(key))


def _free_task(house: House) -> str:
    task = _task("branches")(house)
    user_tasks.unclaim_user_task(house.engine, "handler", task)
    return task


def _last_branch(house: House) -> str:
    """The other branch is done: the join, a script, a task and a timer follow."""
    instance = house.start("branches")
    user_tasks.complete_user_task(house.engine, "handler", _first(house, UserTask, instance), {})
    query = select(UserTask.id).where(UserTask.instance_id == instance, UserTask.state == "open")
    return str(house.rows(query)[0])


def _due_job(key: str) -> Callable[[House], tuple[str, str]]:
    def prepare(house: House) -> tuple[str, str]:
        instance = house.start(key)
        job = _first(house, Job, instance)
        if key != "stepping":
            job_control.set_job_due(house.engine, "system", job, house.clock.now())
        return job, instance

    return prepare


def _job(house: House) -> str:
    return _first(house, Job, house.start("waiting"))


def _locked(house: House) -> str:
    instance = house.start("weighing")
    task = _first(house, ExternalTask, instance)
    external_tasks.lock_external_task(house.engine, "system", task, "w1", MINUTE)
    return task


def _incident(house: House) -> str:
    task = _locked(house)
    external_tasks.report_failure(house.engine, "system", task, "w1", "broken", 0, MINUTE * 0)
    query = select(Incident.id).where(Incident.state == "open").order_by(Incident.raised_at.desc())
    return str(house.rows(query)[0])


def _message(house: House) -> str:
    """An envelope that nobody has acknowledged."""
    instance = house.start("catching")
    key = house.instance(instance).business_key
    sent: str = messages.receive_message(
        house.engine, "system", "m", key, COURT, from_agency="far", message_id=f"m{next(NUMBERS)}"
    )
    return sent


def _delivery(house: House) -> tuple[str, None]:
    query = select(Job.id).where(Job.kind == "message", Job.task_id == _message(house))
    return str(house.rows(query)[0]), None


def _suspended(house: House) -> str:
    instance = house.start("branches")
    instances.suspend_instance(house.engine, "system", instance, "等待材料补正")
    return instance


def _number(_: House) -> int:
    return next(NUMBERS)


def verb(call: Callable[..., Any], by: str = "system", *more: Any) -> Callable[..., Any]:
    """Call it with what was prepared, first of its arguments."""

    def do(house: House, given: Any, key: str) -> Any:
        first = given if isinstance(given, tuple) else (given,)
        return call(house.engine, by, *first, *more, idempotency_key=key)

    return do


def _deploy(house: House, number: int, key: str) -> Any:
    source = SOURCES["timing"].replace(b"PT1H", f"PT{number + 2}H".encode())
    files = {"fresh.bpmn": source.replace(b'id="timing"', f'id="fresh{number}"'.encode())}
    return deployments.deploy(house.engine, "system", f"fresh{number}", files, idempotency_key=key)


def _correlate(house: House, instance: str, key: str) -> Any:
    search = correlation.Search(instance_id=instance)
    return correlation.correlate_message(
        house.engine, SUPERVISOR, "m", search, {"n": 1}, idempotency_key=key
    )


def _receive(house: House, number: int, key: str) -> Any:
    return messages.receive_message(
        house.engine, "system", "m", f"K{number}", COURT, from_agency="far", message_id=key,
        idempotency_key=key,
    )  # fmt: skip


def _throw(house: House, instance: str, key: str) -> Any:
    return signals.throw_signal(
        house.engine, SUPERVISOR, "g", {"n": 1}, instance, idempotency_key=key
    )


def _hear(house: House) -> tuple[str, str]:
    instance = house.start("hearing")
    signals.throw_signal(house.engine, SUPERVISOR, "g", {}, instance)
    return _first(house, Job, instance), instance


REASON = "材料不齐，退回补正"
ACTS: dict[str, Act] = {
    "deploy": (_number, _deploy),
    "start_process": (lambda house: "branches", verb(instances.start_process, "handler")),
    "complete_user_task": (_task("branches"), verb(user_tasks.complete_user_task, "handler", {})),
    "complete the last branch": (_last_branch, verb(user_tasks.complete_user_task, "handler", {})),
    "fail_user_task": (_task("failing"), verb(task_errors.fail_user_task, "handler", "bad")),
    "claim_user_task": (_free_task, verb(user_tasks.claim_user_task, "handler")),
    "unclaim_user_task": (_task("branches"), verb(user_tasks.unclaim_user_task, "handler")),
    "cancel_instance": (_started("branches"), verb(instances.cancel_instance, "system", REASON)),
    "suspend_instance": (_started("branches"), verb(instances.suspend_instance, "system", REASON)),
    "resume_instance": (_suspended, verb(instances.resume_instance, "system", REASON)),
    "change_variables": (
        _started("branches"), verb(instance_variables.change_variables, "system", {"n": 2})
    ),
    "correlate_message": (_started("catching"), _correlate),
    "receive_message": (_number, _receive),
    "deliver a message": (_delivery, verb(jobs.perform_job)),
    "acknowledge_envelope": (_message, verb(messages.acknowledge_envelope, "handler")),
    "throw_signal": (_started("hearing"), _throw),
    "hear a signal": (_hear, verb(jobs.perform_job)),
    "fire a timer": (_due_job("timing"), verb(jobs.perform_job)),
    "go on asynchronously": (_due_job("stepping"), verb(jobs.perform_job)),
    "set_job_due": (
        _job,
        lambda house, job, key: job_control.set_job_due(
            house.engine, "system", job, house.clock.now() + MINUTE, idempotency_key=key
        ),
    ),
    "execute_job": (_job, verb(job_control.execute_job)),
    "complete_external_task": (
        _locked, verb(external_tasks.complete_external_task, "system", "w1", {"kg": 7})
    ),
    "report_bpmn_error": (_locked, verb(external_tasks.report_bpmn_error, "system", "w1", "bad")),
    "report_failure": (
        _locked, verb(external_tasks.report_failure, "system", "w1", "broken", 0, MINUTE * 0)
    ),
    "retry_incident": (_incident, verb(incidents.retry_incident, "system", REASON)),
    "save_draft": (
        _task("branches"),
        lambda house, task, key: drafts.save_draft(
            house.engine, "handler", task, [["note", "x"]], idempotency_key=key
        ),
    ),
    "add_comment": (_task("branches"), verb(task_comments.add_comment, "handler", "已电话联系")),
    "store_file": (
        lambda house: ("note.pdf", "application/pdf"),
        verb(attachments.store_file, "handler", b"%PDF-1.7 x"),
    ),
    "add_unit": (
        _number,
        lambda house, number, key: directory.add_unit(
            house.engine, "system", COURT, f"unit{number}", "某庭", idempotency_key=key
        ),
    ),
}  # fmt: skip

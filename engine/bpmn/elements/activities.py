"""Activities that do one thing: wait for a person, run a topic, decide, compute."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import UserTask as SpiffUserTask
from SpiffWorkflow.task import Task

from engine.bpmn import variables
from engine.bpmn.elements.base import Element
from engine.bpmn.expressions import Prepared
from engine.bpmn.faults import BpmnError
from engine.bpmn.journal import ExternalTask, OpenedUserTask


class PlainTask(Element):
    """`bpmn:task` and `bpmn:manualTask`: done outside the system, passed at once (as Camunda 7)."""


class UserTask(Element, SpiffUserTask):  # type: ignore[misc]
    """A form for a person; READY until the engine completes it."""

    role: Prepared | None = None
    assignee: Prepared | None = None
    unit: Prepared | None = None
    agency: Prepared | None = None
    due: Prepared | None = None
    priority: Prepared | None = None
    urgent = False
    """Announced at once, not only listed (procedures C-11)."""

    def _on_ready(self, task: Task) -> None:
        execution = task.workflow

        def text(prepared: Prepared | None) -> str | None:
            found = None if prepared is None else execution.evaluate(task, prepared, self.node)
            return None if found in (None, "") else str(found)

        opened = OpenedUserTask(
            task_id=task.id,
            definition_id=self.process.definition_id,
            element_id=self.node.id,
            name=self.node.label,
            role=(text(self.role) or "").split(",")[0].strip(),
            unit=text(self.unit),
            agency=text(self.agency),
            assignee=text(self.assignee),
            form_key=self.form_key,
            priority=self._priority(text(self.priority)),
            urgent=self.urgent,
            due_at=execution.instant(task, self.due, self.node),
            row_id=task.internal_data.get("row"),
            scopes=tuple(t.id for t in execution.enclosing(task)),
            variables=variables.local(task),
        )
        execution.journal.user_tasks.append(opened)

    @property
    def form_key(self) -> str | None:
        """Id of the form: camunda:formRef, else the name in a camunda:formKey."""
        reference = self.node.camunda.get("formRef")
        if reference:
            return reference
        key = self.node.camunda.get("formKey")
        return key.rsplit(":", 1)[-1].removesuffix(".form") if key else None

    @staticmethod
    def _priority(text: str | None) -> int:
        return int(text) if text and text.lstrip("-").isdecimal() else 50


class ServiceTask(Element):
    """Asks for a topic: built in (runs now) or external (a worker fetches it)."""

    topic: Prepared | None = None
    expression: Prepared | None = None

    def _run_hook(self, task: Task) -> bool | None:
        execution = task.workflow
        if self.topic is None:
            self._evaluate(task)
            return True
        topic = str(execution.evaluate(task, self.topic, self.node))
        perform = execution.host.topic(topic)
        if perform is None:
            waiting = ExternalTask(
                task.id, self.process.definition_id, self.node.id, topic, dict(task.data)
            )
            execution.journal.external.append(waiting)
            return None
        return self._perform(task, perform)

    def _evaluate(self, task: Task) -> None:
        if self.expression is not None:
            found = task.workflow.evaluate(task, self.expression, self.node)
            self.store_result(task, found)

    def _perform(self, task: Task, perform: Any) -> bool:
        execution = task.workflow
        try:
            results = perform(self.node, task.id, dict(task.data), variables.visible(task))
        except BpmnError as error:
            execution.throw_error(task, error.code, error.message)
            return True
        for name, value in (results or {}).items():
            execution.assign_result(task, name, value, bool(self.outputs_))
        return True

    def store_result(self, task: Task, value: Any) -> None:
        """Into `camunda:resultVariable`, where one is named."""
        name = self.node.camunda.get("resultVariable")
        if name:
            variables.assign(task.parent, name, value)


class BusinessRuleTask(ServiceTask):
    """Asks a DMN decision (camunda:decisionRef)."""

    decision: Prepared | None = None

    def _run_hook(self, task: Task) -> bool | None:
        if self.decision is None:
            return super()._run_hook(task)
        execution = task.workflow
        reference = str(execution.evaluate(task, self.decision, self.node))
        mapping = self.node.camunda.get("mapDecisionResult", "resultList")
        found = execution.decide(task, reference, mapping, self.node)
        self.store_result(task, found)
        return True


class ScriptTask(ServiceTask):
    """A FEEL expression (scriptFormat="feel") into its result variable."""

    script: Prepared | None = None

    def _run_hook(self, task: Task) -> bool | None:
        if self.script is not None:
            self.store_result(task, task.workflow.evaluate(task, self.script, self.node))
        return True

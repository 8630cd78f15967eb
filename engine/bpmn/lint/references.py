"""What an element names exists: forms, decisions, called processes, roles."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.lint.context import Surroundings, about, nodes
from engine.bpmn.model import Diagram, Node
from engine.ports import Complaint

BINDINGS = frozenset({"latest", "deployment", "version"})


def forms_exist(diagram: Diagram, around: Surroundings) -> Iterator[Complaint]:
    """A user task's or start event's form is a file of the same deployment, not a part of it."""
    for _process, node in nodes(diagram):
        if node.form_fields:
            yield about(diagram, node, "bpmn.form_in_diagram")
    if around.forms is None:
        return
    for _process, node in nodes(diagram):
        key = form_key(node)
        if key is not None and key not in around.forms:
            yield about(diagram, node, "bpmn.form_missing", form=key)


def form_key(node: Node) -> str | None:
    """Id of the form an element names, if it names one (see `UserTask.form_key`)."""
    if node.kind not in ("userTask", "startEvent"):
        return None
    reference = node.camunda.get("formRef")
    if reference:
        return reference
    key = node.camunda.get("formKey")
    return key.rsplit(":", 1)[-1].removesuffix(".form") if key else None


def decisions_exist(diagram: Diagram, around: Surroundings) -> Iterator[Complaint]:
    """A business rule task's decision is in a `.dmn` file of the same deployment."""
    if around.decisions is None:
        return
    for _process, node in nodes(diagram):
        reference = node.camunda.get("decisionRef")
        if reference and "${" not in reference and reference not in around.decisions:
            yield about(diagram, node, "bpmn.decision_missing", decision=reference)


def decisions_come_with_the_deployment(diagram: Diagram, _: Surroundings) -> Iterator[Complaint]:
    """Diagram and decision are deployed together: no other version is ever asked."""
    for _process, node in nodes(diagram):
        binding = node.camunda.get("decisionRefBinding", "deployment")
        if node.camunda.get("decisionRef") and binding not in ("deployment", "latest"):
            yield about(diagram, node, "bpmn.decision_binding", found=binding)


def called_processes_exist(diagram: Diagram, around: Surroundings) -> Iterator[Complaint]:
    """A call activity names a process of this deployment or an earlier one."""
    for process, node in nodes(diagram):
        if node.kind != "callActivity":
            continue
        called = node.attributes.get("calledElement", "")
        if not called:
            yield about(diagram, node, "bpmn.call_without_process")
        elif called == process.id:
            yield about(diagram, node, "bpmn.calls_itself", called=called)
        elif _is_missing(called, around):
            yield about(diagram, node, "bpmn.called_process_missing", called=called)
        elif _begins_by_event(called, diagram):
            yield about(diagram, node, "bpmn.no_plain_start", called=called)
        yield from _binding(diagram, node)


def _begins_by_event(called: str, diagram: Diagram) -> bool:
    """Whether the called process, drawn in the same file, can only be started by an event."""
    process = diagram.processes.get(called)
    starts = process.starts(called) if process is not None else []
    return bool(starts) and all(start.event is not None for start in starts)


def _binding(diagram: Diagram, node: Node) -> Iterator[Complaint]:
    """Which version is called: the latest, the one deployed together, or a number."""
    binding = node.camunda.get("calledElementBinding", "latest")
    version = node.camunda.get("calledElementVersion", "")
    numbered = version.isascii() and version.isdecimal() and len(version) < 10
    if binding not in BINDINGS or (binding == "version" and not numbered):
        yield about(diagram, node, "bpmn.call_binding", found=binding, version=version)


def _is_missing(called: str, around: Surroundings) -> bool:
    known = around.processes
    return known is not None and "${" not in called and called not in known


def tasks_have_roles(diagram: Diagram, around: Surroundings) -> Iterator[Complaint]:
    """A user task is addressed to a role that exists, or to a person; else to the starter."""
    for _process, node in nodes(diagram):
        if node.kind != "userTask":
            continue
        role = node.camunda.get("candidateGroups", "")
        if node.camunda.get("candidateUsers"):
            yield about(diagram, node, "bpmn.candidate_users", "warning")
        elif not role and not node.camunda.get("assignee"):
            yield about(diagram, node, "bpmn.task_for_nobody", "warning")
        elif around.roles is not None and role and "${" not in role:
            for code in role.split(","):
                if code.strip() not in around.roles:
                    yield about(diagram, node, "bpmn.role_unknown", role=code.strip())


def lanes_name_roles(diagram: Diagram, around: Surroundings) -> Iterator[Complaint]:
    """The lane carries the Chinese name of the role its tasks are addressed to (D8)."""
    if around.roles is None:
        return
    for _process, node in nodes(diagram):
        role = node.camunda.get("candidateGroups", "")
        expected = around.roles.get(role)
        if node.kind != "userTask" or node.lane is None or expected is None:
            continue
        if expected not in node.lane and node.lane not in expected:
            yield about(
                diagram, node, "bpmn.lane_and_role", "warning", lane=node.lane, expected=expected
            )


RULES = (
    forms_exist,
    decisions_exist,
    decisions_come_with_the_deployment,
    called_processes_exist,
    tasks_have_roles,
    lanes_name_roles,
)

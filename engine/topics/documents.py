"""`document.render`, `document.seal`, `document.issue` (procedures B1)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.bpmn.faults import Fault
from engine.bpmn.model import Node
from engine.documents import issuing, rendering
from engine.store.models import ProcessInstance
from engine.store.unit_of_work import Unit
from engine.topics import inputs as given

STAGES = {"草稿": "draft", "定稿": "final", "签发": "issued"}
OWN = ("template", "instrument", "together", "stage")


def render(
    unit: Unit,
    instance: ProcessInstance,
    node: Node,
    task_id: str,
    inputs: Mapping[str, Any],
    variables: Mapping[str, Any],
) -> dict[str, Any]:
    """Inputs: `template` (TPL-02), `instrument` (the form of TPL-22), `together` (what is made with
    it: TPL-22/拘传票, several with commas), `stage` (草稿 where absent, 定稿, 签发); any other is a
    name that the letters may use. Sets `document_id`, `document_no` of the first, and
    `document_missing` (how many facts are 待填 in all of them).

    Raises `Fault` topic.input_missing, document.stage_unknown, and as `rendering.render`.
    """
    facts = {**variables, **{name: inputs[name] for name in inputs if name not in OWN}}
    stage = _stage(inputs, node)
    wanted = [(given.required(inputs, "template", node), given.text(inputs, "instrument"))]
    wanted += [_key(key) for key in given.names(inputs, "together")]
    made = [rendering.render(unit, instance, *key, facts, stage) for key in wanted]
    document, _ = made[0]
    return {
        "document_id": document.id,
        "document_no": document.number,
        "document_missing": Decimal(sum(len(filled.missing) for _, filled in made)),
    }


def _key(written: str) -> tuple[str, str]:
    """`TPL-22/拘传票` → its template and its form."""
    template, _, variant = written.partition("/")
    return template, variant


def seal(
    unit: Unit,
    instance: ProcessInstance,
    node: Node,
    task_id: str,
    inputs: Mapping[str, Any],
    variables: Mapping[str, Any],
) -> dict[str, Any] | None:
    """Seal every draft of the instance; input `seal_status`. Raises `Fault` document.no_draft."""
    if not issuing.seal(unit, instance, given.text(inputs, "seal_status")):
        raise Fault("document.no_draft", element=node.id, name=node.label)
    return None


def issue(
    unit: Unit,
    instance: ProcessInstance,
    node: Node,
    task_id: str,
    inputs: Mapping[str, Any],
    variables: Mapping[str, Any],
) -> dict[str, Any]:
    """Issue every sealed document of the instance; sets `issued_documents` (ids).

    Raises `Fault` document.not_sealed: nothing leaves without a seal.
    """
    issued = issuing.issue(unit, instance)
    if not issued:
        raise Fault("document.not_sealed", element=node.id, name=node.label)
    return {"issued_documents": [document.id for document in issued]}


def _stage(inputs: Mapping[str, Any], node: Node) -> str:
    found = given.text(inputs, "stage") or "草稿"
    if found not in STAGES:
        expected = "、".join(STAGES)
        raise Fault(
            "document.stage_unknown",
            element=node.id,
            name=node.label,
            found=found,
            expected=expected,
        )
    return STAGES[found]

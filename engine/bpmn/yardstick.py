"""The yardstick of the bench: what SpiffWorkflow costs by itself, used as its own manual shows.

Stock parser, stock serializer, the whole workflow as one JSON text: load, complete, run on, save.
Nothing of ours is in it, and nothing of ours uses it but the bench.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState

from engine.xml import parse_xml

TIMERS = ("timeDate", "timeDuration", "timeCycle")


@dataclass(frozen=True, slots=True)
class Saved:
    """A bare workflow between two visits."""

    text: str
    ended: bool


class BareProcess:
    """One process of a diagram, run by SpiffWorkflow alone."""

    def __init__(self, diagram: bytes, process_id: str) -> None:
        tree = parse_xml(diagram, process_id)
        _quote_timers(tree)
        parser = BpmnParser()
        parser.add_bpmn_xml(tree, filename=process_id)
        self._spec = parser.get_spec(process_id)
        self._parts = parser.get_subprocess_specs(process_id)
        self._serializer = BpmnWorkflowSerializer()

    def start(self, variables: Mapping[str, Any]) -> Saved:
        """Begin, run to the first wait state, save."""
        workflow = BpmnWorkflow(self._spec, self._parts)
        workflow.task_tree.data.update(variables)
        return self._run(workflow)

    def complete(self, saved: Saved) -> Saved:
        """Load, complete the first task that waits for a person, run on, save."""
        workflow = self._serializer.deserialize_json(saved.text)
        workflow.get_next_task(state=TaskState.READY, manual=True).run()
        return self._run(workflow)

    def _run(self, workflow: Any) -> Saved:
        workflow.do_engine_steps()
        ended = workflow.get_next_task(state=TaskState.READY, manual=True) is None
        return Saved(self._serializer.serialize_json(workflow), ended)


def _quote_timers(tree: Any) -> None:
    """Stock timers are Python expressions: `PT2H` has to be a text in quotes."""
    for name in TIMERS:
        for timer in tree.iter(etree.QName("http://www.omg.org/spec/BPMN/20100524/MODEL", name)):
            timer.text = repr((timer.text or "").strip())

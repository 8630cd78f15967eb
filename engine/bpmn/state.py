"""The blob: what must survive between two runs, and nothing else.

Root variables are a column of the instance's row; here are the live tasks with their local
variables. Independent of key order, free of class names: user data can never poison it.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from SpiffWorkflow.task import Task

from engine.bpmn.execution import Execution, Host
from engine.bpmn.faults import Fault
from engine.bpmn.process import ProcessSpec
from engine.feel import decode, encode

FORMAT = 1
"""Counted up when the layout changes; `load` then learns to read both."""


def dump(execution: Execution) -> bytes:
    """The live tasks, parents first, compressed."""
    root = execution.task_tree
    rows = [row for child in root.children for row in _rows(child)]
    content = {"format": FORMAT, "root": [root.id, root.internal_data], "tasks": rows}
    return zlib.compress(orjson.dumps(content), 1)


def _rows(task: Task) -> list[list[Any]]:
    spec = task.task_spec
    row = [
        task.id,
        task.parent.id,
        spec.process.definition_id,
        spec.name,
        task.state,
        task.internal_data,
        {name: encode(value) for name, value in task.data.items()},
    ]
    return [row, *(below for child in task.children for below in _rows(child))]


def load(
    blob: bytes, process: ProcessSpec, host: Host, now: datetime, variables: Mapping[str, Any]
) -> Execution:
    """The instance as it was. Raises `Fault` state.* when the blob is not one of ours."""
    content = orjson.loads(zlib.decompress(blob))
    if content.get("format") != FORMAT:
        raise Fault("state.unknown_format", found=content.get("format"))
    root_id, internal = content["root"]
    execution = Execution(process, host, now, root_id)
    execution.task_tree.internal_data = internal
    execution.task_tree.data.update(variables)
    for row in content["tasks"]:
        _restore(execution, row)
    return execution


def _restore(execution: Execution, row: list[Any]) -> None:
    task_id, parent_id, definition_id, name, state, internal, data = row
    process = execution.spec
    if definition_id != process.definition_id:
        process = execution.host.process(definition_id)
    spec = process.task_specs.get(name)
    if spec is None:
        raise Fault("state.unknown_element", element=name, definition=definition_id)
    task = Task(execution, spec, execution.tasks[parent_id], state=state, id=task_id)
    task.internal_data = internal
    execution.watches_conditions |= getattr(spec, "condition", None) is not None
    task.data = {key: decode(value) for key, value in data.items()}


def dump_variables(execution: Execution) -> dict[str, Any]:
    """Root variables as `engine.feel.codec` encodes them, for the instance's row."""
    return {name: encode(value) for name, value in execution.task_tree.data.items()}


def load_variables(encoded: Mapping[str, Any]) -> dict[str, Any]:
    """Root variables as FEEL values."""
    return {name: decode(value) for name, value in encoded.items()}

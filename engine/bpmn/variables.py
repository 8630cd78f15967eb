"""Variables: one map per scope, looked up inside out (as in Camunda 7).

A scope is a task of the tree that others stand in: the process, a sub-process, a multi-instance
body, an activity with local inputs. A called process sees nothing of its caller but what is
mapped. Two branches therefore never hold two copies of a variable, and no join has to merge any.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping
from typing import Any

from SpiffWorkflow.task import Task


def scopes(task: Task) -> Iterator[Task]:
    """The task and everything it stands in, up to the root of its process."""
    current: Task | None = task
    while current is not None:
        yield current
        if "callee" in current.internal_data:
            return
        current = current.parent


def visible(task: Task, *outermost: Mapping[str, Any]) -> Mapping[str, Any]:
    """All variables visible at `task`; `outermost` adds what the engine offers."""
    maps = [scope.data for scope in scopes(task) if scope.data]
    return ChainMap(*maps, *outermost) if maps else ChainMap({}, *outermost)  # type: ignore[arg-type]


def local(task: Task) -> dict[str, Any]:
    """What `task` sees beside the variables of the instance: of its called process, its scopes."""
    found: dict[str, Any] = {}
    for scope in reversed(list(scopes(task))):
        if scope.parent is not None:
            found |= scope.data
    return found


def assign(task: Task, name: str, value: Any) -> None:
    """Set where the name is already known, else at the root of the process."""
    last = task
    for scope in scopes(task):
        last = scope
        if name in scope.data:
            break
    last.data[name] = value


def root_of(task: Task) -> Task:
    """The scope that holds the variables of the process (or called process) `task` is in."""
    *_, last = scopes(task)
    return last

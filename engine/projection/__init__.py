"""Engine state → rows: the difference one run made, written once, called by every verb.

Lists and pages read rows only; nothing ever loads an instance to show it (D3, straight path 4).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.bpmn.execution import Execution
from engine.bpmn.state import dump, dump_variables
from engine.feel import to_python
from engine.projection import activities, deadlines, envelopes, external, jobs, tasks
from engine.store.models import Job, ProcessInstance, UserTask
from engine.store.unit_of_work import Unit


@dataclass(frozen=True, slots=True)
class Projected:
    """What the caller may want to know of what was written."""

    opened: list[UserTask]
    late: list[deadlines.Lateness]


def project(
    unit: Unit,
    instance: ProcessInstance,
    execution: Execution,
    happened_at: datetime | None = None,
) -> Projected:
    """Write everything the journal of this run tells; the instance's row carries the state.

    The caller has locked the row. `happened_at`: when the act of this run took place, if it was
    not just now (发生时间): a duty is met then.
    """
    _settle_earlier(unit)
    journal = execution.journal
    # Rows wait for the one flush at the end: a table that is written twice costs twice.
    with unit.session.no_autoflush:
        activities.write(unit, instance, journal)
        armed = jobs.arm(unit, instance, journal)
        standing = deadlines.write(unit, instance, execution, armed, happened_at)
        opened = tasks.write(unit, instance, journal, standing.binding)
        external.write(unit, instance, journal)
        envelopes.write(unit, instance, execution)
        jobs.close(unit, instance, journal, standing.closed)
        _write_instance(unit, instance, execution)
    return Projected(opened, standing.late)


def _settle_earlier(unit: Unit) -> None:
    """A second run in one unit finds the jobs of the first where it looks for them."""
    if any(isinstance(row, Job) for row in unit.session.new):
        unit.session.flush()


def _write_instance(unit: Unit, instance: ProcessInstance, execution: Execution) -> None:
    instance.variables = dump_variables(execution)
    case_no = to_python(execution.task_tree.data.get("case_no"))
    if isinstance(case_no, str):
        instance.case_no = case_no
    if execution.journal.finished:
        instance.state = "completed"
        instance.outcome = execution.journal.outcome
        instance.ended_at = unit.now
        instance.blob = None
    else:
        instance.blob = dump(execution)

"""Engine state → rows: the difference one run made, written once, called by every verb.

Lists and pages read rows only; nothing ever loads an instance to show it (D3, straight path 4).
"""

from __future__ import annotations

from engine.bpmn.execution import Execution
from engine.bpmn.state import dump, dump_variables
from engine.feel import to_python
from engine.projection import activities, deadlines, envelopes, jobs, tasks
from engine.store.models import ProcessInstance, UserTask
from engine.store.unit_of_work import Unit


def project(unit: Unit, instance: ProcessInstance, execution: Execution) -> list[UserTask]:
    """Write everything the journal of this run tells; the user tasks it opened.

    The instance's row carries the state; the caller has locked it.
    """
    journal = execution.journal
    activities.write(unit, instance, journal)
    jobs.write(unit, instance, journal)
    running = deadlines.write(unit, instance, execution)
    opened = tasks.write(unit, instance, journal, running)
    envelopes.write(unit, instance, execution)
    _write_instance(unit, instance, execution)
    return opened


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

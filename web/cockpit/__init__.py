"""The supervisors' door: every instance, the limits of the day, incidents, stepping in."""

from web.cockpit import (
    deadline_acts,
    figures,
    incident_acts,
    instance_acts,
    lists,
    task_acts,
)
from web.cockpit.blueprint import pages

__all__ = [
    "deadline_acts",
    "figures",
    "incident_acts",
    "instance_acts",
    "lists",
    "pages",
    "task_acts",
]

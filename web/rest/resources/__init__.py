"""The operations that are served, one module for each kind of thing."""

from web.rest.resources import (
    decisions,
    definitions,
    deployments,
    external_tasks,
    history,
    incidents,
    instances,
    jobs,
    messages,
    start_forms,
    task_comments,
    task_forms,
    task_variables,
    tasks,
    version,
)

OPERATIONS = tuple(
    operation
    for part in (
        version,
        deployments,
        definitions,
        start_forms,
        instances,
        tasks,
        task_forms,
        task_variables,
        task_comments,
        messages,
        external_tasks,
        jobs,
        incidents,
        decisions,
        history,
    )
    for operation in part.resource.operations
)

"""Every operation of the original, Camunda Platform 7.24, in its documentation's words.

A line is `METHODS path`; a group begins with why it is absent, where it is. What is served stands
in `web/rest/resources`; the rest answers 501. docs/rest.md is made of both.
"""

from __future__ import annotations

from collections.abc import Iterator

TABLE = """
# rights are roles in a unit of an agency, given in the directory and decided in the engine
GET /authorization
OPTIONS /authorization
GET /authorization/check
GET /authorization/count
POST /authorization/create
DELETE GET OPTIONS PUT /authorization/{id}

# no batches: every act on an instance is a supervisor's own, with its reason
GET /batch
GET /batch/count
GET /batch/statistics
GET /batch/statistics/count
DELETE GET /batch/{id}
PUT /batch/{id}/suspended
POST /deployment/{id}/redeploy
POST /external-task/retries-async
POST /job/retries
PUT /job/suspended
POST /process-instance/delete
POST /process-instance/delete-historic-query-based
POST /process-instance/job-retries
POST /process-instance/job-retries-historic-query-based
POST /process-instance/message-async
POST /process-instance/suspended-async
POST /process-instance/variables-async
POST /process-definition/{id}/restart
POST /process-definition/{id}/restart-async
POST /migration/executeAsync
POST /modification/executeAsync
POST /process-instance/{id}/modification-async

# case management (CMMN) is not executed
GET /case-definition
GET /case-definition/count
GET /case-definition/{id}
GET /case-definition/key/{key}
GET /case-definition/key/{key}/tenant-id/{tenant-id}
GET /case-definition/{id}/xml
GET /case-definition/key/{key}/xml
GET /case-definition/{id}/diagram
GET /case-definition/key/{key}/diagram
POST /case-definition/{id}/create
POST /case-definition/key/{key}/create
PUT /case-definition/{id}/history-time-to-live
PUT /case-definition/key/{key}/history-time-to-live
GET POST /case-execution
GET POST /case-execution/count
GET /case-execution/{id}
POST /case-execution/{id}/manual-start
POST /case-execution/{id}/reenable
POST /case-execution/{id}/disable
POST /case-execution/{id}/complete
POST /case-execution/{id}/terminate
GET POST /case-execution/{id}/variables
GET PUT DELETE /case-execution/{id}/variables/{varName}
GET POST /case-execution/{id}/variables/{varName}/data
GET POST /case-execution/{id}/localVariables
GET PUT DELETE /case-execution/{id}/localVariables/{varName}
GET POST /case-execution/{id}/localVariables/{varName}/data
GET POST /case-instance
GET POST /case-instance/count
GET /case-instance/{id}
POST /case-instance/{id}/complete
POST /case-instance/{id}/close
POST /case-instance/{id}/terminate
GET POST /case-instance/{id}/variables
GET PUT DELETE /case-instance/{id}/variables/{varName}
GET POST /case-instance/{id}/variables/{varName}/data
GET /history/case-definition/{id}/statistics
GET POST /history/case-instance
GET POST /history/case-instance/count
GET /history/case-instance/{id}
GET POST /history/case-activity-instance
GET POST /history/case-activity-instance/count
GET /history/case-activity-instance/{id}

# conditions are looked at by themselves whenever an instance runs
POST /condition

# pictures are drawn from the diagram's own shapes by the viewer
GET /decision-definition/{id}/diagram
GET /decision-definition/key/{key}/diagram
GET /decision-definition/key/{key}/tenant-id/{tenant-id}/diagram
GET /process-definition/{id}/diagram
GET /process-definition/key/{key}/diagram
GET /process-definition/key/{key}/tenant-id/{tenant-id}/diagram
GET /decision-requirements-definition/{id}/diagram
GET /decision-requirements-definition/key/{key}/diagram
GET /decision-requirements-definition/key/{key}/tenant-id/{tenant-id}/diagram

# a DMN file is fetched through one of its decisions
GET /decision-requirements-definition
GET /decision-requirements-definition/count
GET /decision-requirements-definition/{id}
GET /decision-requirements-definition/{id}/xml
GET /decision-requirements-definition/key/{key}
GET /decision-requirements-definition/key/{key}/xml
GET /decision-requirements-definition/key/{key}/tenant-id/{tenant-id}
GET /decision-requirements-definition/key/{key}/tenant-id/{tenant-id}/xml

# history is never deleted and has no time to live: the audit chain rests on it
PUT /decision-definition/{id}/history-time-to-live
PUT /decision-definition/key/{key}/history-time-to-live
PUT /decision-definition/key/{key}/tenant-id/{tenant-id}/history-time-to-live
PUT /process-definition/{id}/history-time-to-live
PUT /process-definition/key/{key}/history-time-to-live
PUT /process-definition/key/{key}/tenant-id/{tenant-id}/history-time-to-live
GET /history/batch
GET /history/batch/count
GET /history/batch/cleanable-batch-report
GET /history/batch/cleanable-batch-report/count
POST /history/batch/set-removal-time
DELETE GET /history/batch/{id}
POST /history/cleanup
GET /history/cleanup/configuration
GET /history/cleanup/job
GET /history/cleanup/jobs
GET /history/decision-definition/cleanable-decision-instance-report
GET /history/decision-definition/cleanable-decision-instance-report/count
POST /history/decision-instance/delete
POST /history/decision-instance/set-removal-time
GET /history/process-definition/cleanable-process-instance-report
GET /history/process-definition/cleanable-process-instance-report/count
POST /history/process-instance/delete
POST /history/process-instance/set-removal-time
DELETE /history/process-instance/{id}
DELETE /history/process-instance/{id}/variable-instances
DELETE /history/variable-instance/{id}
DELETE /task/{id}/comment
DELETE /task/{id}/comment/{commentId}
PUT /task/{id}/comment
DELETE PUT /process-instance/{id}/comment
DELETE /process-instance/{id}/comment/{commentId}

# what is recorded is read in the audit, by the audit administrator
GET /history/decision-instance
GET /history/decision-instance/count
GET /history/decision-instance/{id}
GET /history/decision-requirements-definition/{id}/statistics
GET POST /history/detail
GET POST /history/detail/count
GET /history/detail/{id}
GET /history/detail/{id}/data
GET POST /history/external-task-log
GET POST /history/external-task-log/count
GET /history/external-task-log/{id}
GET /history/external-task-log/{id}/error-details
GET /history/identity-link-log
GET /history/identity-link-log/count
GET POST /history/job-log
GET POST /history/job-log/count
GET /history/job-log/{id}
GET /history/job-log/{id}/stacktrace
GET /history/user-operation
GET /history/user-operation/count
PUT /history/user-operation/{operationId}/clear-annotation
PUT /history/user-operation/{operationId}/set-annotation

# reports are made from the statistics of the pages
GET /history/process-definition/{id}/statistics
GET /history/process-instance/report
GET /history/task/report
GET /task/report/candidate-group-count
GET /metrics
GET /metrics/{metrics-name}/sum
DELETE /metrics/task-worker
GET /schema/log
POST /schema/log

# an instance is one execution: its own id stands where the original names an execution
GET POST /execution
GET POST /execution/count
GET /execution/{id}
POST /execution/{id}/create-incident
GET POST /execution/{id}/localVariables
GET PUT DELETE /execution/{id}/localVariables/{varName}
POST /execution/{id}/localVariables/{varName}/data
GET /execution/{id}/messageSubscriptions/{messageName}
POST /execution/{id}/messageSubscriptions/{messageName}/trigger
POST /execution/{id}/signal
GET /event-subscription
GET /event-subscription/count

# saved filters are the pages' own
GET OPTIONS /filter
GET /filter/count
POST /filter/create
DELETE GET OPTIONS PUT /filter/{id}
GET POST /filter/{id}/count
GET POST /filter/{id}/list
GET POST /filter/{id}/singleResult

# accounts, roles and agencies are kept in the directory by its three administrators
GET POST OPTIONS /group
GET POST /group/count
POST /group/create
DELETE GET OPTIONS PUT /group/{id}
OPTIONS /group/{id}/members
DELETE OPTIONS PUT /group/{id}/members/{userId}
GET /identity/groups
GET POST /identity/password-policy
POST /identity/verify
GET OPTIONS /tenant
GET /tenant/count
POST /tenant/create
DELETE GET OPTIONS PUT /tenant/{id}
OPTIONS /tenant/{id}/group-members
DELETE PUT /tenant/{id}/group-members/{groupId}
OPTIONS /tenant/{id}/user-members
DELETE PUT /tenant/{id}/user-members/{userId}
GET OPTIONS /user
GET /user/count
POST /user/create
DELETE OPTIONS /user/{id}
PUT /user/{id}/credentials
GET PUT /user/{id}/profile
POST /user/{id}/unlock

# what an incident needs is told when it is resolved
DELETE PUT /incident/{id}/annotation

# jobs stand for themselves; a statutory limit is moved by an extension with its ground
GET POST /job-definition
GET POST /job-definition/count
PUT /job-definition/suspended
GET /job-definition/{id}
PUT /job-definition/{id}/jobPriority
PUT /job-definition/{id}/retries
PUT /job-definition/{id}/suspended
DELETE /job/{id}
POST /job/{id}/duedate/recalculate
PUT /job/{id}/priority
PUT /job/{id}/suspended

# an instance stays on the version it began with, and on the way that was drawn
POST /migration/execute
POST /migration/generate
POST /migration/validate
POST /modification/execute
POST /process-instance/{id}/modification

# definitions are suspended by id or key; deployments that were never used can be deleted whole
PUT /process-definition/suspended
DELETE /process-definition/{id}
DELETE /process-definition/key/{key}
DELETE /process-definition/key/{key}/tenant-id/{tenant-id}
GET /process-definition/{id}/static-called-process-definitions
GET /deployment/registered

# forms are form-js documents (deployed-form, deployed-start-form); there is no HTML to render
GET /process-definition/{id}/rendered-form
GET /process-definition/key/{key}/rendered-form
GET /process-definition/key/{key}/tenant-id/{tenant-id}/rendered-form
GET /task/{id}/rendered-form

# instances are suspended one by one, each with its reason
PUT /process-instance/suspended

# a task comes from a diagram, is addressed by it, and ends with its form
POST /task/create
DELETE PUT /task/{id}
POST /task/{id}/delegate
POST /task/{id}/resolve
POST /task/{id}/bpmnEscalation
GET /task/{id}/attachment
POST /task/{id}/attachment/create
GET DELETE /task/{id}/attachment/{attachmentId}
GET /task/{id}/attachment/{attachmentId}/data

# a task has no variables of its own: those of its process are visible in it
GET POST /task/{id}/localVariables
GET PUT DELETE /task/{id}/localVariables/{varName}
GET POST /task/{id}/localVariables/{varName}/data

# variables are read with their instance
GET POST /variable-instance
GET POST /variable-instance/count
GET /variable-instance/{id}
GET /variable-instance/{id}/data

# nothing calls home
GET POST /telemetry/configuration
GET /telemetry/data

#
GET /engine
GET /version
GET /deployment
GET /deployment/count
POST /deployment/create
GET DELETE /deployment/{id}
GET /deployment/{id}/resources
GET /deployment/{id}/resources/{resourceId}
GET /deployment/{id}/resources/{resourceId}/data
GET /process-definition
GET /process-definition/count
GET /process-definition/statistics
GET /process-definition/{id}
GET /process-definition/key/{key}
GET /process-definition/key/{key}/tenant-id/{tenant-id}
GET /process-definition/{id}/xml
GET /process-definition/key/{key}/xml
GET /process-definition/key/{key}/tenant-id/{tenant-id}/xml
POST /process-definition/{id}/start
POST /process-definition/key/{key}/start
POST /process-definition/key/{key}/tenant-id/{tenant-id}/start
POST /process-definition/{id}/submit-form
POST /process-definition/key/{key}/submit-form
POST /process-definition/key/{key}/tenant-id/{tenant-id}/submit-form
GET /process-definition/{id}/statistics
GET /process-definition/key/{key}/statistics
GET /process-definition/key/{key}/tenant-id/{tenant-id}/statistics
PUT /process-definition/{id}/suspended
PUT /process-definition/key/{key}/suspended
PUT /process-definition/key/{key}/tenant-id/{tenant-id}/suspended
GET /process-definition/{id}/startForm
GET /process-definition/key/{key}/startForm
GET /process-definition/key/{key}/tenant-id/{tenant-id}/startForm
GET /process-definition/{id}/deployed-start-form
GET /process-definition/key/{key}/deployed-start-form
GET /process-definition/key/{key}/tenant-id/{tenant-id}/deployed-start-form
GET /process-definition/{id}/form-variables
GET /process-definition/key/{key}/form-variables
GET /process-definition/key/{key}/tenant-id/{tenant-id}/form-variables
GET POST /process-instance
GET POST /process-instance/count
GET DELETE /process-instance/{id}
PUT /process-instance/{id}/suspended
GET /process-instance/{id}/activity-instances
GET /process-instance/{id}/comment
GET POST /process-instance/{id}/variables
GET PUT DELETE /process-instance/{id}/variables/{varName}
GET POST /process-instance/{id}/variables/{varName}/data
GET /execution/{id}/localVariables/{varName}/data
GET POST /task
GET POST /task/count
GET /task/{id}
POST /task/{id}/assignee
POST /task/{id}/bpmnError
POST /task/{id}/claim
POST /task/{id}/unclaim
POST /task/{id}/complete
POST /task/{id}/submit-form
GET /task/{id}/form
GET /task/{id}/deployed-form
GET /task/{id}/form-variables
GET POST /task/{id}/identity-links
POST /task/{id}/identity-links/delete
GET /task/{id}/comment
POST /task/{id}/comment/create
GET /task/{id}/comment/{commentId}
GET POST /task/{id}/variables
GET PUT DELETE /task/{id}/variables/{varName}
GET POST /task/{id}/variables/{varName}/data
POST /message
POST /signal
GET POST /external-task
GET POST /external-task/count
POST /external-task/fetchAndLock
PUT /external-task/retries
GET /external-task/topic-names
GET /external-task/{id}
POST /external-task/{id}/bpmnError
POST /external-task/{id}/complete
GET /external-task/{id}/errorDetails
POST /external-task/{id}/extendLock
POST /external-task/{id}/failure
POST /external-task/{id}/lock
PUT /external-task/{id}/priority
PUT /external-task/{id}/retries
POST /external-task/{id}/unlock
GET POST /job
GET POST /job/count
GET /job/{id}
POST /job/{id}/execute
PUT /job/{id}/duedate
PUT /job/{id}/retries
GET /job/{id}/stacktrace
GET /incident
GET /incident/count
GET DELETE /incident/{id}
GET /decision-definition
GET /decision-definition/count
GET /decision-definition/{id}
GET /decision-definition/key/{key}
GET /decision-definition/key/{key}/tenant-id/{tenant-id}
GET /decision-definition/{id}/xml
GET /decision-definition/key/{key}/xml
GET /decision-definition/key/{key}/tenant-id/{tenant-id}/xml
POST /decision-definition/{id}/evaluate
POST /decision-definition/key/{key}/evaluate
POST /decision-definition/key/{key}/tenant-id/{tenant-id}/evaluate
GET POST /history/process-instance
GET POST /history/process-instance/count
GET /history/process-instance/{id}
GET POST /history/activity-instance
GET POST /history/activity-instance/count
GET /history/activity-instance/{id}
GET POST /history/task
GET POST /history/task/count
GET POST /history/variable-instance
GET POST /history/variable-instance/count
GET /history/variable-instance/{id}
GET /history/variable-instance/{id}/data
GET /history/incident
GET /history/incident/count
"""


def operations() -> Iterator[tuple[str, str, str]]:
    """(method, path, why it is absent where it is) of every operation of the original."""
    reason = ""
    for line in TABLE.splitlines():
        if line.startswith("#"):
            reason = line.removeprefix("#").strip()
        elif line:
            *methods, path = line.split()
            for method in methods:
                yield method, path, reason

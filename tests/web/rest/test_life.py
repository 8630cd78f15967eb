"""Deploy, start, find, take, complete, look back: what programs do to instances and tasks."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.engine.drawing import element, flows, process, user
from tests.engine.house import House
from tests.web.rest import drawn
from tests.web.rest.conftest import house_on

FORM = {
    "type": "default", "id": "note", "schemaVersion": 19,
    "components": [
        {"type": "textfield", "id": "f1", "key": "reason", "label": "理由",
         "validate": {"required": True}},
        {"type": "number", "id": "f2", "key": "days", "label": "天数",
         "properties": {"routing": "true"}},
    ],
}  # fmt: skip


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    yield from house_on(database_url)


def deployed(program: Any, name: str, files: dict[str, bytes], **fields: str) -> Any:
    parts = {file: (io.BytesIO(content), file) for file, content in files.items()}
    return program.ask("POST", "/deployment/create", data={"deployment-name": name, **parts,
                                                           **fields})  # fmt: skip


def started(program: Any, key: str = "plain", **body: Any) -> Any:
    return program.post(f"/process-definition/key/{key}/start", body)


def test_what_the_desktop_modeler_sends_works(program: Any) -> None:
    """GET version, POST deployment/create with the same files twice, start by id."""
    everything = program("everything")
    assert everything.get("/version")["version"]
    assert everything.get("/deployment", maxResults="0") == []
    fields = {"deployment-source": "Camunda Modeler", "enable-duplicate-filtering": "true"}
    first = deployed(everything, "plain", {"plain.bpmn": drawn.with_task()}, **fields).json
    (definition,) = first["deployedProcessDefinitions"].values()
    assert (definition["key"], definition["version"]) == ("plain", 1)
    assert first["source"] == "Camunda Modeler"
    again = deployed(everything, "plain", {"plain.bpmn": drawn.with_task()}, **fields).json
    assert (again["id"], again["deployedProcessDefinitions"]) == (first["id"], None)
    begun = everything.post(
        f"/process-definition/{definition['id']}/start",
        {"businessKey": "K-1", "variables": {"n": {"value": 3, "type": "Integer"}}},
    )
    assert begun["definitionId"] == definition["id"]
    assert begun["businessKey"] == "K-1"
    variables = everything.get(f"/process-instance/{begun['id']}/variables")
    assert variables == {"n": {"type": "Integer", "value": 3, "valueInfo": {}}}


def test_a_diagram_with_faults_comes_back_as_the_modeler_shows_it(program: Any) -> None:
    wrong = process("wrong", element("startEvent", "s"), user("a"), flows("s -> a -> nowhere"))
    answer = deployed(program("analyst"), "wrong", {"wrong.bpmn": wrong})
    assert answer.status_code == 400
    assert answer.json["type"] == "ParseException"
    assert answer.json["message"].startswith("ENGINE-09005 Could not parse BPMN process.")
    (problem, *_) = answer.json["details"]["wrong.bpmn"]["errors"]
    assert problem["line"] > 0
    assert "wrong.bpmn" in problem["message"]


def test_who_may_not_deploy_is_told(program: Any) -> None:
    answer = deployed(program("handler"), "plain", {"plain.bpmn": drawn.with_task()})
    assert (answer.status_code, answer.json["type"]) == (403, "AuthorizationException")


def test_a_deployment_can_be_read_and_taken_back_while_it_is_unused(program: Any) -> None:
    everything = program("everything")
    files = {"plain.bpmn": drawn.with_task(), "sub/rates.dmn": drawn.DECISION}
    made = deployed(everything, "plain", files).json
    (decision,) = made["deployedDecisionDefinitions"].values()
    assert decision["key"] == "rate"
    path = f"/deployment/{made['id']}"
    assert everything.get(path)["name"] == "plain"
    assert everything.get("/deployment/count") == {"count": 1}
    names = [one["id"] for one in everything.get(f"{path}/resources")]
    assert names == ["plain.bpmn", "sub/rates.dmn"]
    assert everything.get(f"{path}/resources/sub/rates.dmn")["deploymentId"] == made["id"]
    data = everything.ask("GET", f"{path}/resources/sub/rates.dmn/data")
    assert data.data == drawn.DECISION
    assert everything.ask("GET", f"{path}/resources/nothing").status_code == 404
    assert everything.ask("DELETE", f"{path}?cascade=true").status_code == 400
    everything.send("DELETE", path)
    assert everything.get("/deployment") == []
    assert everything.get("/process-definition") == []


def test_a_deployment_that_was_used_stays(program: Any, house: House) -> None:
    house.run(drawn.with_task(), "plain")
    everything = program("everything")
    (deployment,) = everything.get("/deployment")
    answer = everything.ask("DELETE", f"/deployment/{deployment['id']}")
    assert (answer.status_code, answer.json["reason"]) == (409, "deployment.in_use")


def test_deploy_changed_only_keeps_the_unchanged_files(program: Any) -> None:
    everything = program("everything")
    deployed(everything, "d", {"a.bpmn": drawn.with_task(), "rates.dmn": drawn.DECISION})
    changed = drawn.with_task().replace(b'name="decide"', b'name="think"')
    made = deployed(everything, "d", {"a.bpmn": changed}, **{"deploy-changed-only": "true"}).json
    names = [one["name"] for one in everything.get(f"/deployment/{made['id']}/resources")]
    assert names == ["a.bpmn", "rates.dmn"]


@pytest.mark.parametrize("name", ["../x.bpmn", "a/../../x.bpmn", "x" * 300 + ".bpmn"])
def test_a_file_name_that_leads_away_is_refused(name: str, program: Any) -> None:
    answer = deployed(program("everything"), "d", {name: drawn.with_task()})
    assert answer.status_code == 400


def test_definitions_are_found_by_id_and_by_key(program: Any, house: House) -> None:
    house.deploy("plain", drawn.with_task())
    house.deploy("plain", drawn.with_task().replace(b'name="decide"', b'name="think"'))
    everything = program("everything")
    newest = everything.get("/process-definition/key/plain")
    assert newest["version"] == 2
    assert everything.get("/process-definition/count") == {"count": 2}
    listed = everything.get(
        "/process-definition", latestVersion="true", sortBy="version", sortOrder="desc"
    )
    assert listed == [newest]
    assert "think" in everything.get("/process-definition/key/plain/xml")["bpmn20Xml"]
    assert everything.get(f"/process-definition/{newest['id']}") == newest
    assert everything.ask("GET", "/process-definition/key/nothing").status_code == 404


def test_an_old_version_can_be_started_by_its_id(program: Any, house: House) -> None:
    house.deploy("plain", drawn.with_task())
    everything = program("everything")
    old = everything.get("/process-definition/key/plain")
    house.deploy("plain", drawn.with_task().replace(b'name="decide"', b'name="think"'))
    begun = everything.post(f"/process-definition/{old['id']}/start")
    assert begun["definitionId"] == old["id"]


def test_a_suspended_definition_starts_nothing(program: Any, house: House) -> None:
    house.deploy("plain", drawn.with_task())
    everything = program("everything")
    everything.put("/process-definition/key/plain/suspended", {"suspended": True})
    assert everything.get("/process-definition/key/plain")["suspended"] is True
    everything.post("/process-definition/key/plain/start", status=403)
    everything.put("/process-definition/key/plain/suspended", {"suspended": False})
    started(everything)
    refused = {"suspended": True, "includeProcessInstances": True}
    everything.put("/process-definition/key/plain/suspended", refused, status=400)


def test_statistics_count_instances_tokens_and_failures(program: Any, house: House) -> None:
    house.run(drawn.with_task(), "plain")
    house.start("plain")
    president = program("president")
    (row,) = president.get("/process-definition/statistics", incidents="true")
    assert (row["instances"], row["failedJobs"], row["incidents"]) == (2, 0, [])
    assert row["definition"]["key"] == "plain"
    (step,) = president.get("/process-definition/key/plain/statistics")
    assert (step["id"], step["instances"]) == ("decide", 2)


def test_the_same_start_under_one_key_starts_once(program: Any, house: House) -> None:
    house.deploy("plain", drawn.with_task())
    handler = program("handler")
    path, keyed = "/process-definition/key/plain/start", {"Idempotency-Key": "once"}
    first = handler.ask("POST", path, json={"businessKey": "K-1"}, headers=keyed)
    again = handler.ask("POST", path, json={"businessKey": "K-1"}, headers=keyed)
    assert first.json == again.json
    other = handler.ask("POST", path, json={"businessKey": "K-2"}, headers=keyed)
    assert other.status_code == 409
    assert handler.get("/process-instance/count") == {"count": 1}


# tasks ----------------------------------------------------------------------------------


def test_a_task_is_found_taken_and_completed(program: Any, house: House) -> None:
    house.deploy("plain", drawn.with_task())
    president, handler = program("president"), program("handler")
    instance = house.start("plain", by="handler")
    (task,) = president.get("/task", processInstanceId=instance)
    assert (task["taskDefinitionKey"], task["assignee"]) == ("decide", "handler")
    assert handler.get("/task", unassigned="true") == []
    president.post(f"/task/{task['id']}/unclaim", {"reason": "承办人休假"})
    (free,) = handler.get("/task", candidateGroup="court_handler", unassigned="true")
    handler.post(f"/task/{free['id']}/claim", {"userId": "client-handler"})
    assert handler.get(f"/task/{free['id']}")["assignee"] == "client-handler"
    assert handler.get("/task/count", assignee="client-handler") == {"count": 1}
    body = {"variables": {"n": {"value": 3}}, "withVariablesInReturn": True}
    returned = handler.post(f"/task/{free['id']}/complete", body)
    assert returned["n"]["value"] == 3
    handler.ask("GET", f"/task/{free['id']}")
    (past,) = president.get("/history/process-instance", processInstanceId=instance)
    assert past["state"] == "COMPLETED"


def test_a_list_is_narrowed_sorted_and_cut_by_query_and_by_body(
    program: Any, house: House
) -> None:
    house.deploy("plain", drawn.with_task())
    instances = [house.start("plain") for _ in range(3)]
    president = program("president")
    keyed = president.get(
        "/task", sortBy="created", sortOrder="desc", firstResult="1", maxResults="1"
    )
    assert len(keyed) == 1
    body = {
        "processInstanceIdIn": instances[:2],
        "sorting": [{"sortBy": "instanceId", "sortOrder": "asc"}],
    }
    found = [one["processInstanceId"] for one in president.post("/task", body)]
    assert found == sorted(instances[:2])
    assert president.post("/task/count", body | {"nameLike": "dec%"}) == {"count": 2}
    assert president.get("/task", nameLike="x%") == []


def test_who_was_faster_has_it(program: Any, house: House) -> None:
    house.run(drawn.with_task(), "plain")
    (task,) = program("president").get("/task")
    everything = program("everything")
    everything.post(f"/task/{task['id']}/claim", {}, status=409)
    everything.post(f"/task/{task['id']}/complete", {}, status=409)
    program("station").post(f"/task/{task['id']}/claim", {}, status=404)


def test_a_supervisor_gives_a_task_to_somebody(program: Any, house: House) -> None:
    house.run(drawn.with_task(), "plain")
    president = program("president")
    (task,) = president.get("/task")
    program("handler")
    path = f"/task/{task['id']}"
    president.post(f"{path}/assignee", {"userId": "client-handler", "reason": "承办人休假"})
    links = president.get(f"{path}/identity-links")
    assert {"userId": "client-handler", "groupId": None, "type": "assignee"} in links
    assert {"userId": None, "groupId": "court_handler", "type": "candidate"} in links
    president.post(f"{path}/identity-links", {"userId": "handler", "type": "assignee"})
    assert president.get(path)["assignee"] == "handler"
    president.post(f"{path}/identity-links", {"groupId": "x", "type": "candidate"}, status=400)
    president.post(f"{path}/identity-links/delete", {"userId": "handler", "type": "assignee"})
    assert president.get(path)["assignee"] is None


def test_a_task_ends_with_an_error_that_the_diagram_catches(program: Any, house: House) -> None:
    house.deploy("plain", drawn.with_task())
    handler = program("handler")
    started(handler)
    (task,) = house.tasks()
    body = {"errorCode": "too_heavy", "variables": {"weight": {"value": 9}}}
    handler.post(f"/task/{task.id}/bpmnError", body)
    assert house.open() == ["instead"]
    (left,) = house.tasks()
    answer = handler.ask("POST", f"/task/{left.id}/bpmnError", json={"errorCode": "nobody"})
    assert (answer.status_code, answer.json["type"]) == (422, "ProcessEngineException")


def test_a_form_of_ours_is_checked_and_its_faults_are_named(program: Any, house: House) -> None:
    source = process(
        "formed", element("startEvent", "s"),
        user("fill", camunda_formRef="note", camunda_formRefBinding="deployment"),
        user("after"), flows("s -> fill -> after"),
    )  # fmt: skip
    house.deploy("formed", {"formed.bpmn": source, "note.form": json.dumps(FORM).encode()})
    handler = program("handler")
    begun = started(handler, "formed")
    (task,) = handler.get("/task")
    assert task["camundaFormRef"]["key"] == "note"
    path = f"/task/{task['id']}"
    assert handler.get(f"{path}/deployed-form")["id"] == "note"
    assert handler.get(f"{path}/form")["camundaFormRef"]["binding"] == "deployment"
    wrong = handler.ask("POST", f"{path}/complete", json={"variables": {"days": {"value": "x"}}})
    assert (wrong.status_code, wrong.json["type"]) == (400, "FormFieldValidationException")
    assert set(wrong.json["fields"]) == {"reason", "days"}
    right = {"reason": {"value": "已核对", "type": "String"}, "days": {"value": 3}}
    handler.post(f"{path}/complete", {"variables": right})
    assert handler.get(f"/process-instance/{begun['id']}/variables/days")["value"] == 3
    (following,) = handler.get("/task")
    shown = handler.get(f"/task/{following['id']}/form-variables", variableNames="days")
    assert set(shown) == {"days"}


def test_comments_are_sealed_and_reading_them_is_recorded(program: Any, house: House) -> None:
    house.deploy("plain", drawn.with_task())
    handler = program("handler")
    started(handler)
    (task,) = handler.get("/task")
    path = f"/task/{task['id']}/comment"
    made = handler.post(f"{path}/create", {"message": "已电话联系"})
    assert (made["message"], made["userId"]) == ("已电话联系", "client-handler")
    assert handler.get(path) == [made]
    assert handler.get(f"{path}/{made['id']}") == made
    assert handler.ask("GET", f"{path}/nothing").status_code == 404
    assert program("station").ask("GET", path).status_code == 404


def test_what_a_program_started_waits_for_people_in_the_queue(program: Any, house: House) -> None:
    """Also where a person's act opens the next task: a program is nobody's first assignee."""
    source = process("two", element("startEvent", "s"), user("one"), user("two_"),
                     flows("s -> one -> two_"))  # fmt: skip
    house.deploy("two", source)
    started(program("handler"), "two")
    assert [task.assignee for task in house.tasks()] == [None]
    house.complete("one", by="handler")
    assert [task.assignee for task in house.tasks()] == [None]


# instances --------------------------------------------------------------------------------


def test_an_instance_is_listed_suspended_and_cancelled_by_its_supervisor(
    program: Any, house: House
) -> None:
    house.deploy("plain", drawn.with_task())
    handler, president = program("handler"), program("president")
    begun = started(handler, businessKey="K-1")
    path = f"/process-instance/{begun['id']}"
    assert handler.get("/process-instance", businessKey="K-1")[0]["id"] == begun["id"]
    assert president.get(path)["tenantId"] == "豫1321"
    assert program("station").ask("GET", path).status_code == 404
    handler.put(f"{path}/suspended", {"suspended": True}, status=403)
    president.put(f"{path}/suspended", {"suspended": True, "reason": "等待上级答复"})
    assert president.get("/process-instance/count", suspended="true") == {"count": 1}
    president.put(f"{path}/suspended", {"suspended": False})
    president.send("DELETE", f"{path}?reason=误发起")
    assert president.ask("GET", path).status_code == 404
    assert president.get(f"/history{path}")["state"] == "EXTERNALLY_TERMINATED"


def test_what_goes_on_in_an_instance_is_a_tree(program: Any, house: House) -> None:
    house.deploy("plain", drawn.with_task())
    handler = program("handler")
    begun = started(handler)
    tree = handler.get(f"/process-instance/{begun['id']}/activity-instances")
    assert tree["activityType"] == "processDefinition"
    (child,) = tree["childActivityInstances"]
    assert (child["activityId"], child["activityType"]) == ("decide", "userTask")


def test_a_supervisor_sets_variables(program: Any, house: House) -> None:
    instance = house.run(drawn.with_task(), "plain")
    president = program("president")
    path = f"/process-instance/{instance}/variables"
    president.put(f"{path}/n", {"value": 3, "type": "Integer"})
    president.post(path, {"modifications": {"m": {"value": "x"}}, "deletions": ["n"]})
    assert set(president.get(path)) == {"m"}
    president.send("DELETE", f"{path}/m")
    assert president.ask("GET", f"{path}/m").status_code == 404
    program("handler").put(f"{path}/n", {"value": 3}, status=403)


def test_a_file_in_a_variable_is_stored_and_fetched(program: Any, house: House) -> None:
    house.deploy("plain", drawn.with_task())
    everything = program("everything")
    begun = started(everything)
    path = f"/process-instance/{begun['id']}/variables/photo"
    part = (io.BytesIO(b"picture"), "门牌.png")
    upload = everything.ask("POST", f"{path}/data", data={"data": part, "valueType": "File"})
    assert upload.status_code == 204, upload.text
    assert everything.get(path)["type"] == "File"
    assert everything.ask("GET", f"{path}/data").data == b"picture"
    local = f"/execution/{begun['id']}/localVariables/photo/data"
    assert everything.ask("GET", local).data == b"picture"


# events -------------------------------------------------------------------------------------


def test_a_message_a_signal_and_a_job_move_an_instance_on(program: Any, house: House) -> None:
    house.deploy("events", drawn.with_events())
    everything = program("everything")
    begun = started(everything, "events", businessKey="K-1")
    nobody = {"messageName": "answer", "businessKey": "K-2"}
    refused = everything.post("/message", nobody, status=400)
    assert refused["type"] == "MismatchingMessageCorrelationException"
    told = {
        "messageName": "answer", "businessKey": "K-1", "resultEnabled": True,
        "processVariables": {"yes": {"value": True, "type": "Boolean"}},
    }  # fmt: skip
    (result,) = everything.post("/message", told)
    assert result["resultType"] == "Execution"
    assert result["processInstance"]["id"] == begun["id"]
    everything.post("/signal", {"name": "rung"})
    house.tick()
    (job,) = everything.get("/job", processInstanceId=begun["id"])
    assert job["retries"] == 3
    everything.put(f"/job/{job['id']}/duedate", {"duedate": "2026-03-02T20:00:00.000+0800"})
    assert everything.get(f"/job/{job['id']}")["dueDate"] == "2026-03-02T20:00:00.000+0800"
    everything.post(f"/job/{job['id']}/execute")
    assert house.open() == ["after"]
    everything.post(f"/job/{job['id']}/execute", status=409)


def test_several_who_wait_are_told_apart_or_refused(program: Any, house: House) -> None:
    house.deploy("events", drawn.with_events())
    everything = program("everything")
    one = started(everything, "events", variables={"n": {"value": 1}})
    started(everything, "events", variables={"n": {"value": 2}})
    everything.post("/message", {"messageName": "answer"}, status=400)
    keys = {"n": {"value": 1, "type": "Integer"}}
    body = {"messageName": "answer", "correlationKeys": keys, "resultEnabled": True}
    (result,) = everything.post("/message", body)
    assert result["processInstance"]["id"] == one["id"]
    everything.post("/message", {"messageName": "answer", "all": True})
    everything.post("/message", {"messageName": "answer", "all": True}, status=400)


def test_a_message_starts_what_begins_with_it(program: Any, house: House) -> None:
    house.deploy("called", drawn.with_message_start())
    president = program("president")
    (result,) = president.post("/message", {"messageName": "call", "resultEnabled": True})
    assert result["resultType"] == "ProcessDefinition"
    assert house.open() == ["after"]
    program("worker").post("/message", {"messageName": "call"}, status=403)
    program("handler").post("/signal", {"name": "nobody"})
    program("handler").post("/signal", {"name": "nobody", "executionId": "x"}, status=404)


# decisions ------------------------------------------------------------------------------------


def test_decisions_are_listed_read_and_evaluated(program: Any, house: House) -> None:
    house.deploy("rates", {"rates.dmn": drawn.DECISION})
    worker = program("worker")
    (row,) = worker.get("/decision-definition", keyLike="ra%", latestVersion="true")
    assert (row["key"], row["version"], row["name"]) == ("rate", 1, "Rate")
    assert worker.get("/decision-definition/count") == {"count": 1}
    assert worker.get(f"/decision-definition/{row['id']}") == row
    assert "decisionTable" in worker.get("/decision-definition/key/rate/xml")["dmnXml"]
    body = {"variables": {"days": {"value": 9, "type": "Integer"}}}
    for path in (f"/decision-definition/{row['id']}", "/decision-definition/key/rate"):
        (found,) = worker.post(f"{path}/evaluate", body)
        assert found == {"fee": {"type": "Double", "value": 2.5, "valueInfo": {}}}
    assert worker.ask("GET", "/decision-definition/key/none").status_code == 404


# history --------------------------------------------------------------------------------------


def test_history_tells_what_happened_to_whoever_may_know(program: Any, house: House) -> None:
    house.deploy("plain", drawn.with_task())
    handler = program("handler")
    begun = started(handler, variables={"n": {"value": 3}})
    (task,) = handler.get("/task")
    handler.post(f"/task/{task['id']}/complete")
    of = {"processInstanceId": begun["id"]}
    (instance,) = handler.get("/history/process-instance", finished="true", **of)
    assert instance["startUserId"] == "client-handler"
    visits = handler.get("/history/activity-instance", sortBy="activityId", sortOrder="asc", **of)
    assert [one["activityId"] for one in visits] == ["decide", "end", "s"]
    assert handler.get(f"/history/activity-instance/{visits[0]['id']}") == visits[0]
    (done,) = handler.get("/history/task", **of)
    assert (done["taskState"], done["assignee"]) == ("Completed", "client-handler")
    (variable,) = handler.get("/history/variable-instance", **of)
    assert (variable["name"], variable["value"]) == ("n", 3)
    assert handler.get(f"/history/variable-instance/{variable['id']}") == variable
    assert handler.post("/history/variable-instance/count", of) == {"count": 1}
    for kind in ("process-instance", "activity-instance", "task", "variable-instance"):
        assert program("station").get(f"/history/{kind}") == []

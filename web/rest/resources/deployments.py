"""Deployments: what the desktop Modeler's button sends, and what was sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, request

from engine.definition_states import withdraw_deployment
from engine.deployments import deploy
from engine.errors import NotFound, Refusal
from engine.queries.rest import repository
from engine.queries.rest.decisions import Decisions
from engine.queries.rest.listing import Wanted
from engine.queries.rest.repository import DEFINITIONS, DEPLOYMENTS
from web.rest.members import Flag, require_clean
from web.rest.operations import Call, Resource
from web.rest.resources.decisions import DECISION
from web.rest.resources.definitions import DEFINITION
from web.rest.shapes import NO_LINKS, Shape, always, anything, instant, nothing, text
from web.studio.surroundings import groups

resource = Resource("Deployment")
LONGEST_NAME = 120
LONGEST_FILE = 200
_OCTETS = "application/octet-stream"
DEPLOYMENT = Shape(
    "Deployment",
    {
        "id": text("Deployment.id"),
        "name": text("Deployment.name"),
        "source": text("Deployment.note"),
        "deploymentTime": instant("Deployment.deployed_at"),
        **nothing("tenantId"),
    },
)
RESOURCE = Shape(
    "DeploymentResource",
    {"id": text("name"), "name": text("name"), "deploymentId": text("deployment_id")},
)
WITH_DEFINITIONS = Shape(
    "DeploymentWithDefinitions",
    {
        "links": NO_LINKS,
        "id": text("row.id"),
        "name": text("row.name"),
        "source": text("row.note"),
        "deploymentTime": instant("row.deployed_at"),
        "tenantId": always(None),
        "deployedProcessDefinitions": anything("definitions"),
        "deployedDecisionDefinitions": anything("decisions"),
        "deployedDecisionRequirementsDefinitions": always(None),
        "deployedCaseDefinitions": always(None),
    },
)
resource.listing("/deployment", "deployments", DEPLOYMENTS, DEPLOYMENT, posts=False)


@dataclass(frozen=True)
class _Made:
    row: Any
    definitions: dict[str, Any] | None
    decisions: dict[str, Any] | None


@resource.post(
    "/deployment/create",
    multipart=True,
    answer=WITH_DEFINITIONS,
    once=True,
    differs="deployment-name is required; the files are checked as a whole; without "
    "enable-duplicate-filtering the same files still make no new version; deploy-changed-only "
    "adds the unchanged files of the deployment before; deployment-activation-time is refused",
)
def create(call: Call) -> Any:
    """Deploy files: diagrams, decisions, forms, letters."""
    fields = request.form
    name = require_clean(fields.get("deployment-name", "").strip(), "deployment-name")
    if not 0 < len(name) <= LONGEST_NAME:
        raise Refusal("rest.deployment_name", found=len(name), longest=LONGEST_NAME)
    if fields.get("deployment-activation-time"):
        raise Refusal("rest.unknown_parameter", name="deployment-activation-time")
    files = _files()
    if fields.get("deploy-changed-only", "").lower() == "true":
        files = {**_before(call, name), **files}
    source = require_clean(fields.get("deployment-source", "")[:500], "deployment-source")
    made = call.do(deploy, name, files, groups(), source, once=True)
    return _made(call, made.deployment_id, fresh=not made.unchanged)


def _files() -> dict[str, bytes]:
    """Every part with a file name; the Modeler names the part like the file."""
    found = {}
    for part in request.files.values():
        name = require_clean(part.filename or "", "filename").replace("\\", "/").lstrip("/")
        if not 0 < len(name) <= LONGEST_FILE or ".." in name.split("/"):
            raise Refusal("rest.file_name", found=len(name), longest=LONGEST_FILE)
        if name in found:
            raise Refusal("rest.file_twice", file=name)
        found[name] = part.read()
    if not found:
        raise Refusal("rest.no_files")
    return found


def _before(call: Call, name: str) -> dict[str, bytes]:
    newest = repository.newest_of_name(call.engine, name)
    return repository.contents(call.engine, newest) if newest else {}


def _made(call: Call, deployment_id: str, fresh: bool) -> Any:
    row = _row(call, deployment_id).Deployment
    if not fresh:
        return WITH_DEFINITIONS.of(_Made(row, None, None))
    definitions = DEFINITIONS.find(call.engine, call.actor, Wanted({"deploymentId": deployment_id}))
    decisions = [one for one in Decisions(call.engine).all() if one.deployment_id == deployment_id]
    return WITH_DEFINITIONS.of(
        _Made(
            row,
            {one.ProcessDefinition.id: DEFINITION.of(one) for one in definitions} or None,
            {one.id: DECISION.of(one) for one in decisions} or None,
        )
    )


def _row(call: Call, deployment_id: str) -> Any:
    found = DEPLOYMENTS.one(call.engine, call.actor, deployment_id)
    if found is None:
        raise NotFound("deployment.unknown", deployment=deployment_id)
    return found


@resource.get("/deployment/<id>", answer=DEPLOYMENT)
def show(call: Call, id: str) -> Any:
    """One deployment."""
    return DEPLOYMENT.of(_row(call, id))


@resource.delete(
    "/deployment/<id>",
    query={"cascade": Flag()},
    differs="only while no instance has used it, and never in cascade: history is not destroyed",
)
def delete(call: Call, id: str) -> None:
    """Delete a deployment that was never used."""
    if call.query.get("cascade"):
        raise Refusal("rest.no_cascade")
    call.do(withdraw_deployment, id)


@resource.get("/deployment/<id>/resources", answer=RESOURCE, many=True)
def files(call: Call, id: str) -> Any:
    """The files of a deployment."""
    _row(call, id)
    return RESOURCE.list_of(repository.files(call.engine, id))


@resource.get(
    "/deployment/<id>/resources/<path:resourceId>",
    answer=RESOURCE,
    differs="a resource's id is its name",
)
def file(call: Call, id: str, resourceId: str) -> Any:
    """One file of a deployment."""
    return RESOURCE.of(_file(call, id, resourceId))


@resource.get(
    "/deployment/<id>/resources/<path:resourceId>/data",
    answer=bytes,
    differs="a resource's id is its name",
)
def data(call: Call, id: str, resourceId: str) -> Response:
    """The content of a file, byte for byte."""
    found = _file(call, id, resourceId)
    content = repository.content(call.engine, id, found.name)
    return Response(content, mimetype=_OCTETS)


def _file(call: Call, deployment_id: str, name: str) -> repository.FileOfDeployment:
    _row(call, deployment_id)
    for one in repository.files(call.engine, deployment_id):
        if one.name == name:
            return one
    raise NotFound("deployment.no_file", file=name)

"""The six operations on variables, which instances and tasks have alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, request

from engine.attachments import read_file
from engine.errors import NotFound, Refusal
from engine.verbs import Verb
from web.rest.members import Anything, Body, Texts
from web.rest.operations import Call, Resource
from web.rest.typed import FILE, SCHEMA, TypedMap, Upload, read_typed, typed, typed_map

CHANGES = Body("PatchVariables", {"modifications": TypedMap(), "deletions": Texts()})
VALUE = Body(
    "VariableValue",
    {"value": Anything(), "type": Anything(), "valueInfo": Anything()},
    ignored=frozenset(("name", "local")),
)
LONGEST_NAME = 255
Known = Callable[[Call, str], Mapping[str, Any]]


def add(resource: Resource, path: str, known: Known, change: Verb[Any, Any], differs: str) -> None:
    """`path`: of the object, with `<id>`; `known`: its variables, or `NotFound`."""
    one = f"{path}/variables/<varName>"

    @resource.get(f"{path}/variables", answer={"type": "object"})
    def show_all(call: Call, id: str) -> Any:
        """All variables."""
        return typed_map(known(call, id))

    @resource.post(f"{path}/variables", body=CHANGES, differs=differs)
    def change_some(call: Call, id: str) -> None:
        """Set some variables, delete others."""
        values = call.feel(call.body.get("modifications"))
        call.do(change, id, values, call.body.get("deletions", ()))

    @resource.get(one, answer=SCHEMA)
    def show(call: Call, id: str, varName: str) -> Any:
        """One variable."""
        return typed(_one(known(call, id), varName))

    @resource.put(one, body=VALUE, differs=differs)
    def set_one(call: Call, id: str, varName: str) -> None:
        """Set one variable."""
        value = call.feel({_fit(varName): read_typed(varName, dict(call.body))})
        call.do(change, id, value)

    @resource.delete(one, differs=differs)
    def delete(call: Call, id: str, varName: str) -> None:
        """Delete one variable."""
        call.do(change, id, {}, [varName])

    @resource.get(f"{one}/data", answer=bytes, differs="of File variables")
    def content(call: Call, id: str, varName: str) -> Response:
        """The file in a variable."""
        return file_answer(call, _one(known(call, id), varName), varName)

    @resource.post(f"{one}/data", multipart=True, body=VALUE, differs=f"of type File; {differs}")
    def upload(call: Call, id: str, varName: str) -> None:
        """Set a variable to a file."""
        call.do(change, id, call.feel({_fit(varName): _upload()}))


def _fit(name: str) -> str:
    if len(name) > LONGEST_NAME:
        raise Refusal("rest.value", name="varName", expected=f"≤ {LONGEST_NAME}", found=len(name))
    return name


def _one(known: Mapping[str, Any], name: str) -> Any:
    if name not in known:
        raise NotFound("rest.no_variable", name=name[:80])
    return known[name]


def file_answer(call: Call, value: Any, name: str) -> Response:
    """The content of a File variable; reading it is recorded."""
    if not (isinstance(value, dict) and set(value) == {FILE}):
        raise Refusal("rest.no_file", name=name[:80])
    found = call.do(read_file, str(value[FILE]))
    answer = Response(found.content, mimetype=found.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=found.filename)
    return answer


def _upload() -> Upload:
    part = request.files.get("data")
    if part is None:
        raise Refusal("rest.no_files")
    media_type = part.mimetype[:80] or "application/octet-stream"
    return Upload((part.filename or "data")[:255], media_type, part.read())

"""The OpenAPI 3.1 document, made of the operations themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from web.rest.members import Member
from web.rest.operations import Operation
from web.rest.resources import OPERATIONS
from web.rest.resources.version import DIALECT
from web.rest.shapes import Shape
from web.rest.typed import SCHEMA

Schema = dict[str, Any]
_VARIABLE = re.compile(r"<(?:path:)?([^>]+)>")
ERROR: Schema = {
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "message": {"type": "string"},
        "code": {"type": "integer"},
        "reason": {"type": "string"},
    },
    "required": ["type", "message", "code"],
}


@cache
def openapi() -> Schema:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Liandong 执行联动 · Camunda 7 REST dialect",
            "version": DIALECT,
            "description": "What differs from the original is said at each operation; "
            "what is absent answers 501. See docs/rest.md.",
        },
        "servers": [{"url": "/engine-rest"}],
        "security": [{"basic": []}, {"bearer": []}],
        "paths": _paths(),
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {
                "basic": {"type": "http", "scheme": "basic"},
                "bearer": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def chapters() -> Mapping[str, list[tuple[str, str, Schema]]]:
    """(method, path, description) of the operations by tag, for the page."""
    found: dict[str, list[tuple[str, str, Schema]]] = {}
    for path, methods in openapi()["paths"].items():
        for method, described in methods.items():
            found.setdefault(described["tags"][0], []).append((method.upper(), path, described))
    return found


def _paths() -> Schema:
    paths: dict[str, Schema] = {}
    for operation in OPERATIONS:
        path = _VARIABLE.sub(r"{\1}", operation.path)
        paths.setdefault(path, {})[operation.method.lower()] = _described(operation, path)
    return paths


def _described(operation: Operation, path: str) -> Schema:
    found: Schema = {
        "tags": [operation.tag],
        "summary": operation.summary,
        "operationId": f"{operation.method.lower()} {path}",
        "parameters": _parameters(operation),
        "responses": _responses(operation),
    }
    if operation.differs:
        found["description"] = f"Differs from the original: {operation.differs}."
    content = _content(operation)
    if content:
        required = bool(operation.body and operation.body.schema().get("required"))
        found["requestBody"] = {"content": content, "required": required or operation.multipart}
    return found


def _content(operation: Operation) -> Schema:
    if operation.multipart:
        file = {"type": "string", "format": "binary"}
        form = {"type": "object", "properties": {"data": file}, "additionalProperties": True}
        return {"multipart/form-data": {"schema": form}}
    if operation.body is None:
        return {}
    return {"application/json": {"schema": operation.body.schema()}}


def _parameters(operation: Operation) -> list[Schema]:
    found: list[Schema] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _VARIABLE.findall(operation.path)
    ]
    found += [_in_query(name, member) for name, member in operation.query.items()]
    if operation.once:
        schema = {"type": "string", "maxLength": 80, "minLength": 1}
        found.append({"name": "Idempotency-Key", "in": "header", "schema": schema})
    return found


def _in_query(name: str, member: Member) -> Schema:
    schema = member.schema()
    listed = {"style": "form", "explode": False} if schema.get("type") == "array" else {}
    return {"name": name, "in": "query", "schema": schema, **listed}


def _responses(operation: Operation) -> Schema:
    failed = {"application/json": {"schema": {"$ref": "#/components/schemas/Exception"}}}
    found: Schema = {"default": {"description": "Refused", "content": failed}}
    answer = operation.answer
    if answer is None or operation.path.endswith(("/complete", "/submit-form", "/errorDetails")):
        found["204"] = {"description": "Done"}
    if answer is bytes:
        found["200"] = {"description": "The file", "content": {"*/*": {"schema": {}}}}
    elif answer is not None:
        schema = answer.reference() if isinstance(answer, Shape) else answer
        whole = {"type": "array", "items": schema} if operation.many else schema
        if operation.path == "/message":
            found["204"] = {"description": "Done"}
        found["200"] = {"description": "OK", "content": {"application/json": {"schema": whole}}}
    return found


def _schemas() -> Schema:
    shapes = {one.answer.name: one.answer for one in OPERATIONS if isinstance(one.answer, Shape)}
    found = {name: shape.schema() for name, shape in sorted(shapes.items())}
    return {"Exception": ERROR, "VariableValue": SCHEMA, **found, **_nested()}


def _nested() -> Schema:
    from web.rest.resources.definitions import INCIDENTS

    return {INCIDENTS.name: INCIDENTS.schema()}

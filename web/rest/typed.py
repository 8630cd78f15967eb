"""The dialect's typed variables, `{"value", "type", "valueInfo"}`, to FEEL values and back.

    String · Integer, Short, Long, Double (exact decimals) · Boolean · Date (date and time) · Null ·
    Json (contexts, lists) · File (an uploaded file; the variable holds its id)

FEEL knows more kinds than the dialect: a date, a time, a duration travels as String whose
`valueInfo.feelType` names the kind, and comes back as what it was. Object is refused: it would
make the server build objects of the sender's choosing.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson

from engine.errors import Refusal
from engine.feel import DateTime, decode, encode, from_python, to_python
from engine.feel.numbers import CONTEXT, number, plain
from engine.timing.zone import local
from web.rest.members import Member, Schema, parsed_instant, refuse

FILE = "attachment_id"
"""A context of this one entry is an uploaded file."""
_FEEL_KINDS = {"date": "d", "time": "t", "dayTimeDuration": "dtd", "yearMonthDuration": "ymd"}
_KIND_NAMES = {tag: name for name, tag in _FEEL_KINDS.items()}
_BOUNDS = {"short": 2**15, "integer": 2**31, "long": 2**63}
SCHEMA: Schema = {
    "type": "object",
    "properties": {
        "value": {},
        "type": {"type": ["string", "null"]},
        "valueInfo": {"type": ["object", "null"]},
    },
}


@dataclass(frozen=True, slots=True)
class Upload:
    """A File that came with a variable and is not stored yet."""

    filename: str
    media_type: str
    content: bytes


def read_typed(name: str, found: Any) -> Any:
    """The FEEL value of one typed variable, or an `Upload`. Raises `Refusal` rest.variable …"""
    if not isinstance(found, Mapping):
        raise refuse(name, '{"value": …, "type": …}', found)
    kind, value, info = found.get("type"), found.get("value"), found.get("valueInfo")
    if info is not None and not isinstance(info, Mapping):
        raise refuse(f"{name}.valueInfo", "{…}", info)
    if kind is None:
        return _adopted(name, value)
    reader = _READERS.get(kind.lower()) if isinstance(kind, str) else None
    if reader is None:
        raise Refusal("rest.variable_type", name=name, found=str(kind)[:40])
    return None if value is None else reader(name, value, info or {})


def _adopted(name: str, value: Any) -> Any:
    try:
        return from_python(value)
    except (ArithmeticError, RecursionError):
        raise refuse(name, "FEEL number", value) from None


def _string(name: str, value: Any, info: Mapping[str, Any]) -> Any:
    if not isinstance(value, str):
        raise refuse(name, "String", value)
    tag = _FEEL_KINDS.get(str(info.get("feelType")))
    if tag is None:
        return value
    try:
        return decode({tag: value})
    except Refusal:
        raise refuse(name, str(info["feelType"]), value) from None


def _whole(kind: str) -> Callable[[str, Any, Mapping[str, Any]], Any]:
    bound = _BOUNDS[kind]

    def read(name: str, value: Any, info: Mapping[str, Any]) -> Any:
        found = _double(name, value, info)
        if found != found.to_integral_value() or not -bound <= found < bound:
            raise refuse(name, kind.capitalize(), value)
        return found.to_integral_value()

    return read


def _double(name: str, value: Any, _: Mapping[str, Any]) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise refuse(name, "Double", value)
    try:
        found = CONTEXT.create_decimal(value)
    except ArithmeticError:
        raise refuse(name, "Double", value) from None
    if not found.is_finite():
        raise refuse(name, "Double", value)
    return found


def _boolean(name: str, value: Any, _: Mapping[str, Any]) -> bool:
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if not isinstance(value, bool):
        raise refuse(name, "Boolean", value)
    return value


def _date(name: str, value: Any, _: Mapping[str, Any]) -> Any:
    instant = parsed_instant(value) if isinstance(value, str) else None
    if instant is None:
        raise refuse(name, "yyyy-MM-ddTHH:mm:ss.SSSZ", value)
    try:
        return from_python(local(instant))
    except OverflowError:
        raise refuse(name, "yyyy-MM-ddTHH:mm:ss.SSSZ", value) from None


def _json(name: str, value: Any, _: Mapping[str, Any]) -> Any:
    if not isinstance(value, str):
        return _adopted(name, value)
    try:
        return _adopted(name, json.loads(value, parse_float=number, parse_constant=_no_constant))
    except (ValueError, ArithmeticError, RecursionError):
        raise refuse(name, "JSON", value) from None


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _null(name: str, value: Any, _: Mapping[str, Any]) -> None:
    raise refuse(name, "null", value)


def _file(name: str, value: Any, info: Mapping[str, Any]) -> Upload:
    filename = info.get("filename") or info.get("fileName") or name
    media_type = info.get("mimetype") or info.get("mimeType") or "application/octet-stream"
    if not isinstance(value, str) or not isinstance(filename, str) or len(filename) > 255:
        raise refuse(name, "File: base64, valueInfo.filename", value)
    if not isinstance(media_type, str) or len(media_type) > 80:
        raise refuse(name, "File: valueInfo.mimeType", media_type)
    try:
        return Upload(filename, media_type, base64.b64decode(value, validate=True))
    except (binascii.Error, ValueError):
        raise refuse(name, "File: base64", "…") from None


_READERS: dict[str, Callable[[str, Any, Mapping[str, Any]], Any]] = {
    "string": _string,
    "short": _whole("short"),
    "integer": _whole("integer"),
    "long": _whole("long"),
    "double": _double,
    "boolean": _boolean,
    "date": _date,
    "json": _json,
    "null": _null,
    "file": _file,
}


@dataclass(frozen=True)
class Typed(Member):
    """One typed variable."""

    def schema(self) -> Schema:
        return {"$ref": "#/components/schemas/VariableValue"}

    def read(self, name: str, found: Any) -> Any:
        return read_typed(name, found)


@dataclass(frozen=True)
class TypedMap(Member):
    """Typed variables by name."""

    longest: int = 255

    def schema(self) -> Schema:
        return {"type": "object", "additionalProperties": Typed().schema()}

    def read(self, name: str, found: Any) -> dict[str, Any]:
        if not isinstance(found, Mapping):
            raise refuse(name, "{name: {value, type}}", found)
        for key in found:
            if not 0 < len(key) <= self.longest:
                raise refuse(name, f"1 … {self.longest}", key)
        return {key: read_typed(key, value) for key, value in found.items()}


# outwards -----------------------------------------------------------------------------


def typed(value: Any) -> dict[str, Any]:
    """`{"value", "type", "valueInfo"}` of a FEEL value."""
    kind, shown, info = _typed(value)
    return {"type": kind, "value": shown, "valueInfo": info}


def typed_map(values: Mapping[str, Any]) -> dict[str, Any]:
    """Variables by name."""
    return {name: typed(value) for name, value in values.items()}


def _typed(value: Any) -> tuple[str, Any, dict[str, Any]]:
    if value is None:
        return "Null", None, {}
    if isinstance(value, bool):
        return "Boolean", value, {}
    if isinstance(value, str):
        return "String", value, {}
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, dict) and set(value) == {FILE}:
        return "File", None, {"attachmentId": value[FILE]}
    if isinstance(value, dict | list):
        return "Json", json_text(value), {}
    if isinstance(value, DateTime):
        return _instant(value)
    tag = next(iter(encode(value)))
    return "String", str(value), {"feelType": _KIND_NAMES[tag]} if tag in _KIND_NAMES else {}


def _number(value: Decimal) -> tuple[str, Any, dict[str, Any]]:
    if value != value.to_integral_value():
        return "Double", value, {}
    for kind in ("integer", "long"):
        if -_BOUNDS[kind] <= value < _BOUNDS[kind]:
            return kind.capitalize(), int(value), {}
    return "Double", value, {}


def _instant(value: DateTime) -> tuple[str, Any, dict[str, Any]]:
    try:
        return "Date", instant_text(to_python(value)), {}
    except (Refusal, OverflowError):
        return "String", str(value), {}


def instant_text(instant: datetime | None) -> str | None:
    """`2026-11-20T10:32:00.000+0800`."""
    if instant is None:
        return None
    here = local(instant)
    return f"{here:%Y-%m-%dT%H:%M:%S}.{here.microsecond // 1000:03d}{here:%z}"


def plain_json(value: Any) -> Any:
    """A FEEL value for a form: text, numbers, lists; what JSON has no kind for as its text."""
    if isinstance(value, DateTime):
        return instant_text(to_python(value))
    if isinstance(value, dict):
        return value[FILE] if set(value) == {FILE} else {k: plain_json(v) for k, v in value.items()}
    if isinstance(value, list):
        return [plain_json(one) for one in value]
    return value if value is None or isinstance(value, bool | str | Decimal) else str(value)


def json_text(value: Any) -> str:
    """Contexts and lists as JSON text, numbers exact."""
    return orjson.dumps(value, default=as_json).decode()


def as_json(value: Any) -> Any:
    """What orjson does not know: exact numbers, FEEL's other kinds as their text."""
    if isinstance(value, Decimal):
        return orjson.Fragment(plain(value) if abs(value.adjusted()) < 40 else str(value))
    if isinstance(value, DateTime):
        return _instant(value)[1]
    return str(value)

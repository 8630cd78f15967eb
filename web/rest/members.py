"""Kinds of values in a query or a body: how each is read, and its JSON Schema."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from engine.errors import Refusal
from engine.feel.numbers import number

Schema = dict[str, Any]
LARGEST = 2**31 - 1
LONGEST = 4_000
"""Characters of a value that is looked for; texts to be kept may be longer."""
_OFFSET = re.compile(r"([+-][0-9]{2})([0-9]{2})$")


def refuse(name: str, expected: str, found: Any) -> Refusal:
    """The sentence names the parameter, what it takes and what kind of thing came.

    The value itself is not repeated: it may be personal data, and errors reach logs.
    """
    shown = f"string({len(found)})" if isinstance(found, str) else _JSON_KIND.get(type(found), "?")
    return Refusal("rest.value", name=name[:80], expected=expected, found=shown)


_JSON_KIND = {
    bool: "boolean", int: "integer", Decimal: "number", list: "array", dict: "object",
    type(None): "null",
}  # fmt: skip


def require_clean(text: str, name: str) -> str:
    """Text that every database takes: no NUL, no half of a surrogate pair."""
    if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise Refusal("rest.text", name=name)
    return text


@dataclass(frozen=True)
class Member:
    """One kind of value. `required`: a body without it is refused."""

    required: bool = False

    def schema(self) -> Schema:
        raise NotImplementedError

    def read(self, name: str, found: Any) -> Any:
        """The value of what came. Raises `Refusal` rest.value."""
        raise NotImplementedError

    def of_text(self, name: str, text: str) -> Any:
        """The same from the query of an address."""
        return self.read(name, text)


@dataclass(frozen=True)
class Text(Member):
    longest: int = LONGEST
    choice: tuple[str, ...] = ()

    def schema(self) -> Schema:
        return {"type": "string", "enum": list(self.choice)} if self.choice else {
            "type": "string", "maxLength": self.longest
        }  # fmt: skip

    def read(self, name: str, found: Any) -> str:
        if not isinstance(found, str) or len(found) > self.longest:
            raise refuse(name, f"string, ≤ {self.longest}", found)
        if self.choice and found not in self.choice:
            raise refuse(name, " | ".join(self.choice), found)
        return found


@dataclass(frozen=True)
class Number(Member):
    least: int = -LARGEST
    most: int = LARGEST

    def schema(self) -> Schema:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}

    def read(self, name: str, found: Any) -> int:
        if isinstance(found, bool) or not isinstance(found, int):
            raise refuse(name, f"{self.least} … {self.most}", found)
        if not self.least <= found <= self.most:
            raise refuse(name, f"{self.least} … {self.most}", found)
        return found

    def of_text(self, name: str, text: str) -> int:
        if not re.fullmatch(r"-?[0-9]{1,10}", text):
            raise refuse(name, f"{self.least} … {self.most}", text)
        return self.read(name, int(text))


@dataclass(frozen=True)
class Flag(Member):
    def schema(self) -> Schema:
        return {"type": "boolean"}

    def read(self, name: str, found: Any) -> bool:
        if not isinstance(found, bool):
            raise refuse(name, "true | false", found)
        return found

    def of_text(self, name: str, text: str) -> bool:
        if text.lower() not in ("true", "false"):
            raise refuse(name, "true | false", text)
        return text.lower() == "true"


@dataclass(frozen=True)
class Instant(Member):
    """`2026-11-20T10:32:00.000+0800`, and what else ISO 8601 allows with an offset."""

    def schema(self) -> Schema:
        return {"type": "string", "example": "2026-11-20T10:32:00.000+0800"}

    def read(self, name: str, found: Any) -> datetime:
        instant = parsed_instant(found) if isinstance(found, str) else None
        if instant is None:
            raise refuse(name, "yyyy-MM-ddTHH:mm:ss.SSSZ", found)
        return instant

    def of_text(self, name: str, text: str) -> datetime:
        # A plus sign that was not written as %2B arrives as a blank.
        return self.read(name, text.replace(" ", "+"))


def parsed_instant(text: str) -> datetime | None:
    """An aware instant in UTC, None for anything else."""
    try:
        found = datetime.fromisoformat(_OFFSET.sub(r"\1:\2", text.strip()))
        return found.astimezone(UTC) if found.tzinfo and len(text) > 10 else None
    except (ValueError, OverflowError):
        return None


@dataclass(frozen=True)
class Texts(Member):
    """A list; in an address its values are joined by commas."""

    most: int = 1_000

    def schema(self) -> Schema:
        return {"type": "array", "items": {"type": "string"}, "maxItems": self.most}

    def read(self, name: str, found: Any) -> list[str]:
        if not isinstance(found, list) or len(found) > self.most:
            raise refuse(name, "[string, …]", found)
        return [Text().read(name, one) for one in found]

    def of_text(self, name: str, text: str) -> list[str]:
        return self.read(name, [part for part in text.split(",") if part])


@dataclass(frozen=True)
class Anything(Member):
    """Whatever JSON holds; what it means is judged later."""

    like: Schema = field(default_factory=dict)

    def schema(self) -> Schema:
        return self.like

    def read(self, name: str, found: Any) -> Any:
        return found


@dataclass(frozen=True)
class Objects(Member):
    """A list of objects of one shape."""

    shape: Body | None = None
    most: int = 100

    def schema(self) -> Schema:
        assert self.shape is not None
        return {"type": "array", "items": self.shape.schema(), "maxItems": self.most}

    def read(self, name: str, found: Any) -> list[dict[str, Any]]:
        assert self.shape is not None
        if not isinstance(found, list) or len(found) > self.most:
            raise refuse(name, "[{…}, …]", found)
        return [self.shape.read(one, f"{name}.") for one in found]


@dataclass(frozen=True)
class Body:
    """An object: its members by name. What it does not know is refused unless it says nothing."""

    name: str
    members: Mapping[str, Member]
    ignored: frozenset[str] = frozenset()
    """Members of the original that change nothing here."""

    def schema(self) -> Schema:
        required = [name for name, member in self.members.items() if member.required]
        found: Schema = {
            "type": "object",
            "properties": {name: member.schema() for name, member in self.members.items()},
        }
        return {**found, "required": required} if required else found

    def read(self, found: Any, prefix: str = "") -> dict[str, Any]:
        """The members that were given; null counts as not given."""
        if not isinstance(found, Mapping):
            raise refuse(prefix or "body", "{…}", found)
        for name, value in found.items():
            if name not in self.members and name not in self.ignored and says_something(value):
                raise Refusal("rest.unknown_member", name=f"{prefix}{name}"[:80])
        values = {
            name: member.read(f"{prefix}{name}", found[name])
            for name, member in self.members.items()
            if found.get(name) is not None
        }
        for name, member in self.members.items():
            if member.required and name not in values:
                raise Refusal("rest.missing", name=f"{prefix}{name}")
        return values


def says_something(value: Any) -> bool:
    """Whether leaving the parameter out would mean something else."""
    return value not in (None, False, "", [], {}, "false")


def parse(raw: bytes) -> Any:
    """JSON with exact numbers. Raises `Refusal` rest.json."""
    try:
        text = raw.decode("utf-8-sig")
        found = json.loads(text, parse_float=number, parse_constant=_no_constant)
    except (ValueError, ArithmeticError, RecursionError) as problem:
        raise Refusal("rest.json", line=getattr(problem, "lineno", None)) from None
    _require_clean_deeply(found)
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _require_clean_deeply(found: Any) -> None:
    stack = [found]
    while stack:
        one = stack.pop()
        if isinstance(one, str):
            require_clean(one, "body")
        elif isinstance(one, dict):
            stack += [*one.keys(), *one.values()]
        elif isinstance(one, list):
            stack += one

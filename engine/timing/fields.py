"""Typed access to a row of norm data: every refusal names file, row, field, expected and found."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from engine.errors import Refusal
from engine.timing.yaml_text import shown


@dataclass(frozen=True, slots=True)
class Fields:
    """One row. `row` is its id as it is shown to people."""

    file: str
    row: str
    data: Mapping[str, Any]

    def refuse(self, field: str, expected: str, found: Any) -> Refusal:
        return Refusal(
            "norm.field",
            file=self.file, row=self.row, field=field, expected=expected, found=shown(found),
        )  # fmt: skip

    def only(self, *known: str) -> Fields:
        """Refuse a field that is not one of `known`: a misspelt field would be lost in silence."""
        for field in self.data:
            if field not in known:
                raise self.refuse(str(field), " | ".join(known), field)
        return self

    def text(self, field: str) -> str:
        found = self.data.get(field)
        if not isinstance(found, str) or not found.strip():
            raise self.refuse(field, "text", found)
        return found

    def text_or_none(self, field: str) -> str | None:
        return None if self.data.get(field) is None else self.text(field)

    def one_of(self, field: str, known: Collection[str]) -> str:
        found = self.text(field)
        if found not in known:
            raise self.refuse(field, " | ".join(sorted(known)), found)
        return found

    def one_of_or_none(self, field: str, known: Collection[str]) -> str | None:
        return None if self.data.get(field) is None else self.one_of(field, known)

    def whole(self, field: str, most: int) -> int:
        found = self.data.get(field)
        if isinstance(found, bool) or not isinstance(found, int) or not 0 < found <= most:
            raise self.refuse(field, f"1–{most}", found)
        return found

    def whole_or_none(self, field: str, most: int) -> int | None:
        return None if self.data.get(field) is None else self.whole(field, most)

    def flag(self, field: str) -> bool:
        found = self.data.get(field, False)
        if not isinstance(found, bool):
            raise self.refuse(field, "true | false", found)
        return found

    def day_or_none(self, field: str) -> date | None:
        if self.data.get(field) is None:
            return None
        try:
            return date.fromisoformat(self.text(field))
        except ValueError:
            raise self.refuse(field, "2026-11-20", self.data[field]) from None

    def time_of_day(self, field: str) -> time:
        try:
            return time.fromisoformat(self.text(field))
        except ValueError:
            raise self.refuse(field, '"09:00"', self.data.get(field)) from None

    def names(self, field: str, known: Collection[str] | None = None) -> tuple[str, ...]:
        """A list of words; an absent list is empty."""
        found = self.data.get(field, [])
        if not isinstance(found, list) or not all(isinstance(name, str) for name in found):
            raise self.refuse(field, "[…]", found)
        for name in found if known is not None else ():
            if name not in (known or ()):
                raise self.refuse(field, "an id that exists", name)
        return tuple(found)

    def part(self, field: str) -> Fields:
        """A nested mapping."""
        found = self.data.get(field)
        if not isinstance(found, Mapping):
            raise self.refuse(field, "{…}", found)
        return Fields(self.file, f"{self.row}.{field}", found)

    def part_or_none(self, field: str) -> Fields | None:
        return None if self.data.get(field) is None else self.part(field)

    def parts(self, field: str) -> Iterator[Fields]:
        """A list of nested mappings; an absent list is empty."""
        found = self.data.get(field, [])
        if not isinstance(found, list):
            raise self.refuse(field, "[…]", found)
        for number, part in enumerate(found, 1):
            if not isinstance(part, Mapping):
                raise self.refuse(f"{field}[{number}]", "{…}", part)
            yield Fields(self.file, f"{self.row}.{field}[{number}]", part)


def rows(file: str, data: Any, section: str) -> Iterator[Fields]:
    """The rows of a section, each with an id of its own.

    Raises Refusal `norm.section` where the section is missing, `norm.duplicate` for a repeated id.
    """
    found = data.get(section) if isinstance(data, Mapping) else None
    if not isinstance(found, list):
        raise Refusal("norm.section", file=file, expected=section)
    seen: set[str] = set()
    for number, row in enumerate(found, 1):
        if not isinstance(row, Mapping):
            raise Fields(file, f"{section}[{number}]", {}).refuse("id", "{id: …}", row)
        id_ = Fields(file, f"{section}[{number}]", row).text("id")
        if id_ in seen:
            raise Refusal("norm.duplicate", file=file, row=id_)
        seen.add(id_)
        yield Fields(file, id_, row)


def named(file: str, data: Any, section: str) -> Iterator[Fields]:
    """The entries of a section that is a mapping by name."""
    found = data.get(section) if isinstance(data, Mapping) else None
    if not isinstance(found, Mapping):
        raise Refusal("norm.section", file=file, expected=section)
    for name, row in found.items():
        if not isinstance(row, Mapping):
            raise Fields(file, str(name), {}).refuse(section, "{…}", row)
        yield Fields(file, str(name), row)

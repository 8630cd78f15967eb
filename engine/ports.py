"""What the engine asks of its surroundings; `app.py` hands it in.

The engine gives values to the forms and takes clean values back. It knows nothing of HTML.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol


@dataclass(frozen=True, slots=True)
class Complaint:
    """Something in a file that keeps it from being deployed, or that its author should know.

    `line` counts from 1; `code` names the sentence, `params` fill it (expected, found, …).
    """

    severity: Literal["error", "warning"]
    file: str
    code: str
    line: int | None = None
    element_id: str | None = None
    element_name: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FieldError:
    """Why one value was not accepted.

    `path` leads to it through sections and rows, joined by points: `applicants.0.name`; it is
    empty where the whole form is meant. `params` hold the field's label and limits, and of what
    was entered no more than its length or kind: errors reach logs.
    """

    path: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Validated:
    """The accepted values of a form.

    `values`: as entered and normalised, nested by sections and rows; JSON (dates and decimals
    are strings): what a submission stores.
    `case_file`: the same values by case-file key (`FG-PERSON.name`, `<form id>.<field>`), as FEEL
    values (date, aware datetime, Decimal, str, bool, list, dict): what the case file folds in.
    `routing`: the values that become variables of the process, by variable name.
    `index`: (search field, normalised value) pairs, to be stored as HMAC terms.
    `files`: attachment ids, each of which must belong to the submitter's request.
    `happened_at`: 发生时间 where the form asks for it, aware.
    `warnings`: what is accepted but looks wrong; the officer has seen them.
    """

    values: dict[str, Any]
    case_file: dict[str, Any] = field(default_factory=dict)
    routing: dict[str, Any] = field(default_factory=dict)
    index: list[tuple[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    happened_at: datetime | None = None
    warnings: list[FieldError] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Bearing:
    """A part of a deployment that says which clauses it carries out (`legal.clause`)."""

    kind: Literal["element", "field", "decision", "letter"]
    id: str
    """Of an element or decision; a field's name: `reason`, `FG-CASE.case_no`; a letter's key."""
    name: str
    clauses: tuple[str, ...]
    file: str = ""
    line: int | None = None


class FormPort(Protocol):
    """Forms as the engine sees them. `schema` and `groups` are .form files, byte for byte."""

    def check(self, name: str, schema: bytes, groups: Mapping[str, bytes]) -> list[Complaint]:
        """Everything wrong with the file `name`; `groups` by file name or by group id."""
        ...

    def expand(self, schema: bytes, groups: Mapping[str, bytes]) -> dict[str, Any]:
        """The executable form, its included groups written out: what a deployment stores.

        Raises Refusal("form.broken", complaints=[…]).
        """
        ...

    def validate(
        self,
        form: dict[str, Any],
        values: Mapping[str, Any],
        scope: Mapping[str, Any],
        *,
        now: datetime,
    ) -> Validated:
        """Clean `values`, typed JSON or strings as a page sends them.

        `form` is an expanded form; `scope` holds the names that conditions may use beside the
        form's own fields: variables, case-file values by field key, lists of options.
        Raises Refusal("form.invalid", errors=[FieldError, …]).
        """
        ...

    def variables(self, form: Mapping[str, Any]) -> frozenset[str]:
        """The process variables that completing the expanded form sets."""
        ...

    def bearings(self, form: Mapping[str, Any]) -> list[Bearing]:
        """The fields of the expanded form that carry out clauses; without file and line."""
        ...

    def lists(self, form: Mapping[str, Any]) -> frozenset[str]:
        """The lists of options (`valuesKey`) that the expanded form needs in its scope."""
        ...

    def normal(self, validators: Iterable[str], value: str, *, now: datetime) -> str:
        """The value as the first of the validators (`V-…`) that accepts it keeps it.

        Raises Refusal with the code of the first one's problem.
        """
        ...

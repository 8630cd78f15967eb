"""What a letter may say: the names its `${…}` find, and the functions they may call.

From the case file every group and form is a context of its own: `FG-PERSON.name` is `person.name`,
`FG-HANDOVER-PERSON.handover_at` is `handover_person.handover_at`, a form's own field keeps the
form's id (`apprehension_found.place`). Process variables stand beside them by their names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from engine import case_files
from engine.feel import Function, from_python, to_python
from engine.letters import words
from engine.store.models import Agency, ProcessInstance
from engine.store.models import Unit as AgencyUnit
from engine.store.unit_of_work import Unit
from engine.timing.norms import Norms
from engine.timing.zone import local

DRAFTED_FOR = "document_draft.addressee_agency"
"""Case-file key under which whoever drafts a document names its addressee (主送单位)."""
CITED_AS_OF = {"2017": date(2021, 12, 31), "2021": date(2023, 12, 31)}
"""A day on which that text of the 民事诉讼法 was in force; any other: the day of issue (AMB-08)."""


def facts(
    unit: Unit,
    instance: ProcessInstance,
    variables: Mapping[str, Any],
    known: Mapping[str, Any],
) -> dict[str, Any]:
    """Names for a letter of `instance` that is dated today. `known`: the case file.

    What a request about another one (a lift, an extension) does not know itself is taken from the
    case file of the request that it names.
    """
    known = {**_of_named_requests(unit, instance, variables, known), **known}
    today = local(unit.now).date()
    norms = unit.engine.statutes.version(unit.session, instance.norms_version)
    cited_on = CITED_AS_OF.get(str(variables.get("citation_set")), today)
    return {
        **variables,
        **contexts(known),
        **_sides(unit, instance, known),
        **_calls(norms, instance.profile, cited_on),
        "unit_name": Function("unit_name", ("id",), lambda id: _unit_name(unit, id)),
        "issued_on": from_python(today),
        "year": str(today.year),
        "request_no": instance.business_key,
        "profile": instance.profile,
        "id_word": _id_word(known),
    }


def contexts(known: Mapping[str, Any]) -> dict[str, Any]:
    """The case file by group and form: `FG-PERSON.name` → `person: {name: …}`."""
    found: dict[str, dict[str, Any]] = {}
    for key, value in known.items():
        group, _, field = key.rpartition(".")
        name = group.removeprefix("FG-").replace("-", "_")
        known_value = None if value in ("", []) else value
        found.setdefault(name.lower() if group.startswith("FG-") else name, {})[field] = known_value
    return dict(found)


def _of_named_requests(
    unit: Unit,
    instance: ProcessInstance,
    variables: Mapping[str, Any],
    known: Mapping[str, Any],
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for number in _named_requests(variables, known):
        other = case_files.read(unit, instance.agency_id, number)
        found = {**case_files.chosen(other, _groups(other)), **found}
    return found


def _named_requests(variables: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[str]:
    """Numbers in `origin_request`, `target_request` and the rows of a field `targets`."""
    for name in ("target_request", "origin_request"):
        if isinstance(variables.get(name), str):
            yield variables[name]
    for key, rows in known.items():
        if key.endswith(".targets") and isinstance(rows, list):
            yield from (row["request_no"] for row in rows if row.get("request_no"))


def _groups(known: Mapping[str, Any]) -> set[str]:
    return {key.rpartition(".")[0] for key in known if key.startswith("FG-")}


def _sides(unit: Unit, instance: ProcessInstance, known: Mapping[str, Any]) -> dict[str, Any]:
    """`agency` and `unit` that write, `other` side, `court` and `police` of the request, `code`."""
    agencies = _agencies(unit, {instance.agency_id, *instance.parties.values()})
    own = agencies[instance.agency_id]
    by_kind = {kind: agencies.get(id) for kind, id in instance.parties.items()}
    other = next((a for kind, a in by_kind.items() if a is not None and a is not own), None)
    drafted_for = known.get(DRAFTED_FOR) or (other.name if other else None)
    addressee = agencies.get(str(drafted_for))
    return {
        "agency": own.name,
        "unit": _unit_name(unit, instance.unit_id),
        "other": other.name if other else None,
        "addressee": addressee.name if addressee else drafted_for,
        "code": own.settings.get("document_code") or own.id,
        **{f"{kind}_name": agency.name for kind, agency in by_kind.items() if agency},
    }


def _unit_name(unit: Unit, id: Any) -> str | None:
    office = unit.session.get(AgencyUnit, str(id or ""))
    return office.name if office else None


def _agencies(unit: Unit, ids: set[str]) -> dict[str, Agency]:
    found = unit.session.scalars(select(Agency).where(Agency.id.in_(ids)))
    return {agency.id: agency for agency in found}


def _id_word(known: Mapping[str, Any]) -> str:
    kind = known.get("FG-PERSON.doc_type")
    return "身份证号码" if kind in (None, "", "居民身份证") else f"{kind}号码"


def _calls(norms: Norms, profile: str, cited_on: date) -> dict[str, Any]:
    def cite(id_: Any) -> str | None:
        return norms.cite(str(id_), cited_on).full if id_ else None

    def due(timer: Any, start: Any) -> Any:
        begins = to_python(start)
        period = norms.due(str(timer), profile, begins) if begins is not None else None
        return from_python(period.due) if period is not None and period.due else None

    return {
        "cite": Function("cite", ("id",), cite),
        "due": Function("due", ("timer", "from"), due),
        "in_words": Function("in_words", ("day",), _in_words),
        "written": Function("written", ("value",), lambda value: words.written(to_python(value))),
    }


def _in_words(day: Any) -> str | None:
    found = to_python(day)
    return words.in_words(found) if isinstance(found, date) else None

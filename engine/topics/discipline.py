"""`discipline.…`: 失信名单 of the agency: enter, take off, compare, use (procedures B19, B20)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from engine import attachments, case_files, discipline, list_file
from engine.bpmn.faults import Fault
from engine.bpmn.model import Node
from engine.discipline import Listed
from engine.errors import LiandongError
from engine.feel import from_python, to_python
from engine.list_file import Listing
from engine.store.models import DisciplineEntry, ProcessInstance
from engine.store.unit_of_work import Unit
from engine.timing.zone import local
from engine.topics import inputs as given
from engine.topics.watch_list import masked_number

KEYS = ("V-RIC", "V-USCC", "V-ORGCODE", "V-PASSPORT", "V-PERMIT")
"""What a line of a list may be found by."""
MOST_SHOWN = 200
"""Faults and hits written into the case file: more than a person looks through."""
_WORDS = {
    "list_file.no_heading": "第一行没有“证件号码”一栏",
    "list_file.broken": "不是 CSV 表格",
    "list_file.too_long": "超过一万行，请分成几个文件",
    "list_file.too_large": "文件超过 2 MB，请分成几个文件",
    "list_file.encoding": "编码不是 UTF-8 或者 GB18030",
    "list_file.value_too_long": "内容过长",
    "list_file.minor": "未成年人，不得列入",
}
_NO_NUMBER = "不是有效的证件号码、统一社会信用代码"
ADD = "新增"


def add(
    unit: Unit,
    instance: ProcessInstance,
    node: Node,
    task_id: str,
    inputs: Mapping[str, Any],
    variables: Mapping[str, Any],
) -> dict[str, Any]:
    """Enter the person or organisation of the case file, one entry per document number.

    Inputs: `valid_to` (day or instant; null: without end), `decision`, `court` (what a hit shows).
    Sets `list_entries`; 0: no number is known, nothing can ever match.
    """
    known = _known(unit, instance)
    ends = given.end(inputs, "valid_to", node)
    told = {"decision": given.text(inputs, "decision"), "court": given.text(inputs, "court")}
    name = _name(known)
    found = [
        Listed(number, {"name": name, "number": masked_number(number), **told}, ends)
        for number in _subject(known)
    ]
    return {"list_entries": Decimal(discipline.add(unit, instance, found))}


def load(
    unit: Unit,
    instance: ProcessInstance,
    node: Node,
    task_id: str,
    inputs: Mapping[str, Any],
    variables: Mapping[str, Any],
) -> dict[str, Any]:
    """Enter, or take off, what a list file holds, in one go; bad lines are told by number.

    Inputs: `file` (case-file key of the attachment), `change` (新增, 删除), `reason`. Sets
    `list_entries`, `list_faults`, `restrictions_to_review`; writes `discipline.faults`. A line
    about a minor is not taken. Raises `Fault` topic.input_missing, file.unknown.
    """
    listing = _listing(unit, instance, node, given.required(inputs, "file", node))
    if given.required(inputs, "change", node) == ADD:
        count = discipline.add(unit, instance, map(_listed, listing.lines))
        affected: list[str] = []
    else:
        decisions = {line.number: line.decision for line in listing.lines}
        entries = discipline.matching_decisions(unit, instance.agency_id, decisions)
        count = len(entries)
        affected = _restricted(unit, instance, entries, inputs)
    _keep(unit, instance, faults=_faults(listing))
    return {
        "list_entries": Decimal(count),
        "list_faults": Decimal(len(listing.faults)),
        "restrictions_to_review": affected,
    }


def remove(
    unit: Unit,
    instance: ProcessInstance,
    node: Node,
    task_id: str,
    inputs: Mapping[str, Any],
    variables: Mapping[str, Any],
) -> dict[str, Any]:
    """Take what this request entered off the list. Input `reason`.

    Sets `restrictions_to_review`: the numbers of the matters that are restricted because of it.
    """
    entries = discipline.of_request(unit, instance.agency_id, instance.business_key)
    return {"restrictions_to_review": _restricted(unit, instance, entries, inputs)}


def match(
    unit: Unit,
    instance: ProcessInstance,
    node: Node,
    task_id: str,
    inputs: Mapping[str, Any],
    variables: Mapping[str, Any],
) -> dict[str, Any]:
    """Compare document numbers with the agency's list by exact key, in one go.

    Inputs: `rows` (case-file key of a repeating list with `doc_no`), `file` (of an attachment);
    without both: the person or organisation of the case file. `reason`: also asks for what was
    taken off the list for it. Sets `list_hits` (ids of entries), `list_faults`, `list_removed_at`,
    `list_requests` (whose entries were hit); writes `discipline.hits` (name, number, decision,
    court; the row's id is the entry's), `discipline.faults`.
    """
    listing = _asked(unit, instance, node, inputs)
    numbers = [line.number for line in listing.lines] or _asked_rows(unit, instance, inputs)
    hits = discipline.matching(unit, instance.agency_id, numbers)
    reason = given.text(inputs, "reason")
    gone = discipline.removed(unit, instance.agency_id, numbers, reason) if reason else None
    rows = [{"row_id": hit.id, **discipline.shown(unit, hit)} for hit in hits[:MOST_SHOWN]]
    _keep(unit, instance, hits=rows, faults=_faults(listing))
    detail = {"numbers": len(numbers), "hits": len(hits)}
    unit.audit(
        "discipline.matched",
        "discipline_list",
        instance.business_key,
        instance=instance,
        detail=detail,
    )
    return {
        "list_hits": [row["row_id"] for row in rows],
        "list_faults": Decimal(len(listing.faults)),
        "list_removed_at": from_python(gone),
        "list_requests": list(dict.fromkeys(hit.business_key for hit in hits)),
    }


def use(
    unit: Unit,
    instance: ProcessInstance,
    node: Node,
    task_id: str,
    inputs: Mapping[str, Any],
    variables: Mapping[str, Any],
) -> None:
    """Record every decision that a person took on a hit. Input `rows`: case-file key of the list,
    the rows of `discipline.hits` with a `restriction` each. Raises `Fault` topic.input_missing.
    """
    rows = _rows(_known(unit, instance), given.required(inputs, "rows", node))
    for row in rows:
        discipline.use(unit, instance, str(row["row_id"]), str(row["restriction"]))


# what is asked for ----------------------------------------------------------------------


def _asked(unit: Unit, instance: ProcessInstance, node: Node, inputs: Mapping[str, Any]) -> Listing:
    key = given.text(inputs, "file")
    if not key or not _known(unit, instance).get(key):
        return Listing((), ())
    return _listing(unit, instance, node, key)


def _asked_rows(unit: Unit, instance: ProcessInstance, inputs: Mapping[str, Any]) -> list[str]:
    known, key = _known(unit, instance), given.text(inputs, "rows")
    if not key:
        return list(_subject(known))
    return [str(row["doc_no"]) for row in _rows(known, key) if row.get("doc_no")]


def _listing(unit: Unit, instance: ProcessInstance, node: Node, key: str) -> Listing:
    ids = to_python(_known(unit, instance).get(key)) or [""]
    try:
        content = attachments.content_of(
            unit, instance.agency_id, instance.business_key, str(ids[0])
        )
    except LiandongError as problem:
        raise Fault(problem.code, element=node.id, name=node.label) from problem
    return list_file.read(content, partial(_number, unit))


def _number(unit: Unit, value: str) -> str:
    """The number as it is kept. Raises `Refusal`; `NotTaken` for a minor."""
    number = unit.engine.forms.normal(KEYS, value, now=unit.now)
    if list_file.is_minor(number, local(unit.now).date()):
        raise list_file.NotTaken("list_file.minor")
    return number


def _listed(line: list_file.Line) -> Listed:
    shown = {
        "name": _masked_name(line.name),
        "number": masked_number(line.number),
        "decision": line.decision,
        "court": "",
    }
    return Listed(line.number, shown)


def _subject(known: Mapping[str, Any]) -> Iterator[str]:
    """Every number that the person or organisation is found by, each once."""
    others = [row.get("doc_no") for row in _rows(known, "FG-PERSON.other_documents")]
    own = [known.get(key) for key in ("FG-PERSON.doc_no", "FG-ORG.uscc", "FG-ORG.org_code")]
    yield from dict.fromkeys(str(number) for number in [*own, *others] if number)


def _name(known: Mapping[str, Any]) -> str:
    """An organisation by its name, a person by the family name."""
    organisation = str(known.get("FG-ORG.org_name") or "")
    return organisation or _masked_name(str(known.get("FG-PERSON.name") or ""))


def _masked_name(name: str) -> str:
    """A short name is a person's; an organisation's is public."""
    return name[:1] + "某" if 1 < len(name) <= 4 else name


# what is told ---------------------------------------------------------------------------


def _faults(listing: Listing) -> list[dict[str, Any]]:
    return [
        {"line": str(fault.at), "fault": _WORDS.get(fault.code, _NO_NUMBER)}
        for fault in listing.faults[:MOST_SHOWN]
    ]


def _restricted(
    unit: Unit,
    instance: ProcessInstance,
    entries: Sequence[DisciplineEntry],
    inputs: Mapping[str, Any],
) -> list[str]:
    """Takes the entries off; the matters that must be looked at again, each once."""
    uses = discipline.remove(unit, instance, entries, given.text(inputs, "reason"))
    return list(dict.fromkeys(one.business_key for one in uses))


def _known(unit: Unit, instance: ProcessInstance) -> dict[str, Any]:
    return case_files.read(unit, instance.agency_id, instance.business_key)


def _rows(known: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    found = to_python(known.get(key))
    return [dict(row) for row in found] if isinstance(found, list) else []


def _keep(unit: Unit, instance: ProcessInstance, **lists: list[dict[str, Any]]) -> None:
    fresh = {f"discipline.{name}": from_python(rows) for name, rows in lists.items()}
    case_files.write(
        unit, instance.agency_id, instance.business_key, {**_known(unit, instance), **fresh}
    )

"""Reading a topic's inputs: plain Python values, and a fault that names the element."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from engine.bpmn.faults import Fault
from engine.bpmn.model import Node
from engine.feel import to_python
from engine.timing.zone import at, end_of_day, local


def text(inputs: Mapping[str, Any], name: str) -> str:
    """The input as text; empty where it is missing or null."""
    found = to_python(inputs.get(name))
    return "" if found is None else str(found).strip()


def required(inputs: Mapping[str, Any], name: str, node: Node) -> str:
    """The input as text. Raises `Fault` topic.input_missing."""
    found = text(inputs, name)
    if not found:
        raise Fault("topic.input_missing", element=node.id, name=node.label, input=name)
    return found


def names(inputs: Mapping[str, Any], name: str) -> list[str]:
    """A list, or a text with commas, as a list of texts."""
    found = to_python(inputs.get(name))
    if isinstance(found, list):
        return [str(item).strip() for item in found if item is not None]
    return [part.strip() for part in text(inputs, name).split(",") if part.strip()]


def end(inputs: Mapping[str, Any], name: str, node: Node) -> datetime | None:
    """An instant, or a day that counts to its end (24:00 in China); None where it is null.

    Raises `Fault` topic.input_not_a_date.
    """
    found = to_python(inputs.get(name))
    if isinstance(found, str) and found.strip():
        found = _parsed(found.strip(), name, node)
    if isinstance(found, datetime):
        return found
    if isinstance(found, date):
        return end_of_day(found)
    if found in (None, ""):
        return None
    raise _not_a_date(found, name, node)


def days(inputs: Mapping[str, Any], first: str, last: str, node: Node) -> tuple[datetime, datetime]:
    """From the beginning of one day to the end of another, in China; the end is not included.

    Raises `Fault` topic.input_missing, topic.input_not_a_date.
    """
    start, end_ = (_day(inputs, name, node) for name in (first, last))
    return at(start, time()), end_of_day(end_)


def _day(inputs: Mapping[str, Any], name: str, node: Node) -> date:
    required(inputs, name, node)
    found = to_python(inputs.get(name))
    if isinstance(found, str):
        found = _parsed(found.strip(), name, node)
    if isinstance(found, datetime):
        return local(found).date()
    if isinstance(found, date):
        return found
    raise _not_a_date(found, name, node)


def _parsed(found: str, name: str, node: Node) -> date:
    try:
        return date.fromisoformat(found)
    except ValueError:
        raise _not_a_date(found, name, node) from None


def _not_a_date(found: Any, name: str, node: Node) -> Fault:
    kind = type(found).__name__
    return Fault("topic.input_not_a_date", element=node.id, name=node.label, input=name, found=kind)

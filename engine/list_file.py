"""失信名单 as a file: a CSV table of document numbers, read whole, every bad line by its number."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from io import StringIO

from engine.errors import LiandongError

LARGEST = 2 * 1024 * 1024
MOST_LINES = 10_000
LONGEST = 200
"""Bytes of the file, lines below its heading, characters of one value."""
NUMBER, NAME, DECISION = "证件号码", "名称", "文号"
"""The columns by their headings; only the first must be there. Others are passed over."""
_IDENTITY = re.compile(r"[0-9]{17}[0-9X]")

Normal = Callable[[str], str]
"""A document number as it is kept; raises a domain error with the code of what is wrong."""


class NotTaken(LiandongError):
    """A file or a line is not taken. The code becomes a word in the case file, told to nobody."""


@dataclass(frozen=True, slots=True)
class Line:
    """One entry. `number` is normalised; `at` is the line in the file, counted from 1."""

    at: int
    number: str
    name: str = ""
    decision: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that is not taken: where, and the code of why. Never what stands in it."""

    at: int
    code: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What a file holds. A number that comes twice is taken once."""

    lines: tuple[Line, ...]
    faults: tuple[Fault, ...]


def read(content: bytes, normal: Normal) -> Listing:
    """The entries of the file and the lines that are none.

    A bad line keeps no other from being taken. A file that is no such table has a single fault.
    """
    try:
        return _collected(_judged(_rows(content), normal))
    except NotTaken as broken:
        return Listing((), (Fault(broken.params.get("line", 1), broken.code),))


def is_minor(number: str, today: date) -> bool:
    """Whether it is the identity number of somebody under eighteen (法释〔2017〕7号第四条)."""
    born = number[6:14]
    if not _IDENTITY.fullmatch(number):
        return False
    return int(f"{today:%Y%m%d}") < int(born) + 18_00_00


def _collected(found: Iterator[Line | Fault]) -> Listing:
    lines: dict[str, Line] = {}
    faults = []
    for one in found:
        if isinstance(one, Fault):
            faults.append(one)
        else:
            lines.setdefault(one.number, one)
    return Listing(tuple(lines.values()), tuple(faults))


def _judged(rows: Iterator[tuple[int, dict[str, str]]], normal: Normal) -> Iterator[Line | Fault]:
    for count, (at, row) in enumerate(rows, 1):
        if count > MOST_LINES:
            raise NotTaken("list_file.too_long", line=at)
        if any(len(value) > LONGEST for value in row.values()):
            yield Fault(at, "list_file.value_too_long")
            continue
        try:
            number = normal(row.get(NUMBER, ""))
        except LiandongError as problem:
            yield Fault(at, problem.code)
        else:
            yield Line(at, number, row.get(NAME, ""), row.get(DECISION, ""))


def _rows(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and values by heading; empty lines are passed over."""
    reader = csv.reader(StringIO(_text(content), newline=""), strict=True)
    headings: list[str] = []
    try:
        for cells in reader:
            values = [cell.strip() for cell in cells]
            if not any(values):
                continue
            if headings:
                yield reader.line_num, dict(zip(headings, values, strict=False))
            elif NUMBER in values:
                headings = values
            else:
                raise NotTaken("list_file.no_heading", line=reader.line_num)
    except csv.Error:
        raise NotTaken("list_file.broken", line=reader.line_num) from None


def _text(content: bytes) -> str:
    """UTF-8, else GB18030, the two that office programs write."""
    if len(content) > LARGEST:
        raise NotTaken("list_file.too_large")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotTaken("list_file.encoding")

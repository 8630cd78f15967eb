"""String functions (table 74). A character is a code point."""

from __future__ import annotations

from decimal import Decimal

from engine.feel import limits
from engine.feel.functions.patterns import guarded, non_empty, prepared, replacement
from engine.feel.functions.registry import NoResult, built_in
from engine.feel.limits import Run


def part(length: int, start: Decimal, size: Decimal | None) -> slice:
    """The slice that `start position, length` of substring and sublist mean.

    Raises NoResult outside their domain: start in [-L..L] without 0, length at least 1.
    """
    first = int(start)
    if first == 0 or abs(first) > length:
        raise NoResult("feel.null.position", position=str(start), length=length)
    begin = first - 1 if first > 0 else length + first
    if size is None:
        return slice(begin, length)
    if size < 1 or int(size) > length - begin:
        raise NoResult("feel.null.length", position=str(size), length=length - begin)
    return slice(begin, begin + int(size))


@built_in("substring", "string: string, start position: number, length?: number|null")
def substring(run: Run, string: str, start: Decimal, length: Decimal | None = None) -> str:
    return string[part(len(string), start, length)]


@built_in("string length", "string: string")
def string_length(run: Run, string: str) -> Decimal:
    return Decimal(len(string))


@built_in("upper case", "string: string")
def upper_case(run: Run, string: str) -> str:
    return string.upper()


@built_in("lower case", "string: string")
def lower_case(run: Run, string: str) -> str:
    return string.lower()


@built_in("substring before", "string: string, match: string")
def substring_before(run: Run, string: str, match: str) -> str:
    head, found, _ = string.partition(match) if match else ("", "", "")
    return head if found else ""


@built_in("substring after", "string: string, match: string")
def substring_after(run: Run, string: str, match: str) -> str:
    return string.partition(match)[2] if match else string


@built_in("contains", "string: string, match: string")
def contains(run: Run, string: str, match: str) -> bool:
    return match in string


@built_in("starts with", "string: string, match: string")
def starts_with(run: Run, string: str, match: str) -> bool:
    return string.startswith(match)


@built_in("ends with", "string: string, match: string")
def ends_with(run: Run, string: str, match: str) -> bool:
    return string.endswith(match)


@built_in("matches", "input: string, pattern: string, flags?: string|null")
def matches(run: Run, string: str, pattern: str, flags: str | None = None) -> bool:
    return guarded(run, prepared(run, pattern, flags).search, string) is not None


@built_in("replace", "input: string, pattern: string, replacement: string, flags?: string|null")
def replace(run: Run, string: str, pattern: str, substitute: str, flags: str | None = None) -> str:
    found = non_empty(run, prepared(run, pattern, flags))
    write = replacement(substitute, found.groups)
    # Each match may write the whole string again; what comes out is measured as it grows.
    written = 0

    def counted(match: object) -> str:
        nonlocal written
        text = write(match)
        written += len(text)
        limits.check_string(written)
        return text

    return str(guarded(run, found.sub, counted, string))


@built_in("split", "string: string, delimiter: string")
def split(run: Run, string: str, delimiter: str) -> list[str]:
    found = non_empty(run, prepared(run, delimiter, None))
    pieces: list[str] = []
    at = 0
    for match in guarded(run, found.finditer, string):
        run.spend(1)
        pieces.append(string[at : match.start()])
        at = match.end()
    pieces.append(string[at:])
    return pieces


@built_in("string join", "list: list, delimiter?: string|null")
def string_join(run: Run, items: list[object], delimiter: str | None = None) -> str:
    run.spend(len(items))
    texts = [item for item in items if item is not None]
    if not all(isinstance(text, str) for text in texts):
        raise NoResult("feel.null.items")
    between = delimiter or ""
    limits.check_string(sum(len(str(t)) for t in texts) + len(between) * len(texts))
    return between.join(str(text) for text in texts)

"""Identity documents of persons: GB 11643-1999 numbers, passports, permits."""

from __future__ import annotations

import re
from datetime import date

from engine.timing.zone import local
from forms.context import CheckContext
from forms.validators.checked import Checked, refused, upper, weighted_sum

# The first two digits: provinces (GB/T 2260), 81–83 residents of Hong Kong, Macao, Taiwan.
PROVINCES = frozenset(
    code
    for first, last in (
        (11, 15),
        (21, 23),
        (31, 37),
        (41, 46),
        (50, 54),
        (61, 65),
        (71, 71),
        (81, 83),
    )
    for code in range(first, last + 1)
)
_LENGTH = 18
_NUMBER = re.compile(r"[0-9]{17}[0-9X]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_EARLIEST, _EARLIEST_FOR_TESTS = 1880, 1800
_PASSPORTS = re.compile(r"E[0-9]{8}|E[A-HJ-NP-Z][0-9]{7}|G[0-9]{8}|(?:SE|DE|PE)[0-9]{7}|P[0-9]{7}")
_FOREIGN_PASSPORT = re.compile(r"[0-9A-Z]{5,20}")
_PERMITS = re.compile(r"[CW][0-9A-Z][0-9]{7}|[LT][0-9]{8}|[HM][0-9]{8}(?:[0-9]{2})?|[0-9]{8}")


def resident_number(value: str, context: CheckContext) -> Checked:
    """公民身份号码, 18 characters, check by ISO 7064 MOD 11-2; also 81–83 and 9….

    The county code is not compared with the birth year: numbers given after a boundary change
    to people born before it are valid.
    """
    number = upper(value)
    if len(number) != _LENGTH:
        return refused(number, "ric.length", expected=_LENGTH, found=len(number))
    if not _NUMBER.fullmatch(number):
        return refused(number, "ric.characters")
    if number[0] != "9" and int(number[:2]) not in PROVINCES:
        return refused(number, "ric.province", found=number[:2])
    if not _born_between(number, context):
        return refused(number, "ric.birth")
    if number[-1] != check_character(number[:17]):
        return refused(number, "ric.check")
    return Checked(number)


def check_character(first_17: str) -> str:
    """The 18th character of a number (ISO 7064 MOD 11-2)."""
    return _CHECKS[weighted_sum([int(digit) for digit in first_17], _WEIGHTS) % 11]


def _born_between(number: str, context: CheckContext) -> bool:
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    earliest = _EARLIEST_FOR_TESTS if context.settings.test_identities else _EARLIEST
    return earliest <= born.year and born <= local(context.now).date()


def passport(value: str, context: CheckContext) -> Checked:
    """护照 of the People's Republic: ordinary (E, G), official (SE, DE, PE)."""
    return _matched(value, _PASSPORTS, "passport.form")


def foreign_passport(value: str, context: CheckContext) -> Checked:
    """外国护照: 5–20 letters and digits."""
    return _matched(value, _FOREIGN_PASSPORT, "passport.foreign")


def permit(value: str, context: CheckContext) -> Checked:
    """通行证 between the mainland and Hong Kong, Macao, Taiwan."""
    return _matched(value, _PERMITS, "permit.form")


def _any_document(value: str, context: CheckContext) -> Checked:
    return _matched(value, re.compile(r"[0-9A-Z()（）·/-]{2,40}"), "identity.form")


def _matched(value: str, pattern: re.Pattern[str], code: str) -> Checked:
    number = upper(value)
    return Checked(number) if pattern.fullmatch(number) else refused(number, code)


_BY_TYPE = {
    "居民身份证": resident_number,
    "港澳台居民居住证": resident_number,
    "外国人永久居留身份证": _any_document,
    "普通护照": passport,
    "港澳居民来往内地通行证": permit,
    "台湾居民来往大陆通行证": permit,
    "外国护照": foreign_passport,
}


def identity_document(value: str, context: CheckContext) -> Checked:
    """The number of the document that the field `doc_type` beside it names."""
    rule = _BY_TYPE.get(str(context.siblings.get("doc_type") or ""), _any_document)
    return rule(value, context)

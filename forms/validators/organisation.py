"""Codes of organisations: GB 32100-2015 and, older, GB 11714."""

from __future__ import annotations

import re

from forms.context import CheckContext
from forms.validators.checked import Checked, Problem, refused, upper, weighted_sum

_LENGTH = 18
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT = re.compile(rf"[1-9ANY][{_ALPHABET}][0-9]{{6}}[{_ALPHABET}]{{10}}")
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORGANISATION = re.compile(r"[0-9A-Z]{8}-?[0-9X]")
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def credit_code(value: str, context: CheckContext) -> Checked:
    """统一社会信用代码. A broken organisation code inside it is only a warning (positions 9–17)."""
    code = upper(value)
    if len(code) != _LENGTH:
        return refused(code, "uscc.length", expected=_LENGTH, found=len(code))
    if not _CREDIT.fullmatch(code):
        return refused(code, "uscc.characters")
    if code[-1] != credit_check(code[:17]):
        return refused(code, "uscc.check")
    inner = code[8:17]
    if inner[-1] != organisation_check(inner[:8]):
        return Checked(code, warning=Problem("uscc.organisation"))
    return Checked(code)


def credit_check(first_17: str) -> str:
    """The 18th character, modulo 31."""
    total = weighted_sum([_ALPHABET.index(c) for c in first_17], _CREDIT_WEIGHTS)
    return _ALPHABET[-total % 31]


def organisation_code(value: str, context: CheckContext) -> Checked:
    """组织机构代码, stored without its hyphen."""
    code = upper(value)
    if not _ORGANISATION.fullmatch(code):
        return refused(code, "orgcode.form")
    code = code.replace("-", "")
    if code[-1] != organisation_check(code[:8]):
        return refused(code, "orgcode.check")
    return Checked(code)


def organisation_check(first_8: str) -> str:
    """The ninth character, modulo 11; letters count from A = 10."""
    check = -weighted_sum([int(c, 36) for c in first_8], _ORGANISATION_WEIGHTS) % 11
    return "X" if check == 10 else str(check)

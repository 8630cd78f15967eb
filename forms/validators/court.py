"""Numbers of cases (法〔2015〕137号, 法〔2018〕335号), documents (GB/T 9704) and courts."""

from __future__ import annotations

import re
from datetime import datetime

from engine.timing.zone import local
from forms.context import CheckContext
from forms.validators.checked import Checked, compact, refused

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼兵"
_COURT = rf"最高法|[{_PROVINCES}](?:[0-9]{{2}}(?:[0-9]{{2}})?)?"
_CASE = rf"（(20[0-9]{{2}})）({_COURT})(知)?([一-龥]{{1,3}})([1-9][0-9]{{0,9}})号"
_CASE_NUMBER = re.compile(_CASE)
_CASE_DOCUMENT = re.compile(_CASE + "(之[一二三四五六七八九十百]{1,4})?")
_DOCUMENT = re.compile(r"[一-龥]{1,10}〔((?:19|20)[0-9]{2})〕[1-9][0-9]{0,4}号")
_COURT_CODE = re.compile(_COURT)
_FIRST_YEAR = 2016
_ROUND = str.maketrans({**dict.fromkeys("([〔【", "（"), **dict.fromkeys(")]〕】", "）")})
_HEXAGONAL = str.maketrans({**dict.fromkeys("([（【", "〔"), **dict.fromkeys(")]）】", "〕")})


def case_number(value: str, context: CheckContext) -> Checked:
    """案号 （2026）豫1321执123号: any brackets are accepted, full-width ones stored."""
    return _case(value, _CASE_NUMBER, context)


def case_document_number(value: str, context: CheckContext) -> Checked:
    """A case number, also with the suffix of a further document (…号之一)."""
    return _case(value, _CASE_DOCUMENT, context)


def _case(value: str, pattern: re.Pattern[str], context: CheckContext) -> Checked:
    number = compact(value).translate(_ROUND)
    found = pattern.fullmatch(number)
    if found is None:
        return refused(number, "caseno.form")
    return _within_years(number, int(found[1]), _FIRST_YEAR, context.now, "caseno.year")


def document_number(value: str, context: CheckContext) -> Checked:
    """发文字号 召公〔2026〕12号: hexagonal brackets are stored, no 第, no leading zero."""
    number = compact(value).translate(_HEXAGONAL)
    found = _DOCUMENT.fullmatch(number)
    if found is None:
        return refused(number, "docno.form")
    return _within_years(number, int(found[1]), 1949, context.now, "docno.year")


def _within_years(number: str, year: int, first: int, now: datetime, code: str) -> Checked:
    last = local(now).year
    if not first <= year <= last:
        return refused(number, code, first=first, last=last, found=year)
    return Checked(number)


def court_code(value: str, context: CheckContext) -> Checked:
    """法院代字 豫1321: member of this installation's list, where there is one."""
    code = compact(value)
    if not _COURT_CODE.fullmatch(code):
        return refused(code, "courtcode.form")
    known = context.settings.court_codes
    if known and code not in known:
        return refused(code, "courtcode.unknown", found=code)
    return Checked(code)

"""Vehicles: number plates (GA 36-2018), identification numbers (GB 16735-2019)."""

from __future__ import annotations

import re

from forms.context import CheckContext
from forms.validators.checked import Checked, Problem, refused, upper, weighted_sum

_PROVINCE = "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
_SIGN = "[A-HJ-NP-Z0-9]"
_ENERGY = "[A-HJK]"
_PLATES = re.compile(
    rf"{_PROVINCE}[A-HJ-NP-Z](?:"
    rf"{_SIGN}{{5}}"  # ordinary
    rf"|{_ENERGY}{_SIGN}[0-9]{{4}}|[0-9]{{5}}{_ENERGY}"  # small and large new-energy vehicles
    rf"|{_SIGN}{{4}}[挂学警领])"
    rf"|粤Z{_SIGN}{{4}}[港澳]"
    r"|[0-9]{6}使|使[0-9]{6}"
    rf"|{_PROVINCE}[A-HJ-NP-Z]?{_SIGN}{{3,5}}应急"
    rf"|WJ{_PROVINCE}?{_SIGN}{{5}}"
)
_MILITARY = re.compile(rf"[VKHBSLJNGCEZ][A-Z]{_SIGN}{{5}}")
_SEPARATORS = str.maketrans("", "", "·•・.-")
_TEMPORARY = "22"

_VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
_VIN_LENGTH = 17
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_VIN_VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", map(int, "12345678123457923456789"), strict=True))


def plate(value: str, context: CheckContext) -> Checked:
    """号牌, stored without the dot. Temporary plates (plate_type 22) are free text."""
    number = upper(value).translate(_SEPARATORS)
    if context.siblings.get("plate_type") == _TEMPORARY and 4 <= len(number) <= 20:
        return Checked(number)
    if _PLATES.fullmatch(number):
        return Checked(number)
    return refused(number, "plate.military" if _MILITARY.fullmatch(number) else "plate.form")


def vin(value: str, context: CheckContext) -> Checked:
    """车辆识别代号. A wrong check digit is a warning: imported and old vehicles have none."""
    number = upper(value)
    if len(number) != _VIN_LENGTH:
        return refused(number, "vin.length", expected=_VIN_LENGTH, found=len(number))
    if not _VIN.fullmatch(number):
        return refused(number, "vin.characters")
    if number[8] != vin_check(number):
        return Checked(number, warning=Problem("vin.check"))
    return Checked(number)


def vin_check(number: str) -> str:
    """The ninth character that `number` ought to have."""
    values = [_VIN_VALUES[c] if c in _VIN_VALUES else int(c) for c in number]
    check = weighted_sum(values, _VIN_WEIGHTS) % 11
    return "X" if check == 10 else str(check)

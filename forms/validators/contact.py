"""Telephone numbers and names of persons."""

from __future__ import annotations

import re
import unicodedata

from forms.context import CheckContext
from forms.validators.checked import Checked, compact, refused

_PHONE = re.compile(
    r"1[3-9][0-9]{9}"
    r"|0[0-9]{2,3}-?[0-9]{7,8}(?:-[0-9]{1,6})?"
    r"|110|400-?[0-9]{3}-?[0-9]{4}"
)
_COUNTRY = re.compile(r"^(?:\+|00)86-?")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―－", "-"))
_DOTS = str.maketrans(dict.fromkeys("•・‧∙⋅", "·"))
_NAME = re.compile(r"[^\W\d_]+(?:[·'. -]{1,2}[^\W\d_]+)*\.?")
_NAME_LENGTH = 50


def phone(value: str, context: CheckContext) -> Checked:
    """Mobile, land line with area code, 110, 400; +86 is cut off."""
    number = _COUNTRY.sub("", compact(value).translate(_DASHES))
    mobile = number.replace("-", "")
    if mobile.startswith("1") and _PHONE.fullmatch(mobile):
        return Checked(mobile)
    return Checked(number) if _PHONE.fullmatch(number) else refused(number, "phone.form")


def person_name(value: str, context: CheckContext) -> Checked:
    """A name as it is written: Han characters, ·, Latin letters; inner blanks are kept."""
    name = unicodedata.normalize("NFC", " ".join(value.split())).translate(_DOTS)
    if len(name) > _NAME_LENGTH or not _NAME.fullmatch(name):
        return refused(name, "name.form", expected=_NAME_LENGTH)
    return Checked(name)

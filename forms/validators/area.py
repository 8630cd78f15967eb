"""Administrative areas (GB/T 2260)."""

from __future__ import annotations

import re

from forms.context import CheckContext
from forms.validators.checked import Checked, compact, refused
from forms.validators.identity import PROVINCES

_CODE = re.compile(r"[0-9]{6}")


def area_code(value: str, context: CheckContext) -> Checked:
    """行政区划代码: six digits that begin with a province."""
    code = compact(value)
    if not _CODE.fullmatch(code) or int(code[:2]) not in PROVINCES:
        return refused(code, "area.form")
    return Checked(code)

"""Facts do not lie in the future."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from engine.timing.zone import local
from forms.context import CheckContext
from forms.validators.checked import Checked, refused

# A watch that is a little fast is no lie.
_TOLERANCE = timedelta(minutes=1)


def not_after_now(value: Any, context: CheckContext) -> Checked:
    """A date not after today, an instant not after now, in China."""
    if isinstance(value, datetime):
        late = value > context.now + _TOLERANCE
        return refused(value, "past.instant", now=context.now) if late else Checked(value)
    if isinstance(value, date):
        today = local(context.now).date()
        late = value > today
        return refused(value, "past.date", today=today.isoformat()) if late else Checked(value)
    return Checked(value)

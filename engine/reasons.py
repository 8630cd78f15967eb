"""Who steps in says why: the reason stands in the audit row of the act and in the timeline."""

from __future__ import annotations

from engine.errors import Refusal

SHORTEST = 2
LONGEST = 500
"""Characters of a reason."""


def require(reason: str) -> None:
    """Raises `Refusal` reason.missing, reason.too_long."""
    found = len(reason.strip())
    if found < SHORTEST:
        raise Refusal("reason.missing", shortest=SHORTEST)
    if found > LONGEST:
        raise Refusal("reason.too_long", longest=LONGEST, found=found)

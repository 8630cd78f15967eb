"""How much is tried: all of it under `make faults`, a tenth in `make test`."""

import os

FULL = os.environ.get("LIANDONG_FAULTS") == "full"


def of(full: int, at_least: int = 1) -> int:
    """So many of `full`."""
    return full if FULL else max(at_least, full // 10)

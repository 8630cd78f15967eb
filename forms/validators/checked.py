"""What a validator answers, and the normalising that they share."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from forms.context import CheckContext


@dataclass(frozen=True, slots=True)
class Problem:
    """A code and what fills its sentence; never the value itself."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Checked:
    """The normalised value; with `error` it is refused, with `warning` only questioned."""

    value: Any
    error: Problem | None = None
    warning: Problem | None = None


Validator = Callable[[Any, CheckContext], Checked]
_BLANKS = re.compile(r"\s+")


def compact(value: str) -> str:
    """Full width to half (NFKC), every blank removed."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", value))


def upper(value: str) -> str:
    """Compact, in capital letters."""
    return compact(value).upper()


def refused(value: Any, code: str, **params: Any) -> Checked:
    return Checked(value, error=Problem(code, params))


def weighted_sum(digits: list[int], weights: tuple[int, ...]) -> int:
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=True))

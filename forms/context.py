"""What checking a value may know beside the value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class FormSettings:
    """How this installation checks forms.

    `test_identities`: identity numbers with birth years from 1800 on are accepted; for tests and
    demonstrations only. `court_codes`: the court codes known here; empty: any well-formed code.
    """

    test_identities: bool = False
    court_codes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CheckContext:
    """One check of one value: the instant, the settings, the other values of the same level."""

    now: datetime
    settings: FormSettings = field(default_factory=FormSettings)
    siblings: Mapping[str, Any] = field(default_factory=dict)

"""`<form>.sample.yaml`: one filling that passes, from which scenarios differ (D14)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

import yaml

from engine.errors import Refusal
from engine.feel import prepare, to_python
from engine.ports import FieldError, FormPort
from engine.timing.zone import SHANGHAI, local

SCOPE, NOW = "_scope", "_now"


@dataclass(frozen=True, slots=True)
class Sample:
    """`values` to fill in; `scope` and `now`: what its conditions stand on when it is checked."""

    values: dict[str, Any]
    scope: dict[str, Any] = field(default_factory=dict)
    now: datetime | None = None


def load(content: str | bytes) -> Sample:
    """Reads a sample; raises Refusal("sample.broken")."""
    try:
        document = yaml.safe_load(content) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise Refusal("sample.broken", line=mark.line + 1 if mark else None) from None
    if not isinstance(document, dict):
        raise Refusal("sample.broken", line=1)
    values = {key: value for key, value in document.items() if key not in (SCOPE, NOW)}
    return Sample(values, document.get(SCOPE) or {}, _instant(document.get(NOW)))


def _instant(written: Any) -> datetime | None:
    """A time without a zone is China's."""
    if not isinstance(written, datetime):
        return None
    return written if written.tzinfo else written.replace(tzinfo=SHANGHAI)


def merged(sample: Mapping[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    """The sample with what a scenario says differently.

    Sections merge by key, lists are replaced as a whole, null takes an answer away.
    """
    result = dict(sample)
    for key, value in overrides.items():
        if isinstance(value, Mapping) and isinstance(result.get(key), Mapping):
            result[key] = merged(result[key], value)
        elif value is None:
            result.pop(key, None)
        else:
            result[key] = value
    return result


def computed(value: Any, scope: Mapping[str, Any], now: datetime) -> Any:
    """The value with every text that begins with `=` evaluated as FEEL; dates as texts.

    So that a sample's moments move along with the clock: `=now() - duration("PT10M")`.
    """
    if isinstance(value, Mapping):
        return {key: computed(item, scope, now) for key, item in value.items()}
    if isinstance(value, list):
        return [computed(item, scope, now) for item in value]
    if isinstance(value, str) and value.startswith("="):
        return _plain(to_python(prepare(value[1:].strip()).evaluate(scope, now=now)))
    return _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return (local(value) if value.tzinfo else value).isoformat()
    return value.isoformat() if isinstance(value, date | time) else value


def errors_of(
    port: FormPort, form: dict[str, Any], sample: Sample, now: datetime
) -> list[FieldError]:
    """Why the sample does not pass; empty when it does."""
    moment = sample.now or now
    try:
        values = computed(sample.values, {}, moment)
        port.validate(form, values, sample.scope, now=moment)
    except Refusal as refusal:
        return list(refusal.params.get("errors", []))
    return []

"""The field's words for codes: roles, periods, messages, clauses; filters for the templates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from flask import Flask

from engine.timing.norms import Norms
from web.auth.viewer import the_engine
from web.language import language
from web.times import shown_due

_MESSAGES = Path(__file__).parent / "messages" / "envelopes.yaml"


def norms() -> Norms:
    """The norms that the engine runs on."""
    return the_engine().statutes.current


def role_name(code: str) -> str:
    """案件承办人 for court_handler; an unknown code as it is."""
    return norms().roles.get(code, code)


def profile_name(profile_id: str) -> str:
    """南召 2021 for nanzhao_2021; an unknown id as it is."""
    profile = norms().profiles.get(profile_id)
    if profile is None:
        return profile_id
    return profile.en if language() == "en" else profile.zh


def period_name(period_id: str) -> str:
    """被控制人员交接 for T-PER-2H; an unknown id as it is."""
    row = norms().periods.get(period_id)
    if row is None:
        return period_id
    return row.en if language() == "en" else row.zh


@cache
def _message_names() -> dict[str, dict[str, str]]:
    return dict(yaml.safe_load(_MESSAGES.read_text(encoding="utf-8")))


def message_name(name: str) -> str:
    """协助查控申请 for person_control_request; an unknown name as it is."""
    return _message_names().get(name, {}).get(language(), name)


def message_names() -> dict[str, str]:
    """Message name → the field's word for it, all of them."""
    return {name: message_name(name) for name in _message_names()}


def with_names(params: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters of a notice or an event with their codes turned into names."""
    named = dict(params)
    translators = {
        "role": role_name,
        "period": period_name,
        "message": message_name,
        "due": _instant,
    }
    for key, translate in translators.items():
        if isinstance(named.get(key), str):
            named[key] = translate(named[key])
    if isinstance(named.get("held"), list):
        named["held"] = [role_name(role) for role in named["held"]]
    return named


def _instant(written: str) -> str:
    """A due instant that travelled as ISO 8601; other words as they are."""
    try:
        return shown_due(datetime.fromisoformat(written))
    except ValueError:
        return written


def install(app: Flask) -> None:
    app.jinja_env.filters["role_name"] = role_name
    app.jinja_env.globals.update(
        period_name=period_name, message_name=message_name, profile_name=profile_name
    )

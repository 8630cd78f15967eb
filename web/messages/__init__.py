"""The sentences behind the engine's codes, Chinese first: for pages, the command line and REST.

A sentence says what was expected, what was found, where, and what to do. `{name}` in it is filled
from the error's parameters; a parameter that is missing reads as an empty string.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from engine.errors import LiandongError
from engine.feel.messages import SENTENCES as FEEL_SENTENCES
from engine.timing.zone import due_text

LANGUAGES = ("zh", "en")
_FOLDER = Path(__file__).parent


@cache
def catalogue(language: str) -> dict[str, str]:
    """Code → sentence: those that FEEL brings along, and every .yaml of the language's folder."""
    index = LANGUAGES.index(language)
    sentences = {code: pair[index] for code, pair in FEEL_SENTENCES.items()}
    for file in sorted((_FOLDER / language).glob("*.yaml")):
        sentences |= yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    return sentences


def sentence(code: str, params: Mapping[str, Any] | None = None, language: str = "zh") -> str:
    """The sentence of `code`; a code without one is named as it is, so that nothing is hidden."""
    template = catalogue(language).get(code) or catalogue("zh").get(code)
    if template is None:
        return sentence("unknown_code", {"code": code, "params": _listed(params or {})}, language)
    return template.format_map(_Filling(params or {}))


def error_sentence(error: LiandongError, language: str = "zh") -> str:
    """The sentence of a domain error."""
    return sentence(error.code, error.params, language)


class _Filling(dict[str, Any]):
    """Parameters as text; what is missing is left out instead of breaking the sentence."""

    def __missing__(self, key: str) -> str:
        return ""

    def __getitem__(self, key: str) -> Any:
        return _text(super().__getitem__(key)) if key in self else ""


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return due_text(value) if value.tzinfo else value.isoformat(" ")
    if isinstance(value, str):
        return value
    if isinstance(value, Iterable) and not isinstance(value, Mapping):
        return "、".join(_text(item) for item in value)
    return str(value)


def _listed(params: Mapping[str, Any]) -> str:
    return "，".join(f"{name}={_text(value)}" for name, value in params.items())

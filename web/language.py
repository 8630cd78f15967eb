"""Two languages: Chinese as written in the pages, English from translations/en.po."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, request, session
from flask_babel import Babel, Domain, get_locale

LOCALES = {"zh": "zh_Hans_CN", "en": "en"}
_FOLDER = Path(__file__).parent / "translations"


def language() -> str:
    """`zh` or `en`: what the reader chose, else Chinese."""
    chosen = session.get("language", "zh")
    return chosen if chosen in LOCALES else "zh"


@cache
def _translations(code: str) -> NullTranslations:
    """The catalogue, compiled in memory: there is no second file that could be stale."""
    source = _FOLDER / f"{code}.po"
    if not source.exists():
        return NullTranslations()
    compiled = BytesIO()
    with source.open("rb") as file:
        write_mo(compiled, read_po(file, locale=code))
    compiled.seek(0)
    return Translations(compiled)


class PoDomain(Domain):
    """A Flask-Babel domain that reads .po files."""

    def get_translations(self) -> NullTranslations:
        locale = get_locale()
        return _translations(locale.language if locale else "zh")


def install(app: Flask) -> None:
    """Choose the language per request; `language()` and `html_lang` for the templates."""
    babel = Babel(
        app,
        default_locale=LOCALES["zh"],
        default_timezone="Asia/Shanghai",
        locale_selector=lambda: LOCALES[language()] if request else LOCALES["zh"],
    )
    # A cached property of Flask-Babel's that would make a Domain of .mo files.
    babel.domain_instance = PoDomain()
    app.jinja_env.globals["language"] = language

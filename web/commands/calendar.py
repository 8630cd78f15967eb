"""`liandong calendar`: check and import the State Council's holidays, ask about a day."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import NoReturn

import click

from engine import calendars
from engine.calendars import Imported
from engine.errors import LiandongError
from engine.timing.calendar import CalendarYear, WorkingCalendar
from engine.timing.calendar_import import read_calendar
from engine.timing.norms import Norms
from web.commands.deadlines import LANGUAGE, NORMS_FOLDER
from web.messages import error_sentence, sentence

_ONE_DAY = timedelta(days=1)
_WEEKDAYS = {"zh": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}


@click.group("calendar", short_help="工作日历 / the working-day calendar")
def calendar() -> None:
    """工作日历：核对、导入放假通知，查询某日是否工作日。

    The working-day calendar: check and import a holiday notice, ask about a day.
    """


@calendar.command("check", short_help="核对日历文件 / check a calendar file")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@LANGUAGE
def check(file: Path, lang: str) -> None:
    """核对 FILE（YAML 或 JSON）能否导入，列出会改变的日子；不改动任何数据。

    Whether FILE can be imported and which days it would change; nothing is written. Exit code 1:
    refused, with the reason.
    """
    try:
        current = Norms.load(NORMS_FOLDER).calendar
        years = read_calendar(file.name, file.read_bytes(), current.statutory)
        click.echo("\n".join(_report(current, years, lang)))
    except LiandongError as error:
        _refused(error, lang)


@calendar.command("import", short_help="导入放假通知 / import a holiday notice")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="结果为 JSON / print JSON.")
@LANGUAGE
def import_(file: Path, as_json: bool, lang: str) -> None:
    """导入 FILE（YAML 或 JSON）：暂定期限随即重新推算，留痕并通知双方。

    Import FILE; provisional time limits are counted again, with an entry in their ledgers and a
    notice to both sides. A running server follows within a minute. Exit code 1: refused.
    """
    try:
        engine = click.get_current_context().obj.engine()
        found = calendars.import_calendar(engine, "system", file.name, file.read_bytes())
    except LiandongError as error:
        _refused(error, lang)
    click.echo(_as_json(found) if as_json else _imported(found, lang))


def _as_json(found: Imported) -> str:
    return json.dumps(asdict(found), ensure_ascii=False)


def _imported(found: Imported, lang: str) -> str:
    code = "calendar.imported" if found.years else "calendar.known_already"
    params = {"years": [str(year) for year in found.years], "moved": found.moved}
    return sentence(code, {**params, "version": found.version}, lang)


@calendar.command("explain", short_help="某日是否工作日 / is a day a working day")
@click.argument("day")
@LANGUAGE
def explain(day: str, lang: str) -> None:
    """DAY（2026-10-01）是否工作日，为什么。

    Whether DAY works, and why.
    """
    try:
        asked = date.fromisoformat(day)
    except ValueError:
        raise click.UsageError(sentence("deadlines.date", {"found": day}, lang)) from None
    try:
        click.echo(_day(Norms.load(NORMS_FOLDER).calendar, asked, lang))
    except LiandongError as error:
        _refused(error, lang)


def _refused(error: LiandongError, lang: str) -> NoReturn:
    click.echo(error_sentence(error, lang), err=True)
    sys.exit(1)


def _report(current: WorkingCalendar, years: list[CalendarYear], lang: str) -> list[str]:
    lines = [_year(year, lang) for year in years]
    new = current.with_years(years)
    changed = [day for year in years for day in _days(year) if _differs(current, new, day)]
    if changed:
        days = [_day(new, day, lang).rstrip("。.") for day in changed]
        params = {"count": len(changed), "days": ("；" if lang == "zh" else "; ").join(days)}
        lines.append(sentence("calendar.changes", params, lang))
    else:
        lines.append(sentence("calendar.unchanged", {}, lang))
    return [*lines, sentence("calendar.version", {"version": new.version}, lang)]


def _year(year: CalendarYear, lang: str) -> str:
    status = sentence(f"calendar.{year.status.value}", {}, lang)
    counts = {"off": len(year.off_days), "makeup": len(year.makeup_workdays)}
    return sentence("calendar.checked", {"year": year.year, "status": status, **counts}, lang)


def _days(year: CalendarYear) -> list[date]:
    """25 December of the year before to 31 December: what one notice can change."""
    first = date(year.year - 1, 12, 25)
    length = (date(year.year, 12, 31) - first).days + 1
    return [first + number * _ONE_DAY for number in range(length)]


def _differs(current: WorkingCalendar, new: WorkingCalendar, day: date) -> bool:
    if not current.first_year <= day.year <= current.last_year:
        return False
    return current.is_working_day(day) != new.is_working_day(day)


def _day(known: WorkingCalendar, day: date, lang: str) -> str:
    kind = known.kind(day)
    why = sentence(f"calendar.{kind.value}", {"holiday": known.holiday_name(day)}, lang)
    provisional = ""
    if known.is_provisional(day):
        year = known.awaited_year(day)
        provisional = sentence("calendar.day_provisional", {"year": year}, lang)
    weekday = _WEEKDAYS[lang][day.weekday()]
    return sentence(
        "calendar.day",
        {
            "date": day.isoformat(),
            "weekday": f"星期{weekday}" if lang == "zh" else weekday,
            "why": why,
            "provisional": provisional,
        },
        lang,
    )

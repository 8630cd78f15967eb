"""The derivation in words: 11-20 收到，不计；11-21至11-22 周末，不计；11-23 第1日；…；24:00 届满。

Neighbouring days that read alike become one phrase, so that sixty days are still a readable line.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from engine.timing.calendar import DayKind
from engine.timing.derivation import Effect, Step
from engine.timing.zone import end_of_day, local

if TYPE_CHECKING:
    from engine.timing.periods import Period

_DAILY = {kind.value for kind in DayKind} | {"calendar_day"}
_WORDS = {
    "zh": {
        "received": "收到",
        "join": "；",
        "to": "至",
        "list": "、",
        "start_day": "{fact}，不计",
        "start_hour": "{fact}，当时不计",
        "next_hour": "次时起算",
        "from_the_moment": "{fact}，即时起算（夜间、节假日不扣除）",
        "from_admission": "{fact}，当时起算（自当日到第2日为1日，节假日不顺延）",
        "detention_days": "满{number}日",
        "hours": "计{number}小时",
        "leave": "批准请假{number}小时不计入，顺延",
        "measured_only": "{fact}，起计量；没有数字期限，只计时，不算逾期",
        "cycle_month": "本月末日",
        "cycle_quarter": "本季度末日",
        "corresponding_day": "对应日",
        "month_end": "该月无对应日，以月末日为准",
        "last_day_to_last_day": "月末日至月末日",
        "term_begins": "{fact}，期限起",
        "stated_end": "文书载明的止日",
        "weekend": "周末",
        "holiday": "{holiday}放假",
        "skipped": "{why}，不计",
        "rolled": "{why}，顺延",
        "ordinal": "第{first}日",
        "ordinals": "第{first}日至第{last}日",
        "landed": "工作日，末日",
        "makeup": "（补班日）",
        "end": "届满",
        "under": "依据 ",
        "provisional": "暂定：{years}年放假通知尚未导入",
    },
    "en": {
        "received": "received",
        "join": "; ",
        "to": " to ",
        "list": " and ",
        "start_day": "{fact}, not counted",
        "start_hour": "{fact}, this hour not counted",
        "next_hour": "runs from the next hour",
        "from_the_moment": "{fact}, runs from this moment (nights and holidays included)",
        "from_admission": "{fact}, runs from this moment (days of 24 hours, no holiday extends it)",
        "detention_days": "{number} d complete",
        "hours": "{number} h counted",
        "leave": "{number} h of approved leave not counted",
        "measured_only": "{fact}, measured from here; no number, so never overdue",
        "cycle_month": "last day of the month",
        "cycle_quarter": "last day of the quarter",
        "corresponding_day": "corresponding day",
        "month_end": "no corresponding day in that month, its last day stands",
        "last_day_to_last_day": "last day of a month to last day of a month",
        "term_begins": "{fact}, the term begins",
        "stated_end": "end date stated by the instrument",
        "weekend": "weekend",
        "holiday": "{holiday}",
        "skipped": "{why}, not counted",
        "rolled": "{why}, the end moves on",
        "ordinal": "day {first}",
        "ordinals": "days {first} to {last}",
        "landed": "working day, the last day",
        "makeup": " (make-up workday)",
        "end": "the period ends",
        "under": "under ",
        "provisional": "provisional: the holiday notice of {years} is not imported yet",
    },
}
_HOLIDAYS_EN = {
    "元旦": "New Year",
    "春节": "Spring Festival",
    "清明节": "Tomb-Sweeping Day",
    "劳动节": "Labour Day",
    "端午节": "Dragon Boat Festival",
    "中秋节": "Mid-Autumn Festival",
    "国庆节": "National Day",
}


def render(period: Period, lang: str, fact: str | None) -> str:
    """One line in `lang` (`zh` or `en`); `fact` is the word for the start."""
    words = _Words(lang, fact, local(period.start).year)
    steps = period.derivation
    parts = [words.phrase(group) for group in _groups(steps)]
    return words.word("join").join([*parts, *words.closing(period, steps)])


def _groups(steps: tuple[Step, ...]) -> Iterator[list[Step]]:
    group = [steps[0]]
    for before, step in pairwise(steps):
        if not _reads_alike(before, step):
            yield group
            group = []
        group.append(step)
    yield group


def _reads_alike(before: Step, step: Step) -> bool:
    if step.effect is Effect.COUNTED and step.why != "calendar_day":
        return False
    same = (before.effect, before.why, before.holiday) == (step.effect, step.why, step.holiday)
    return same and step.why in _DAILY and abs(step.day - before.day) == timedelta(days=1)


class _Words:
    """The phrases of one language for one period; a date shows its year where it is another one."""

    def __init__(self, lang: str, fact: str | None, year: int) -> None:
        self.lang, self.year = lang, year
        self.fact = fact or self.word("received")

    def word(self, name: str, **values: object) -> str:
        return _WORDS[self.lang][name].format(**values)

    def phrase(self, group: list[Step]) -> str:
        first = group[0]
        if first.effect is Effect.ENDS:
            return f"{self.end_time(first)} {self.word('end')}"
        if first.why in _DAILY:
            return f"{self.span(group)} {self.daily(group)}"
        what = self.word(first.why, fact=self.fact, number=first.number)
        if first.why in ("hours", "leave"):
            return what
        moment = f" {local(first.at):%H:%M}" if first.at and first.why != "start_day" else ""
        return f"{self.date(first.day)}{moment} {what}"

    def daily(self, group: list[Step]) -> str:
        first, last = group[0], group[-1]
        if first.effect is not Effect.COUNTED:
            why = self.word(first.why, holiday=self.holiday(first.holiday))
            return self.word(first.effect.value, why=why)
        makeup = self.word("makeup") if first.why == DayKind.MAKEUP else ""
        if first.number is None:
            return self.word("landed") + makeup
        ordinal = "ordinal" if first is last else "ordinals"
        return self.word(ordinal, first=first.number, last=last.number) + makeup

    def holiday(self, name: str | None) -> str:
        if self.lang == "zh" or name is None:
            return name or ""
        return " / ".join(_HOLIDAYS_EN.get(part, part) for part in name.split("、"))

    def span(self, group: list[Step]) -> str:
        days = sorted({group[0].day, group[-1].day})
        return self.word("to").join(self.date(day) for day in days)

    def date(self, day: date) -> str:
        return f"{day:%m-%d}" if day.year == self.year else f"{day:%Y-%m-%d}"

    def end_time(self, step: Step) -> str:
        if step.at is None or step.at == end_of_day(step.day):
            return "24:00"
        return f"{self.date(step.day)} {local(step.at):%H:%M}"

    def closing(self, period: Period, steps: tuple[Step, ...]) -> Iterator[str]:
        if period.basis:
            names = [citation.zh if self.lang == "zh" else citation.en for citation in period.basis]
            yield self.word("under") + self.word("list").join(names)
        if period.provisional:
            calendar = period.calendar
            days = {step.day for step in steps if calendar.is_provisional(step.day)}
            years = sorted({calendar.awaited_year(day) for day in days})
            yield self.word("provisional", years=self.word("list").join(map(str, years)))

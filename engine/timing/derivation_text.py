"""The derivation in words: 11-20 收到，不计；11-21至11-22 周末，不计；11-23 第1日；…；24:00 届满。

Equal days in a row become one phrase, so that sixty days are still one readable line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from engine.timing.derivation import Effect, Step
from engine.timing.zone import end_of_day, local

if TYPE_CHECKING:
    from engine.timing.periods import Period

_LEFT_OUT = {"zh": "，不计", "en": ", not counted"}
_WHY = {
    "zh": {
        "weekend": "周末",
        "holiday": "{holiday}放假",
        "start_day": "{fact}",
        "start_hour": "{fact}，当时不计",
        "next_hour": "次时起算",
        "from_the_moment": "{fact}，即时起算（夜间、节假日不扣除）",
        "from_admission": "{fact}，当时起算（自当日到第2日为1日，节假日不顺延）",
        "detention_days": "满{number}日",
        "hours": "计{number}小时",
        "leave": "批准请假{number}小时不计入，顺延",
        "measured_only": "{fact}，起计量；无法定期限，只计时不算逾期",
        "cycle_month": "本月末日",
        "cycle_quarter": "本季度末日",
        "corresponding_day": "对应日",
        "month_end": "该月无对应日，以月末日为准",
        "last_day_to_last_day": "月末日至月末日",
        "end": "届满",
    },
    "en": {
        "weekend": "weekend",
        "holiday": "holiday ({holiday})",
        "start_day": "{fact}",
        "start_hour": "{fact}, this hour not counted",
        "next_hour": "runs from the next hour",
        "from_the_moment": "{fact}, runs from this moment (nights and holidays included)",
        "from_admission": "{fact}, runs from this moment (24 hours a day, holidays never extend it)",
        "detention_days": "{number} full days",
        "hours": "{number} hours counted",
        "leave": "{number} hours of approved leave not counted",
        "measured_only": "{fact}, measured from here; no statutory limit, never overdue",
        "cycle_month": "last day of the month",
        "cycle_quarter": "last day of the quarter",
        "corresponding_day": "corresponding day",
        "month_end": "no corresponding day in that month, its last day stands",
        "last_day_to_last_day": "last day of the month to last day of the month",
        "end": "period ends",
    },
}
_NOT_SPECIAL = {
    "zh": {"day": "第{0}日", "days": "第{0}日至第{1}日", "fact": "收到", "to": "至", "join": "；"},
    "en": {
        "day": "day {0}",
        "days": "day {0} to {1}",
        "fact": "received",
        "to": " to ",
        "join": "; ",
    },
}


def render(period: Period, lang: str, fact: str | None) -> str:
    """One line in `lang` (`zh` or `en`); `fact` is the word for the start."""
    words = _Words(lang, fact or _NOT_SPECIAL[lang]["fact"], local(period.start).year)
    parts = [words.phrase(group) for group in _groups(period.derivation)]
    parts += words.closing(period)
    return _NOT_SPECIAL[lang]["join"].join(parts)


def _groups(steps: Iterable[Step]) -> Iterator[list[Step]]:
    """Runs of neighbouring days that read alike."""
    steps = list(steps)
    group = steps[:1]
    for before, step in pairwise(steps):
        if not _reads_alike(before, step):
            yield group
            group = []
        group.append(step)
    if group:
        yield group


def _reads_alike(before: Step, step: Step) -> bool:
    daily = before.effect == step.effect and before.at is None and step.at is None
    in_a_row = abs(step.day - before.day) == timedelta(days=1)
    same = (before.why, before.holiday) == (step.why, step.holiday)
    return daily and in_a_row and same and step.why in ("weekend", "holiday", "calendar_day")


class _Words:
    """The phrases of one language for one period."""

    def __init__(self, lang: str, fact: str, year: int) -> None:
        self.lang, self.fact, self.year = lang, fact, year

    def phrase(self, group: list[Step]) -> str:
        first = group[0]
        if first.effect is Effect.ENDS:
            return f"{self.end_time(first)} {self.why(first)}"
        if first.effect is Effect.COUNTED and first.why in _COUNTED_DAYS:
            return f"{self.span(group)} {self.ordinal(group)}"
        skipped = first.effect is Effect.SKIPPED and first.why not in ("leave", "start_hour")
        return f"{self.span(group)} {self.why(first)}{_LEFT_OUT[self.lang] if skipped else ''}"

    def why(self, step: Step) -> str:
        template = _WHY[self.lang][step.why]
        return template.format(fact=self.fact, number=step.number, holiday=step.holiday)

    def ordinal(self, group: list[Step]) -> str:
        first, last = group[0], group[-1]
        extra = self.makeup(first)
        if first.number is None:
            return self.landing(first) + extra
        which = "day" if first is last else "days"
        return _NOT_SPECIAL[self.lang][which].format(first.number, last.number) + extra

    def makeup(self, step: Step) -> str:
        if step.why != "makeup_workday":
            return ""
        return "（补班日）" if self.lang == "zh" else " (make-up workday)"

    def landing(self, step: Step) -> str:
        return "工作日，末日" if self.lang == "zh" else "working day, the last day"

    def span(self, group: list[Step]) -> str:
        days = sorted({step.day for step in group})
        if group[0].at and group[0].why != "start_day":
            return f"{self.date(days[0])} {local(group[0].at):%H:%M}"
        return _NOT_SPECIAL[self.lang]["to"].join(
            self.date(day) for day in dict.fromkeys((days[0], days[-1]))
        )

    def date(self, day: date) -> str:
        return f"{day:%m-%d}" if day.year == self.year else f"{day:%Y-%m-%d}"

    def end_time(self, step: Step) -> str:
        due = step.at or datetime.min.replace(tzinfo=UTC)
        if due == end_of_day(step.day):
            return "24:00"
        return f"{self.date(local(due).date())} {local(due):%H:%M}"

    def closing(self, period: Period) -> Iterator[str]:
        if period.basis:
            names = [citation.zh if self.lang == "zh" else citation.en for citation in period.basis]
            yield ("依据 " if self.lang == "zh" else "under ") + _LIST[self.lang].join(names)
        if period.provisional:
            yield _PROVISIONAL[self.lang]


_COUNTED_DAYS = frozenset({"calendar_day", "working_day", "makeup_workday"})
_LIST = {"zh": "、", "en": " and "}
_PROVISIONAL = {
    "zh": "暂定：所涉年份的放假通知尚未导入",
    "en": "provisional: the holiday notice of a year concerned is not imported yet",
}

"""The derivation shows every day that was counted or left out, with the reason and the article."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.timing.derivation import Effect
from engine.timing.rules import RULES

from .moments import china, starts


@pytest.mark.parametrize(
    ("rule", "n", "start", "zh", "en"),
    [
        (
            "PR-WD", 3, "2026-11-20T14:20",
            "11-20 收到，不计；11-21至11-22 周末，不计；11-23 第1日；11-24 第2日；11-25 第3日；"
            "24:00 届满；依据 民诉法第八十五条",
            "11-20 received, not counted; 11-21 to 11-22 weekend, not counted; 11-23 day 1; "
            "11-24 day 2; 11-25 day 3; 24:00 the period ends; under Civil Procedure Law art. 85",
        ),
        (
            "PR-WD", 3, "2026-02-12T09:00",
            "02-12 收到，不计；02-13 第1日；02-14 第2日（补班日）；02-15至02-23 春节放假，不计；"
            "02-24 第3日；24:00 届满；依据 民诉法第八十五条",
            "02-12 received, not counted; 02-13 day 1; 02-14 day 2 (make-up workday); "
            "02-15 to 02-23 Spring Festival, not counted; 02-24 day 3; 24:00 the period ends; "
            "under Civil Procedure Law art. 85",
        ),
        (
            "PR-CD", 15, "2026-12-20T09:00",
            "12-20 收到，不计；12-21至2027-01-04 第1日至第15日；24:00 届满；依据 民诉法第八十五条；"
            "暂定：2027年放假通知尚未导入",
            "12-20 received, not counted; 12-21 to 2027-01-04 days 1 to 15; 24:00 the period ends; "
            "under Civil Procedure Law art. 85; "
            "provisional: the holiday notice of 2027 is not imported yet",
        ),
        (
            "PR-CD", 7, "2026-09-25T10:00",
            "09-25 收到，不计；09-26至10-02 第1日至第7日；10-02至10-07 国庆节放假，顺延；"
            "10-08 工作日，末日；24:00 届满；依据 民诉法第八十五条",
            "09-25 received, not counted; 09-26 to 10-02 days 1 to 7; "
            "10-02 to 10-07 National Day, the end moves on; 10-08 working day, the last day; "
            "24:00 the period ends; under Civil Procedure Law art. 85",
        ),
        (
            "PR-HN", 2, "2026-11-20T14:20",
            "11-20 14:20 收到，当时不计；11-20 15:00 次时起算；计2小时；11-20 17:00 届满；"
            "依据 民诉法解释第一百二十五条",
            "11-20 14:20 received, this hour not counted; 11-20 15:00 runs from the next hour; "
            "2 h counted; 11-20 17:00 the period ends; "
            "under Interpretation on the Civil Procedure Law art. 125",
        ),
        (
            "PR-MCX", 1, "2026-02-28T10:00",
            "02-28 收到，不计；03-31 月末日至月末日；24:00 届满；"
            "依据 刑诉法第一百零五条、刑诉法解释第二百零二条",
            "02-28 received, not counted; 03-31 last day of a month to last day of a month; "
            "24:00 the period ends; under Criminal Procedure Law art. 105 and "
            "Interpretation on the Criminal Procedure Law art. 202",
        ),
    ],
)  # fmt: skip
def test_the_derivation_reads_as_a_sentence(norms, rule, n, start, zh, en):
    found = norms.compute(rule, n, china(start))
    assert found.explain() == zh
    assert found.explain("en") == en


def test_the_article_is_the_one_in_force_when_the_period_starts(norms):
    assert norms.compute("PR-WD", 3, china("2021-06-16T09:30")).article == "民诉法第八十二条"
    assert norms.compute("PR-WD", 3, china("2022-06-16T09:30")).article == "民诉法第八十五条"


def test_leave_is_a_step_of_a_detention(norms):
    found = norms.compute("PR-DET", 5, china("2026-02-10T16:20"), leave=timedelta(hours=12))
    assert "批准请假12小时不计入" in found.explain()
    assert found.explain("en").count("02-16 04:20 the period ends") == 1


def test_the_steps_are_plain_data(norms):
    steps = norms.compute("PR-WD", 1, china("2026-02-13T09:00")).as_data()["derivation"]
    assert steps == [
        {
            "date": "2026-02-13", "at": "2026-02-13T09:00:00+08:00", "effect": "skipped",
            "why": "start_day", "number": None, "holiday": None, "provisional": False,
        },
        {
            "date": "2026-02-14", "at": None, "effect": "counted", "why": "makeup_workday",
            "number": 1, "holiday": "春节", "provisional": False,
        },
        {
            "date": "2026-02-14", "at": "2026-02-15T00:00:00+08:00", "effect": "ends",
            "why": "end", "number": None, "holiday": None, "provisional": False,
        },
    ]  # fmt: skip


@given(
    start=starts(),
    n=st.integers(1, 40),
)
def test_every_day_between_start_and_end_is_explained_once(norms, start, n):
    found = norms.compute("PR-WD", n, start)
    daily = [step for step in found.derivation if step.effect in (Effect.COUNTED, Effect.SKIPPED)]
    first = start.date()
    expected = [first + timedelta(days=d) for d in range((found.last_day - first).days + 1)]
    assert [step.day for step in daily] == expected
    counted = [step.number for step in daily if step.effect is Effect.COUNTED]
    assert counted == list(range(1, n + 1))


@given(
    rule=st.sampled_from(list(RULES)),
    start=starts("2050-01-01"),
    lang=st.sampled_from(["zh", "en"]),
)
def test_every_derivation_ends_where_the_period_ends(norms, rule, start, lang):
    found = norms.compute(rule, 3, start)
    if found.due is not None:
        assert found.derivation[-1].effect is Effect.ENDS
        assert found.derivation[-1].at == found.due
    assert "{" not in found.explain(lang)


def test_a_stated_end_date_is_shown_instead_of_a_count(norms):
    found = norms.due(
        "T-SEAL-2Y", "nanzhao_2021", china("2026-11-20T14:20"), until=date(2028, 3, 1)
    )
    text = found.explain(fact="期限起日")
    assert text.startswith("11-20 期限起日，期限起；2028-03-01 文书载明的止日；24:00 届满")

"""`liandong deadlines explain`: due, last day and derivation of a rule or of a timer."""

import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from web.commands.deadlines import deadlines
from web.messages import catalogue

VECTORS = yaml.safe_load(
    (Path(__file__).parents[1] / "engine" / "timing" / "period_vectors.yaml").read_text("utf-8")
)["vectors"]


def explained(*words: str):
    return CliRunner().invoke(deadlines, ["explain", *words])


@pytest.mark.parametrize("vector", VECTORS[::6], ids=lambda vector: vector["id"])
def test_a_vector_is_explained_as_json(vector):
    leave = str(vector.get("leave_hours", 0))
    result = explained(
        vector["rule"], str(vector["n"]), vector["start"], "--leave-hours", leave, "--json"
    )
    found = json.loads(result.output)
    assert found["due"] == vector["due"]
    assert found["last_day"] == vector.get("last_day")
    assert found["provisional"] is vector["provisional"]
    assert found["derivation"][-1]["effect"] == "ends"


def test_a_rule_is_explained_in_words():
    result = explained("PR-WD", "3", "2026-11-20T14:20")
    assert result.exit_code == 0
    assert "届满：2026-11-25 24时" in result.output
    assert "11-23 第1日" in result.output
    assert "依据 民诉法第八十五条" in result.output


def test_a_timer_needs_no_number_and_follows_the_profile():
    nanzhao = explained("T-PER-2H", "2026-11-20T14:20")
    assert "T-PER-2H 被控制人员交接（nanzhao_2021）" in nanzhao.output
    assert "届满：2026-11-20 16:20" in nanzhao.output
    zhoukou = explained("T-PER-2H", "2026-11-20T14:20", "--profile", "zhoukou_2021")
    assert zhoukou.exit_code == 0
    assert "方案 zhoukou_2021 没有期限 T-PER-2H" in zhoukou.output
    as_json = explained("T-PER-2H", "2026-11-20T14:20", "--profile", "zhoukou_2021", "--json")
    assert json.loads(as_json.output)["due"] is None


def test_a_timer_may_take_a_chosen_number():
    assert "2026-11-25 14:20" in explained("T-DET-15D", "5", "2026-11-20T14:20").output
    assert explained("T-DET-15D", "16", "2026-11-20T14:20").exit_code == 1


def test_a_measured_period_shows_its_advisory_value():
    result = explained("T-IMM-PERRCV", "2026-11-20T14:20", "--profile", "zhoukou_2021")
    assert "届满：无" in result.output
    assert "参考值：2026-11-20 16:20（不是期限）" in result.output


def test_an_instant_without_a_zone_is_china_time():
    here = json.loads(explained("PR-H", "2", "2026-11-20T14:20", "--json").output)
    there = json.loads(explained("PR-H", "2", "2026-11-20T06:20:00+00:00", "--json").output)
    assert here["due"] == there["due"] == "2026-11-20T16:20:00+08:00"


def test_english_is_the_second_language():
    result = explained("PR-CD", "15", "2026-12-20", "--lang", "en")
    assert "Due: 2027-01-04 24:00 (provisional)" in result.output
    assert "days 1 to 15" in result.output


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["PR-XX", "3", "2026-11-20"], 1, "没有规则“PR-XX”"),
        (["PR-WD", "2026-11-20"], 1, "PR-WD 需要数额"),
        (["PR-WD", "0", "2026-11-20"], 1, "PR-WD 的数额应为 1–3660"),
        (["T-XX", "2026-11-20"], 1, "没有期限“T-XX”"),
        (["T-QRY-3WD", "2026-11-20", "--profile", "xx"], 1, "没有规范方案“xx”"),
        (["PR-H", "2", "2026-11-20", "--leave-hours", "3"], 1, "只有拘留期限（PR-DET）"),
        (["PR-WD", "x", "2026-11-20"], 2, "数额“x”不是整数"),
        (["PR-WD", "3", "2026-02-30"], 2, "起算时刻“2026-02-30”不是"),
        (["PR-WD", "3", "2026-11-20", "14:20"], 2, "不是 ISO 8601 时刻"),
        (["PR-WD"], 2, "Missing argument"),
    ],
)
def test_a_mistake_is_answered_with_a_sentence(words, code, sentence):
    result = explained(*words)
    assert result.exit_code == code
    assert sentence in result.output


def test_every_sentence_about_time_exists_in_both_languages():
    about_time = ("clock.", "calendar.", "period.", "norm.", "citation.", "deadlines.", "data.")
    zh, en = (
        {code for code in catalogue(language) if code.startswith(about_time)}
        for language in ("zh", "en")
    )
    assert zh == en

"""`liandong calendar`: a holiday file is checked before its import, every refusal a sentence."""

import json
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from click.testing import CliRunner

from tests.factories import make_engine
from web.commands.calendar import calendar
from web.commands.deadlines import NORMS_FOLDER


@pytest.fixture
def year_2026() -> dict:
    return yaml.safe_load((NORMS_FOLDER / "calendar" / "2026.yaml").read_text("utf-8"))


def checked(folder: Path, data: dict, *options: str):
    file = folder / "2026.yaml"
    file.write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
    return CliRunner().invoke(calendar, ["check", str(file), *options])


def test_a_sound_file_is_summed_up_with_the_days_it_would_change(tmp_path, year_2026):
    same = checked(tmp_path, year_2026)
    assert same.exit_code == 0
    assert "2026 年（正式）：放假 33 日，补班 6 日。" in same.output
    assert "没有变化" in same.output
    year_2026["makeup_workdays"][0]["date"] = "2026-01-10"
    moved = checked(tmp_path, year_2026, "--lang", "en")
    assert "2 days change: 2026-01-04" in moved.output
    assert "2026-01-10 Sat: make-up workday" in moved.output


def drop_off(*dates):
    def change(data):
        data["off_days"] = [row for row in data["off_days"] if str(row["date"]) not in dates]

    return change


def end_in_may(data):
    data["off_days"] = [row for row in data["off_days"] if str(row["date"]) < "2026-06"]


def add_makeup(text):
    return lambda data: data["makeup_workdays"].append({"date": text, "name": "国庆节"})


@pytest.mark.parametrize(
    ("change", "lang", "sentence"),
    [
        (drop_off("2026-10-02"), "zh", "缺少放假日 2026-10-02（国庆节）"),
        (drop_off("2026-10-02"), "en", "lacks the day off 2026-10-02"),
        (end_in_may, "zh", "2026 年到 2026-05-05 就结束了，缺少 端午节（自 2026-06-19 起）"),
        (end_in_may, "en", "2026 ends at 2026-05-05"),
        (add_makeup("2026-10-12"), "zh", "补班日 2026-10-12 在星期一至星期五之间"),
        (add_makeup("2026-10-12"), "en", "make-up workday 2026-10-12 falls on Monday to Friday"),
        (add_makeup("2026-10-10"), "zh", "2026-10-10 写了两次"),
        (add_makeup("2026-11-07"), "zh", "放假的工作日只够 6 个调休"),
        (lambda data: data["makeup_workdays"].pop(), "zh", "需要 6 个补班日，只有 5 个"),
        (lambda data: data.update(notices=[]), "zh", "没有写放假通知的出处"),
        (lambda data: data.update(status="draft"), "en", "must be official | provisional"),
        (add_makeup("2026-02-30"), "zh", "日期“2026-02-30”不存在"),
    ],
)
def test_a_wrong_file_is_refused_with_one_sentence(tmp_path, year_2026, change, lang, sentence):
    change(year_2026)
    result = checked(tmp_path, year_2026, "--lang", lang)
    assert result.exit_code == 1
    assert sentence in result.output
    assert "2026.yaml" in result.output
    assert len(result.output.splitlines()) == 1


def test_a_day_is_explained():
    run = CliRunner().invoke
    assert (
        "2026-02-14 星期六：补班日，为工作日（春节）。"
        in run(calendar, ["explain", "2026-02-14"]).output
    )
    coming = run(calendar, ["explain", "2026-12-31"]).output
    assert "暂定，2027 年放假通知尚未导入" in coming
    assert run(calendar, ["explain", "2026-02-30"]).exit_code == 2
    assert run(calendar, ["explain", "2150-01-01"]).exit_code == 1


# importing ----------------------------------------------------------------------------


@pytest.fixture
def installation(tmp_path):
    made = make_engine(tmp_path)
    yield SimpleNamespace(engine=lambda: made)
    made.database.close()


def imported(installation, folder: Path, data: dict, *options: str):
    file = folder / "year.yaml"
    file.write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
    return CliRunner().invoke(calendar, ["import", str(file), *options], obj=installation)


def test_a_notice_is_imported_once_and_counts_from_then_on(installation, tmp_path, year_2026):
    year_2026["makeup_workdays"][0]["date"] = "2026-01-10"
    first = imported(installation, tmp_path, year_2026)
    assert first.exit_code == 0, first.output
    assert "已导入 2026 年放假通知，0 项暂定期限" in first.output
    known = installation.engine().statutes.current.calendar
    assert known.is_working_day(date(2026, 1, 10))
    again = imported(installation, tmp_path, year_2026, "--json")
    assert json.loads(again.output) == {"years": [], "moved": 0, "version": known.version}


def test_a_file_that_is_no_year_is_refused_with_the_reason(installation, tmp_path, year_2026):
    end_in_may(year_2026)
    refused = imported(installation, tmp_path, year_2026)
    assert refused.exit_code == 1
    assert "缺少 端午节" in refused.output

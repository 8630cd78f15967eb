"""A calendar file that cannot be a year of the State Council's notices is refused, naming file,
date, what was expected and what was found."""

import json
from datetime import date

import pytest
import yaml

from engine.errors import Refusal
from engine.timing.calendar import YearStatus
from engine.timing.calendar_import import read_calendar


def year_2026(norm_files):
    return yaml.safe_load(norm_files["calendar/2026.yaml"])


def day(text, name="国庆节"):
    return {"date": text, "name": name}


def without(days, *dates):
    return [row for row in days if str(row["date"]) not in dates]


def refused(data, calendar, text=None):
    with pytest.raises(Refusal) as caught:
        read_calendar("2026.yaml", text or yaml.safe_dump(data), calendar.statutory)
    return caught.value


def test_the_shipped_years_are_read_back_unchanged(calendar, norm_files):
    for year in range(2018, 2028):
        name = f"calendar/{year}.yaml"
        [found] = read_calendar(name, norm_files[name], calendar.statutory)
        assert found == calendar.years[year]
        [again] = read_calendar(name, json.dumps(found.as_data()), calendar.statutory)
        assert again == found


def test_several_years_are_read_from_one_json_file(calendar):
    years = {str(year): calendar.years[year].as_data() for year in (2025, 2026)}
    text = json.dumps({"schema": "cn-calendar/1", "years": years})
    found = read_calendar("两年.json", text, calendar.statutory)
    assert [(entry.year, entry.status) for entry in found] == [
        (2025, YearStatus.OFFICIAL),
        (2026, YearStatus.OFFICIAL),
    ]


def test_a_notice_may_reach_back_into_the_last_week_of_december(calendar, norm_files):
    data = year_2026(norm_files)
    data["off_days"].append(day("2025-12-31", "元旦"))
    data["makeup_workdays"].append(day("2025-12-27", "元旦"))
    [found] = read_calendar("2026.yaml", yaml.safe_dump(data), calendar.statutory)
    assert date(2025, 12, 31) in found.off_days


def drop_off(*dates):
    return lambda data: data.update(off_days=without(data["off_days"], *dates))


def add_makeup(*dates):
    return lambda data: data["makeup_workdays"].extend(day(text) for text in dates)


def add_off(*dates):
    return lambda data: data["off_days"].extend(day(text) for text in dates)


WRONG = {
    "a statutory day is missing": (drop_off("2026-10-02"), "day_missing", "2026-10-02"),
    "a day inside a holiday is missing": (drop_off("2026-02-20"), "day_missing", "2026-02-20"),
    "the year ends early": (
        lambda data: data.update(
            off_days=[row for row in data["off_days"] if str(row["date"]) < "2026-06"]
        ),
        "ends_early",
        "2026-06-19",
    ),
    "the year has no days off": (lambda data: data.update(off_days=[]), "day_missing", "01-01"),
    "a make-up day on a weekday": (add_makeup("2026-10-12"), "makeup_on_weekday", "2026-10-12"),
    "a make-up day twice": (add_makeup("2026-10-17", "2026-10-17"), "duplicate", "2026-10-17"),
    "a day off twice": (add_off("2026-10-01"), "duplicate", "2026-10-01"),
    "a day off and made up": (add_makeup("2026-10-04"), "off_and_makeup", "2026-10-04"),
    "a make-up day too many": (add_makeup("2026-11-07"), "off_days_too_few", "6"),
    "a make-up day is missing": (
        lambda data: data["makeup_workdays"].pop(),
        "makeup_missing",
        "6",
    ),
    "a day of another year": (add_off("2027-01-01"), "outside_year", "2027-01-01"),
    "a day that does not exist": (add_off("2026-02-30"), "not_a_date", "2026-02-30"),
    "a day without a name": (
        lambda data: data["off_days"].append({"date": "2026-10-01"}),
        "row",
        "",
    ),
    "a row that is a word": (
        lambda data: data["off_days"].append("2026-10-01"),
        "row",
        "2026-10-01",
    ),
    "no list of days": (lambda data: data.pop("off_days"), "no_days", "off_days"),
    "a list that is a word": (lambda data: data.update(makeup_workdays="无"), "no_days", "makeup"),
    "an unknown status": (lambda data: data.update(status="draft"), "status", "draft"),
    "official without a notice": (lambda data: data.update(notices=[]), "no_notice", "2026"),
    "a year in words": (lambda data: data.update(year="今年"), "year_number", "今年"),
    "a status that is a list": (lambda data: data.update(status=["official"]), "status", "…"),
    "a year too far": (lambda data: data.update(year=2150), "year_number", "2150"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_year_is_refused_by_name(calendar, norm_files, wrong):
    change, code, named = WRONG[wrong]
    data = year_2026(norm_files)
    change(data)
    error = refused(data, calendar)
    assert error.code == f"calendar.{code}"
    assert error.params["file"] == "2026.yaml"
    assert named in str(error)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("year: 2026\noff_days: [", "data.not_yaml"),
        ("[" * 100_000, "data.too_deep"),
        ("year: &a [1]\nyears: *a", "data.alias"),
        (b"year: \xc3\x28", "data.not_yaml"),
        ("- 1\n- 2", "calendar.shape"),
        ("years: {}", "calendar.shape"),
        ("years: {2026: 无}", "calendar.shape"),
        ("", "calendar.shape"),
        ("year: 0x" + "f" * 5000, "calendar.year_number"),
    ],
)
def test_a_file_that_is_no_calendar_is_refused(calendar, text, code):
    with pytest.raises(Refusal) as caught:
        read_calendar("坏.yaml", text, calendar.statutory)
    assert (caught.value.code, caught.value.params["file"]) == (code, "坏.yaml")


def test_a_broken_file_names_the_line(calendar):
    error = refused(None, calendar, "year: 2026\nstatus: 'official\n")
    assert error.params["line"] == 3


def test_a_second_notice_may_grant_days_without_make_up(calendar, norm_files):
    data = year_2026(norm_files)
    data["makeup_workdays"].pop()
    data["notices"].append("国务院办公厅关于延长假期的通知")
    [found] = read_calendar("2026.yaml", yaml.safe_dump(data), calendar.statutory)
    assert len(found.makeup_workdays) == 5


def test_a_provisional_year_needs_no_notice_and_no_make_up_days(calendar):
    data = calendar.years[2027].as_data()
    [found] = read_calendar("2027.yaml", json.dumps(data), calendar.statutory)
    assert found.status is YearStatus.PROVISIONAL

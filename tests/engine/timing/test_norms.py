"""The shipped norms, and what is refused when an analyst writes them wrongly."""

from copy import deepcopy
from datetime import date, time, timedelta
from decimal import Decimal

import pytest
import yaml

from engine.errors import NotFound, Refusal
from engine.timing.citations import chinese_number
from engine.timing.functions import due_function, working_days_function
from engine.timing.norms import Norms
from engine.timing.zone import end_of_day

from .moments import china

NANZHAO, ZHOUKOU = "nanzhao_2021", "zhoukou_2021"


START = china("2026-11-20T14:20")


def test_the_shipped_norms_hold_every_period_row_and_clause(norms):
    assert len(norms.periods) == 70
    assert len(norms.obligations) == 349
    assert set(norms.profiles) == {NANZHAO, ZHOUKOU}
    assert {row.document.id for row in norms.clauses.values()} == {"NZ", "ZK"}
    assert norms.roles["court_command_center"] == "执行指挥中心"


def test_every_period_can_be_computed_in_every_profile_that_has_it(norms):
    for timer, row in norms.periods.items():
        for profile in norms.profiles:
            found = norms.due(timer, profile, START)
            assert (found is not None) == (profile in row.profiles)
            if found:
                assert (found.due is None) == (row.kind == "measured")
                assert found.timer == timer
                assert row.kind == "measured" or found.article


@pytest.mark.parametrize(
    ("timer", "nanzhao", "zhoukou"),
    [
        ("T-QRY-3WD", "2026-11-26T00:00", None),
        ("T-VEH-1H", "2026-11-20T15:20", None),
        ("T-PER-2H", "2026-11-20T16:20", None),
        ("T-CRIME-15D", None, "2026-12-08T00:00"),
        ("T-SYS-24H", None, "2026-11-21T14:20"),
        ("T-INQ-8H", "2026-11-20T22:20", "2026-11-20T22:20"),
    ],
)
def test_each_profile_has_its_own_limits(norms, timer, nanzhao, zhoukou):
    for profile, due in ((NANZHAO, nanzhao), (ZHOUKOU, zhoukou)):
        found = norms.due(timer, profile, START)
        assert (found and found.due) == (china(due) if due else None)


def test_a_measured_period_has_an_advisory_value_and_no_due_instant(norms):
    taken = norms.due("T-IMM-PERRCV", ZHOUKOU, START)
    assert (taken.due, taken.advisory) == (None, START + timedelta(hours=2))
    served = norms.due("T-IMM-SERVE", NANZHAO, START)
    assert served.advisory == end_of_day(date(2026, 11, 23))
    assert norms.due("T-IMM-WHERE", NANZHAO, START).advisory == START + timedelta(minutes=30)
    assert norms.due("T-IMM-WHERE", ZHOUKOU, START).advisory is None


def test_the_profiles_own_clause_is_cited_first(norms):
    assert norms.due("T-CRIME-7D", NANZHAO, START).article == (
        "召法发(2021)12号 二(五)1；法发〔2025〕8号第五条；刑诉法第一百零五条"
    )
    assert norms.due("T-CRIME-7D", ZHOUKOU, START).article == (
        "法发〔2025〕8号第五条；刑诉法第一百零五条"
    )


def test_the_number_written_in_a_notice_counts_when_it_ends_earlier(norms):
    one = norms.due("T-QRY-3WD", NANZHAO, china("2026-11-23T09:00"), written_days=1)
    assert one.last_day == date(2026, 11, 24)
    three = norms.due("T-QRY-3WD", NANZHAO, china("2026-11-26T09:00"), written_days=3)
    assert (three.rule, three.last_day) == ("PR-CD", date(2026, 11, 30))
    with pytest.raises(Refusal, match=r"period\.amount"):
        norms.due("T-QRY-3WD", NANZHAO, START, written_days=4)
    with pytest.raises(Refusal, match=r"period\.amount"):
        norms.due("T-DIS-DEL-3WD", NANZHAO, START, written_days=2)


def test_an_amount_may_be_chosen_up_to_the_most_that_the_law_allows(norms):
    found = norms.due("T-DET-15D", NANZHAO, START, n=5, leave=timedelta(hours=12))
    assert found.due == START + timedelta(days=5, hours=12)
    for timer, n in (("T-DET-15D", 16), ("T-DET-15D", 0), ("T-QRY-3WD", 5), ("T-IMM-110", 1)):
        with pytest.raises(Refusal, match=r"period\.amount"):
            norms.due(timer, NANZHAO, START, n=n)


def test_a_term_ends_on_the_day_that_the_instrument_states_but_not_beyond_the_law(norms):
    found = norms.due("T-SEAL-2Y", NANZHAO, START, until=date(2028, 3, 1))
    assert (found.due, found.last_day) == (end_of_day(date(2028, 3, 1)), date(2028, 3, 1))
    for until in (date(2028, 11, 21), date(2026, 11, 19)):
        with pytest.raises(Refusal, match=r"period\.until"):
            norms.due("T-SEAL-2Y", NANZHAO, START, until=until)
    with pytest.raises(Refusal, match=r"period\.until"):
        norms.due("T-QRY-3WD", NANZHAO, START, until=date(2026, 11, 24))


def changed(norm_files, file, change):
    data = yaml.safe_load(norm_files[file])
    change(data)
    return norm_files | {file: yaml.safe_dump(data, allow_unicode=True).encode()}


def profile_switches(**switches):
    return lambda data: data["profiles"][0]["switches"].update(switches)


def test_hours_between_the_agencies_may_start_on_the_next_hour_but_never_limits_on_liberty(
    norm_files,
):
    switch = profile_switches(hour_start="next_hour")
    norms = Norms.read(changed(norm_files, "profiles.yaml", switch))
    assert norms.due("T-PER-2H", NANZHAO, START).due == china("2026-11-20T17:00")
    assert norms.due("T-INQ-12H", NANZHAO, START).due == china("2026-11-21T02:20")


def test_a_profile_may_end_its_days_at_the_close_of_business(norm_files):
    switch = profile_switches(end_of_day="17:30")
    norms = Norms.read(changed(norm_files, "profiles.yaml", switch))
    assert norms.profile(NANZHAO).switches.business_close == time(17, 30)
    assert norms.due("T-QRY-3WD", NANZHAO, START).due == china("2026-11-25T17:30")


def test_a_period_binds_only_while_it_is_in_force(norm_files):
    def repealed(data):
        data["periods"][0].update(valid_from="2022-01-01", valid_to="2026-12-01")

    norms = Norms.read(changed(norm_files, "periods.yaml", repealed))
    dates = [date(2021, 12, 31), date(2022, 1, 1), date(2026, 11, 30), date(2026, 12, 1)]
    found = [norms.period("T-QRY-3WD", NANZHAO, on) is not None for on in dates]
    assert found == [False, True, True, False]


@pytest.mark.parametrize(
    ("subject", "on", "written"),
    [
        ("CIT-CPL-QUERY", date(2021, 12, 31), "民诉法第二百四十二条"),
        ("CIT-CPL-QUERY", date(2022, 1, 1), "民诉法第二百四十九条"),
        ("CIT-CPL-QUERY", date(2024, 1, 1), "民诉法第二百五十三条"),
        ("查封、扣押、拍卖财产", date(2021, 6, 16), "民诉法第二百四十四条"),
        ("查封、扣押、拍卖财产", date(2026, 11, 20), "民诉法第二百五十五条"),
        ("限制出境", date(2023, 5, 1), "民诉法第二百六十二条"),
        ("CIT-CPL-INVESTIGATION", date(2021, 6, 16), "民诉法第六十七条"),
        ("CIT-CPI-INQUIRY", date(2022, 4, 9), "民诉法解释第四百八十四条"),
        ("CIT-CPI-INQUIRY", date(2022, 4, 10), "民诉法解释第四百八十二条"),
        ("CIT-CSL-LOG", date(2026, 1, 1), "网络安全法第二十三条"),
        ("CIT-CRL-156", date(2026, 1, 1), "刑诉法第一百五十六条至第一百五十九条"),
    ],
)
def test_a_citation_carries_the_number_of_its_date(norms, subject, on, written):
    assert norms.cite(subject, on).zh == written


def test_a_citation_is_printed_in_full_in_letters_and_in_english(norms):
    found = norms.cite("CIT-CPL-QUERY", date(2026, 11, 20))
    assert found.full == "《中华人民共和国民事诉讼法》第二百五十三条"
    assert found.en == "Civil Procedure Law art. 253"


def test_a_citation_before_its_law_or_of_nothing_is_refused(norms):
    with pytest.raises(Refusal, match=r"citation\.not_in_force"):
        norms.cite("CIT-CC-201", date(2020, 12, 31))
    with pytest.raises(NotFound, match=r"citation\.unknown"):
        norms.cite("CIT-NOTHING", date(2026, 1, 1))


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (85, "八十五"), (100, "一百"),
     (105, "一百零五"), (118, "一百一十八"), (253, "二百五十三"), (1001, "一千零一"),
     (1259, "一千二百五十九")],
)  # fmt: skip
def test_article_numbers_are_written_as_statutes_write_them(number, words):
    assert chinese_number(number) == words


def test_a_clause_may_be_named_by_paragraph_by_row_or_by_citation(norms):
    for known in ("NZ-2.1-police-2a", "NZ-2.1-police-2", "ZK-2.5", "CIT-CPL-EXIT"):
        assert norms.has_clause(known)
    assert not norms.has_clause("NZ-9.9")
    assert norms.clause("NZ-2.1-police-2a") == norms.clause("NZ-2.1-police-2")
    assert "3个工作日" in norms.clause("NZ-2.1-police-2").text
    assert norms.obligation("ZK-2.5-6").timer == "T-CRIME-15D"
    assert "15日内" in norms.obligation("ZK-2.5-6").quote


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (lambda norms: norms.period("T-NONE", NANZHAO, date(2026, 1, 1)), "norm.period_unknown"),
        (lambda norms: norms.due("T-QRY-3WD", "nowhere", START), "norm.profile_unknown"),
        (lambda norms: norms.clause("NZ-9.9"), "norm.clause_unknown"),
        (lambda norms: norms.obligation("NZ-9.9"), "norm.obligation_unknown"),
        (lambda norms: norms.ladder("T-NONE"), "norm.period_unknown"),
    ],
)
def test_what_is_not_there_is_named(norms, ask, code):
    with pytest.raises(NotFound) as caught:
        ask(norms)
    assert caught.value.code == code
    assert caught.value.params["found"]


def test_no_name_or_telephone_number_of_a_person_is_shipped(norms):
    texts = [row.text for row in norms.clauses.values()]
    texts += [row.quote for row in norms.obligations.values()]
    for text in texts:
        digits = "".join(mark if mark.isdigit() else " " for mark in text).split()
        assert not [number for number in digits if len(number) > 6], text


def first_period(**fields):
    return lambda data: data["periods"][0].update(fields)


def first(section, **fields):
    return lambda data: data[section][0].update(fields)


WRONG = {
    "an unknown rule": ("periods.yaml", first_period(rule="PR-3D"), "norm.field", "rule"),
    "a misspelt field": ("periods.yaml", first_period(lader="days"), "norm.field", "lader"),
    "an amount of none": ("periods.yaml", first_period(amount=0), "norm.field", "amount"),
    "a wrong unit": ("periods.yaml", first_period(unit="hour"), "norm.field", "unit"),
    "a roll that the rule has not": ("periods.yaml", first_period(roll=True), "norm.field", "roll"),
    "an unknown start": ("periods.yaml", first_period(start="someday"), "norm.field", "start"),
    "an unknown ladder": ("periods.yaml", first_period(ladder="x"), "norm.field", "ladder"),
    "an unknown profile": ("periods.yaml", first_period(profiles=["x"]), "norm.reference", "x"),
    "an unknown clause": ("periods.yaml", first_period(clauses=["NZ-9"]), "norm.reference", "NZ-9"),
    "an unknown law": (
        "periods.yaml", first_period(citations=["CIT-X"]), "norm.reference", "CIT-X",
    ),
    "an unknown extension": (
        "periods.yaml", first_period(extends_to="T-X"), "norm.reference", "T-X",
    ),
    "a date that is none": (
        "periods.yaml", first_period(valid_from="2026-02-30"), "norm.field", "2026-02-30",
    ),
    "a period twice": (
        "periods.yaml",
        lambda data: data["periods"].append(deepcopy(data["periods"][0])),
        "norm.duplicate", "T-QRY-3WD",
    ),
    "no periods": ("periods.yaml", lambda data: data.pop("periods"), "norm.section", "periods"),
    "a rule without its law": (
        "periods.yaml", lambda data: data["rules"].pop("PR-WD"), "norm.field", "PR-WD",
    ),
    "a rung to nobody": (
        "periods.yaml",
        lambda data: data["ladders"]["days"]["levels"][0].update(to=["boss"]),
        "norm.field", "boss",
    ),
    "a rung without a moment": (
        "periods.yaml",
        lambda data: data["ladders"]["days"]["reminders"][0].pop("percent"),
        "norm.field", "moment",
    ),
    "a rung at no time of day": (
        "periods.yaml",
        lambda data: data["ladders"]["days"]["reminders"][1].update(last_working_day="25:00"),
        "norm.field", "25:00",
    ),
    "a quote that the clause does not hold": (
        "obligations.yaml", first("obligations", quote="甲乙丙"), "norm.field", "甲乙丙",
    ),
    "a row of an unknown clause": (
        "obligations.yaml", first("obligations", clause="NZ-9"), "norm.field", "NZ-9",
    ),
    "a clause of an unknown document": (
        "clauses.yaml", first("clauses", document="XX"), "norm.field", "XX",
    ),
    "a citation of an unknown law": (
        "citations.yaml", first("citations", law="X"), "norm.field", "X",
    ),
    "an article that is no number": (
        "citations.yaml",
        lambda data: data["citations"][0]["versions"][0].update(articles=["一", "二"]),
        "norm.field",
        "一",
    ),
    "a festival year in words": (
        "calendar/festivals.yaml",
        lambda data: data.update({"今年": {}}),
        "norm.field",
        "今年",
    ),
    "versions in the wrong order": (
        "citations.yaml",
        lambda data: data["citations"][0]["versions"].reverse(),
        "norm.field", "versions",
    ),
    "an item that the profile does not have": (
        "profiles.yaml",
        lambda data: data["profiles"][1]["items"]["meeting"].update(periods=["T-MEET-M"]),
        "norm.reference", "T-MEET-M",
    ),
    "an unknown switch": ("profiles.yaml", profile_switches(end="24h"), "norm.field", "end"),
    "a close of business that is no time": (
        "profiles.yaml", profile_switches(end_of_day="late"), "norm.field", "late",
    ),
    "a festival table with a gap": (
        "calendar/festivals.yaml", lambda data: data.pop(2050), "norm.section", "gap",
    ),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_norm_data_with_a_mistake_are_refused_by_file_and_field(norm_files, wrong):
    file, change, code, named = WRONG[wrong]
    with pytest.raises(Refusal) as caught:
        Norms.read(changed(norm_files, file, change))
    assert caught.value.code == code
    assert caught.value.params["file"] == file
    assert named in str(caught.value)


def test_a_missing_file_is_named(norm_files):
    del norm_files["clauses.yaml"]
    with pytest.raises(Refusal) as caught:
        Norms.read(norm_files)
    assert (caught.value.code, caught.value.params["expected"]) == (
        "norm.file_missing", "clauses.yaml",
    )  # fmt: skip


def test_the_version_follows_the_content(norms, norm_files):
    assert Norms.read(norm_files).version == norms.version
    other = changed(norm_files, "profiles.yaml", profile_switches(hour_start="next_hour"))
    assert Norms.read(other).version != norms.version


def test_another_calendar_changes_the_count_and_nothing_else(norms):
    settled = norms.with_calendar(norms.calendar.with_years([]))
    assert (
        settled.due("T-QRY-3WD", NANZHAO, START).due == norms.due("T-QRY-3WD", NANZHAO, START).due
    )
    assert settled.version == norms.version


def test_diagrams_ask_for_a_due_instant_and_get_null_where_there_is_none(norms):
    due = due_function(norms, NANZHAO)
    assert due("T-PER-2H", START) == START + timedelta(hours=2)
    assert due("T-DET-15D", START, Decimal(5)) == START + timedelta(days=5)
    assert due("T-QRY-3WD", START, Decimal(1)) == end_of_day(date(2026, 11, 23))
    assert due("T-SEAL-2Y", START, date(2027, 1, 1)) == end_of_day(date(2027, 1, 1))
    assert due("T-PER-2H", None) is None
    assert due("T-IMM-110", START) is None
    assert due_function(norms, ZHOUKOU)("T-PER-2H", START) is None
    with pytest.raises(Refusal, match=r"period\.amount"):
        due("T-DET-15D", START, Decimal("1.5"))


def test_diagrams_ask_for_working_days(norms):
    working_days = working_days_function(norms, NANZHAO)
    assert working_days(Decimal(3), START) == end_of_day(date(2026, 11, 25))
    assert working_days(None, START) is None
    assert working_days(3, None) is None

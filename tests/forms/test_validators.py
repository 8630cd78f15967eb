"""Each validator by name: what it takes, how it stores it, why it refuses."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from forms.context import CheckContext, FormSettings
from forms.validators import VALIDATORS
from forms.validators.identity import PROVINCES, check_character
from forms.validators.organisation import credit_check, organisation_check
from forms.validators.vehicle import vin_check

NOW = datetime(2026, 11, 19, 19, 10, tzinfo=UTC)
TESTS = FormSettings(test_identities=True)
TEXT_VALIDATORS = sorted(set(VALIDATORS) - {"V-PAST"})


def check(name: str, value: object, settings: FormSettings = TESTS, **siblings: object):
    return VALIDATORS[name](value, CheckContext(NOW, settings, siblings))


@pytest.mark.parametrize(
    ("name", "typed", "stored"),
    [
        ("V-CASENO", "(2026)豫1321执123号", "（2026）豫1321执123号"),
        ("V-CASENO", " 〔2024〕 豫13 执恢 7 号 ", "（2024）豫13执恢7号"),
        ("V-CASENO", "（２０２６）最高法执监5号", "（2026）最高法执监5号"),
        ("V-CASENO", "（2019）京73知民初1号", "（2019）京73知民初1号"),
        ("V-CASEDOCNO", "(2026)豫1321执123号之一", "（2026）豫1321执123号之一"),
        ("V-DOCNO", "召公(2026)12号", "召公〔2026〕12号"),
        ("V-COURTCODE", " 豫1321 ", "豫1321"),
        ("V-RIC", "411321 18000101 0005", "411321180001010005"),
        ("V-PASSPORT", "e12345678", "E12345678"),
        ("V-PERMIT", "h12345678", "H12345678"),
        ("V-USCC", "91350100m000100y43", "91350100M000100Y43"),
        ("V-PLATE", "豫r·12345", "豫R12345"),
        ("V-PLATE", "豫RD12345", "豫RD12345"),
        ("V-PLATE", "豫R12345D", "豫R12345D"),
        ("V-PLATE", "粤ZA123港", "粤ZA123港"),
        ("V-VIN", "1m8gdm9axkp042788", "1M8GDM9AXKP042788"),
        ("V-PHONE", "+86 1300 000 0000", "13000000000"),
        ("V-PHONE", "０３７７－１２３４５６７８", "0377-12345678"),
        ("V-PHONE", "110", "110"),
        ("V-AREA", "411321", "411321"),
        ("V-NAME", "  古丽•阿依  ", "古丽·阿依"),
        ("V-NAME", "John  O'Neil Jr.", "John O'Neil Jr."),
    ],
)
def test_takes_the_usual_ways_of_writing_and_stores_one(name, typed, stored):
    checked = check(name, typed)
    assert (checked.error, checked.value) == (None, stored)


@pytest.mark.parametrize(
    ("name", "typed", "code"),
    [
        ("V-CASENO", "2026京执1号", "caseno.form"),
        ("V-CASENO", "（2026）豫1321执0123号", "caseno.form"),
        ("V-CASENO", "（2026）豫1321执12号之一", "caseno.form"),
        ("V-CASENO", "（2027）豫1321执1号", "caseno.year"),
        ("V-CASENO", "（2015）豫1321执1号", "caseno.year"),
        ("V-DOCNO", "召公〔2026〕第12号", "docno.form"),
        ("V-DOCNO", "召公〔2026〕012号", "docno.form"),
        ("V-COURTCODE", "豫132", "courtcode.form"),
        ("V-RIC", "41132118000101000", "ric.length"),
        ("V-RIC", "41132118000101000A", "ric.characters"),
        ("V-RIC", "411321180001010004", "ric.check"),
        ("V-RIC", "991321180002300005", "ric.birth"),
        ("V-RIC", "161321180001010005", "ric.province"),
        ("V-PASSPORT", "EI1234567", "passport.form"),
        ("V-USCC", "91350100M000100Y4", "uscc.length"),
        ("V-USCC", "91350100I000100Y43", "uscc.characters"),
        ("V-USCC", "91350100M000100Y44", "uscc.check"),
        ("V-ORGCODE", "1234567", "orgcode.form"),
        ("V-PLATE", "豫RI2345", "plate.form"),
        ("V-PLATE", "KA12345", "plate.military"),
        ("V-VIN", "1M8GDM9AXKP04278", "vin.length"),
        ("V-VIN", "1M8GDM9AXKP04278O", "vin.characters"),
        ("V-PHONE", "12000000000", "phone.form"),
        ("V-AREA", "991321", "area.form"),
        ("V-NAME", "张3", "name.form"),
        ("V-NAME", "张" * 51, "name.form"),
    ],
)
def test_refuses_with_the_reason(name, typed, code):
    assert check(name, typed).error.code == code


def test_an_identity_number_says_how_many_characters_were_expected_and_found():
    error = check("V-RIC", "41132118000101000").error
    assert dict(error.params) == {"expected": 18, "found": 17}


def test_birth_years_from_1800_pass_only_where_test_identities_are_on():
    assert check("V-RIC", "411321180001010005").error is None
    strict = check("V-RIC", "411321180001010005", FormSettings())
    assert strict.error.code == "ric.birth"


def test_a_county_code_younger_than_the_person_is_no_error():
    for area, born in (("411321", "19600101"), ("310115", "19600101"), ("830000", "19900101")):
        first = f"{area}{born}001"
        assert check("V-RIC", first + check_character(first)).error is None


def test_nobody_is_born_tomorrow():
    first = "411321" + "20261121" + "001"
    assert check("V-RIC", first + check_character(first)).error.code == "ric.birth"


def test_a_court_code_must_be_on_the_list_where_there_is_one():
    known = FormSettings(court_codes=frozenset({"豫1321"}))
    assert check("V-COURTCODE", "豫1321", known).error is None
    assert check("V-COURTCODE", "豫1322", known).error.code == "courtcode.unknown"


def test_a_wrong_check_digit_of_a_vehicle_is_only_questioned():
    checked = check("V-VIN", "1M8GDM9A1KP042788")
    assert checked.error is None
    assert checked.warning.code == "vin.check"


def test_a_temporary_plate_is_free_text():
    assert check("V-PLATE", "豫临A12345").error.code == "plate.form"
    assert check("V-PLATE", "豫临A12345", plate_type="22").error is None


@pytest.mark.parametrize(
    ("document", "number", "code"),
    [
        ("居民身份证", "41132118000101000", "ric.length"),
        ("普通护照", "X1", "passport.form"),
        ("港澳居民来往内地通行证", "X1", "permit.form"),
        ("外国护照", "AB1", "passport.foreign"),
        ("其他", "!", "identity.form"),
    ],
)
def test_a_document_number_follows_the_kind_of_document_beside_it(document, number, code):
    assert check("V-IDENTITY", number, doc_type=document).error.code == code


def test_a_fact_is_not_later_than_now_but_a_watch_may_be_a_little_fast():
    assert check("V-PAST", NOW + timedelta(seconds=50)).error is None
    assert check("V-PAST", NOW + timedelta(minutes=2)).error.code == "past.instant"
    assert check("V-PAST", date(2026, 11, 20)).error is None  # it is the 20th in China
    assert check("V-PAST", date(2026, 11, 21)).error.code == "past.date"


@pytest.mark.parametrize("name", TEXT_VALIDATORS)
@given(value=st.text(max_size=60))
@example(value="（2026）豫1321执1号")
@example(value="²²²²²²²²²²²²²²²²²²")
@example(value="٤١١٣٢١١٨٠٠٠١٠١٠٠٠٥")
def test_any_text_is_accepted_or_refused_and_never_breaks(name, value):
    checked = check(name, value)
    assert isinstance(checked.value, str)
    if checked.error is None:
        again = check(name, checked.value)
        assert (again.error, again.value) == (None, checked.value)


@given(
    st.sampled_from(sorted(PROVINCES)),
    st.integers(0, 9999),
    st.dates(date(1880, 1, 1), date(2026, 11, 20)),
    st.integers(0, 999),
    st.integers(0, 16),
    st.integers(1, 9),
)
def test_one_wrong_digit_in_an_identity_number_is_always_found(
    province, county, born, order, position, change
):
    first = f"{province}{county:04d}{born:%Y%m%d}{order:03d}"
    number = first + check_character(first)
    assert check("V-RIC", number).error is None
    wrong = str((int(number[position]) + change) % 10)
    assert check("V-RIC", number[:position] + wrong + number[position + 1 :]).error is not None


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=9, max_size=9), st.integers(0, 999999))
def test_a_credit_code_with_its_right_check_passes(middle, area):
    first = f"91{area:06d}{middle}"
    assert check("V-USCC", first + credit_check(first)).error is None


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=8, max_size=8))
def test_an_organisation_code_with_its_right_check_passes(first):
    checked = check("V-ORGCODE", f"{first}-{organisation_check(first)}")
    assert checked.error is None
    assert "-" not in checked.value


@given(st.text("0123456789ABCDEFGHJKLMNPRSTUVWXYZ", min_size=17, max_size=17))
def test_a_vehicle_number_with_its_right_check_digit_is_not_questioned(number):
    right = number[:8] + vin_check(number) + number[9:]
    assert check("V-VIN", right).warning is None

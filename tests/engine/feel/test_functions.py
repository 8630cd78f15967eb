"""The built-in functions (DMN 1.5, 10.3.4): examples of the tables, borders, wrong arguments."""

from __future__ import annotations

import pytest

from engine.feel.functions import BUILT_INS
from tests.engine.feel.language import lines, meaning

TABLE = lines(r"""
    # conversion
    date("2012-12-25") - date("2012-12-24") ⇒ duration("P1D")
    date(date and time("2012-12-25T11:00:00Z")) ⇒ @"2012-12-25"
    date(2012, 12, 25) ⇒ @"2012-12-25"
    date(2025, 2, 29) ⇒ null
    date and time(date("2012-12-24"), time("23:59:00")) ⇒ @"2012-12-24T23:59:00"
    date and time("2012-12-24") ⇒ @"2012-12-24T00:00:00"
    time("24:00:00") ⇒ null
    time(23, 59, 0.5, duration("PT8H")) ⇒ @"23:59:00.5+08:00"
    time(23, 59, 0, null) ⇒ @"23:59:00"
    time(@"2026-11-20") ⇒ @"00:00:00Z"
    number("1 000,0", " ", ",") ⇒ 1000.0
    number("1,000.5", ",", ".") ⇒ 1000.5
    number("1,000", ",", ",") ⇒ null
    number("x", null, null) ⇒ null
    string(1.10) ⇒ "1.10"
    string(null) ⇒ null
    string(10**3) ⇒ "1000"
    string([1, "a", {b c: null}]) ⇒ "[1, \"a\", {b c: null}]"
    string({"{": true}) ⇒ "{\"{\": true}"
    duration("P2Y2M") ⇒ duration("P26M")
    years and months duration(@"2011-12-22", @"2013-08-24") ⇒ @"P1Y8M"
    years and months duration(@"2013-08-24", @"2011-12-22") ⇒ @"-P1Y8M"
    range("[18..21)") ⇒ [18..21)
    range("[2..)") ⇒ (>=2)
    range("(..2)") ⇒ (<2)
    range("[..]") ⇒ null
    range("[@\"2026-01-01\"..date(\"2026-02-01\")]") ⇒ [@"2026-01-01"..@"2026-02-01"]
    # strings
    substring("foobar", 3) ⇒ "obar"
    substring("foobar", 3, 3) ⇒ "oba"
    substring("foobar", -2, 1) ⇒ "a"
    substring("\U01F40Eab", 2) ⇒ "ab"
    substring("foobar", 0) ⇒ null
    substring("foobar", 7) ⇒ null
    upper case("aBc4") ⇒ "ABC4"
    substring before("foobar", "bar") ⇒ "foo"
    substring before("foobar", "xyz") ⇒ ""
    substring after("foobar", "ob") ⇒ "ar"
    substring after("", "a") ⇒ ""
    substring after("foobar", "") ⇒ "foobar"
    contains(["foobar"], "of") ⇒ false
    starts with("foobar", "fo") ⇒ true
    ends with("foobar", "r") ⇒ true
    split("John Doe", "\\s") ⇒ ["John", "Doe"]
    split("a;b;c;;", ";") ⇒ ["a", "b", "c", "", ""]
    string join(["a", "b", "c"], "_and_") ⇒ "a_and_b_and_c"
    string join(["a", null, "c"], "X") ⇒ "aXc"
    string join(["a", "b"], null) ⇒ "ab"
    string join([], "X") ⇒ ""
    string join(["a", 1]) ⇒ null
    # patterns are those of XPath
    matches("foobar", "^fo*b") ⇒ true
    matches("Hello", "HELLO", "i") ⇒ true
    matches("a b", "a b", "x") ⇒ false
    matches("a.b", "a.b", "q") ⇒ true
    matches("b", "[a-z-[aeiou]]") ⇒ true
    matches("e", "[a-z-[aeiou]]") ⇒ false
    matches("豫R12345", "^\p{IsCJKUnifiedIdeographs}[A-Z][0-9A-Z]{5}$") ⇒ true
    matches("a\n", "a$") ⇒ false
    matches("a", "a*+") ⇒ null
    matches("a", "(?=a)") ⇒ null
    matches("a", "[") ⇒ null
    matches("a", "a", "k") ⇒ null
    matches("aa", "(a)\1") ⇒ true
    matches("a&&b", "[&&]") ⇒ true
    replace("banana", "a", "o") ⇒ "bonono"
    replace("abcd", "(ab)|(a)", "[1=$1][2=$2]") ⇒ "[1=ab][2=]cd"
    replace("abc", "b", "\$") ⇒ "a$c"
    replace("abc", "b", "$") ⇒ null
    replace("abc", "x*", "-") ⇒ null
    # lists
    list contains([1, 2, 3], 2) ⇒ true
    list contains([1, null], null) ⇒ true
    count([1, [2, 3]]) ⇒ 2
    count(7) ⇒ 1
    count(null) ⇒ null
    min([1, 2, 3]) ⇒ 1
    max(1, 2, 3) ⇒ 3
    min(1) ⇒ 1
    max([]) ⇒ null
    max(@"2026-01-01", @"2026-01-02") ⇒ @"2026-01-02"
    min(1, "a") ⇒ null
    sum([1, 2, 3]) ⇒ 6
    sum([]) ⇒ null
    sum([1, null]) ⇒ null
    mean(1, 2, 3) ⇒ 2
    all([false, null, true]) ⇒ false
    all([]) ⇒ true
    all(0) ⇒ null
    any([false, null, true]) ⇒ true
    any([]) ⇒ false
    sublist([4, 5, 6], 1, 2) ⇒ [4, 5]
    sublist([4, 5, 6], -2) ⇒ [5, 6]
    append([1], 2, 3) ⇒ [1, 2, 3]
    append([1], null) ⇒ [1, null]
    concatenate([1, 2], [3]) ⇒ [1, 2, 3]
    insert before([1, 3], 1, 2) ⇒ [2, 1, 3]
    insert before([1, 3], -1, 2) ⇒ [1, 2, 3]
    remove([1, 2, 3], 2) ⇒ [1, 3]
    remove([1], 2) ⇒ null
    list replace([2, 4, 7, 8], 3, 6) ⇒ [2, 4, 6, 8]
    list replace([2, 4, 7, 8], function(item, newItem) item < newItem, 5) ⇒ [5, 5, 7, 8]
    reverse([1, 2, 3]) ⇒ [3, 2, 1]
    index of([1, 2, 3, 2], 2) ⇒ [2, 4]
    union([1, 2], [2, 3]) ⇒ [1, 2, 3]
    distinct values([1, 1.0, "1", {a: 1}, {a: 1}]) ⇒ [1, "1", {a: 1}]
    flatten([[1, 2], [[3]], 4]) ⇒ [1, 2, 3, 4]
    product([2, 3, 4]) ⇒ 24
    median(8, 2, 5, 3, 4) ⇒ 4
    median([6, 1, 2, 3]) ⇒ 2.5
    median([]) ⇒ null
    stddev(2, 4, 7, 5) ⇒ 2.081665999466132735282297706979931
    stddev([47]) ⇒ null
    mode([6, 1, 9, 6, 1]) ⇒ [1, 6]
    mode([]) ⇒ []
    sort([3, 1, 4], function(x, y) x < y) ⇒ [1, 3, 4]
    sort(list: [3, 1, 4], precedes: function(x, y) x > y) ⇒ [4, 3, 1]
    sort([1, "a"], function(x, y) x < y) ⇒ null
    # numbers
    decimal(1/3, 2) ⇒ 0.33
    decimal(2.5, 0) ⇒ 2
    decimal(1, 2) ⇒ 1.00
    decimal(1, 6177) ⇒ null
    floor(-1.56, 1) ⇒ -1.6
    floor(1.5) ⇒ 1
    ceiling(-1.56, 1) ⇒ -1.5
    round up(-1.126, 2) ⇒ -1.13
    round down(-5.5, 0) ⇒ -5
    round half up(5.5, 0) ⇒ 6
    round half down(-1.126, 2) ⇒ -1.13
    round half down(5.5, 0) ⇒ 5
    round half up(1250, -2) ⇒ 1300
    abs(-10) ⇒ 10
    abs(@"-PT5H") ⇒ @"PT5H"
    modulo(-12, 5) ⇒ 3
    modulo(10.1, -4.5) ⇒ -3.4
    modulo(10, 0) ⇒ null
    modulo(10**33, 7) ⇒ 6
    sqrt(16) ⇒ 4
    sqrt(-1) ⇒ null
    decimal(log(10), 10) ⇒ 2.3025850930
    log(0) ⇒ null
    decimal(exp(5), 10) ⇒ 148.4131591026
    odd(5) ⇒ true
    even(5) ⇒ false
    even(5.5) ⇒ null
    # dates
    is(@"23:00:50Z", @"23:00:50") ⇒ false
    is(@"23:00:50Z", @"23:00:50+00:00") ⇒ true
    is(null, null) ⇒ true
    is(1, "1") ⇒ false
    day of year(date(2019, 9, 17)) ⇒ 260
    day of week(@"2019-09-17") ⇒ "Tuesday"
    month of year(@"2019-09-17") ⇒ "September"
    week of year(date(2003, 12, 29)) ⇒ 1
    week of year(date(2005, 1, 1)) ⇒ 53
    now() ⇒ @"2026-11-20T09:15:00+08:00"
    today() ⇒ @"2026-11-20"
    # contexts
    get value({key1: "value1"}, "key1") ⇒ "value1"
    get value({key1: 1}, "x") ⇒ null
    get entries({a: 1}) ⇒ [{key: "a", value: 1}]
    context([{key: "a", value: 1}, {key: "b", value: 2, x: 3}]) ⇒ {a: 1, b: 2}
    context([{key: "a"}]) ⇒ null
    context put({x: 1, y: 0, z: 0}, "y", 2) ⇒ {x: 1, y: 2, z: 0}
    context put({x: 1, y: {a: 0}}, ["y", "a"], 2) ⇒ {x: 1, y: {a: 2}}
    context put({x: 1}, [], 2) ⇒ null
    context merge([{x: 1}, {y: 2}, {x: 3}]) ⇒ {x: 3, y: 2}
    # named parameters, wrong numbers of them, wrong kinds
    substring(string: "foobar", start position: 3) ⇒ "obar"
    substring(start position: 3) ⇒ null
    abs(number: 1) ⇒ null
    abs(1, 1) ⇒ null
    not(negand: true) ⇒ false
    list contains(list: [1], element: 1) ⇒ true
""")

# Table 78: what holds, and what does not.
RANGES_TRUE = """
    before(1, 10) | before(1, (1..10]) | before(1, [5..10]) | before([1..10), 10)
    before([1..10), [10..20]) | before([1..10], (10..20]) | after(12, [1..10])
    after(10, [1..10)) | after((11..20], 11) | after([11..20], [1..11)) | meets([1..5], [5..10])
    met by([5..10], [1..5]) | overlaps([1..5], [3..8]) | overlaps([5..8], [1..5])
    overlaps before([1..5), (1..5]) | overlaps before([1..5], [5..8])
    overlaps after([3..8], [1..5]) | overlaps after((1..5], [1..5]) | finishes(10, [1..10])
    finishes((1..10], [1..10]) | finished by([1..10], [5..10]) | finished by([1..10], 10)
    includes([1..10], 5) | includes([1..10], (1..10)) | during(1, [1..10])
    during([1..10), [1..10]) | starts(1, [1..10]) | starts((1..5], (1..10])
    started by([1..10], 1) | started by([1..10], [1..5]) | coincides([1..5], [1..5])
    coincides(5, 5) | before(1, (> 5)) | includes((< 10), 5)
"""
RANGES_FALSE = """
    before(1, [1..10]) | before([1..10], [10..20]) | after(10, [1..10]) | meets([1..5), [5..10])
    met by([6..10], [1..5]) | overlaps([1..5], (5..8]) | overlaps before([1..5], [1..5])
    overlaps after([5..8], [1..5)) | finishes([5..10), [1..10]) | finished by([1..10), 10)
    includes((1..10], 1) | during(12, [1..10]) | starts((1..5], [1..10])
    started by((1..10], 1) | coincides((1..5), [1..5]) | includes((< 10), 10)
"""


def cells(table: str) -> list[str]:
    return [cell.strip() for cell in table.replace("\n", "|").split("|") if cell.strip()]


@pytest.mark.parametrize(("expression", "expected"), TABLE, ids=[row[0] for row in TABLE])
def test_a_built_in_yields_what_its_table_says(expression: str, expected: str) -> None:
    assert meaning(expression) == meaning(expected)


@pytest.mark.parametrize("expression", cells(RANGES_TRUE))
def test_a_relation_of_ranges_holds(expression: str) -> None:
    assert meaning(expression) == meaning("true")


@pytest.mark.parametrize("expression", cells(RANGES_FALSE))
def test_a_relation_of_ranges_does_not_hold(expression: str) -> None:
    assert meaning(expression) == meaning("false")


def test_a_relation_of_things_that_cannot_be_compared_is_null() -> None:
    assert meaning('before(1, "a")') == meaning("null")
    assert meaning('includes([1..2], "a")') == meaning("null")


@pytest.mark.parametrize("name", sorted(BUILT_INS))
def test_a_parameter_of_another_name_makes_any_built_in_null(name: str) -> None:
    assert meaning(f"{name}(nonsense: 1)") == meaning("null")

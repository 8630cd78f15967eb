"""The language: operators, logic, names, lists, contexts, functions, types (DMN 1.5, 10.3)."""

from __future__ import annotations

import pytest

from tests.engine.feel.language import feel, lines, meaning

TABLE = lines("""
    # numbers: 34 digits, ties to even, no binary floating point
    0.1 + 0.2 ⇒ 0.3
    1 + 3/2*2 - 2**3 ⇒ -4.0
    1/3 ⇒ 0.3333333333333333333333333333333333
    2/3 ⇒ 0.6666666666666666666666666666666667
    1.2e3 ⇒ 1200
    .25 + .2 ⇒ 0.45
    -2**2 ⇒ 4
    2**3**2 ⇒ 64
    10 - 2 - 3 ⇒ 5
    --1 ⇒ 1
    1 / 0 ⇒ null
    0**0 ⇒ 1
    1 + "1" ⇒ null
    10**10000 ⇒ null
    # strings by code point, escapes
    "a" + "b" ⇒ "ab"
    "a" - "b" ⇒ null
    "\\u6d4b\\U01F40E" ⇒ "测🐎"
    "\\uD83D\\uDC0E" ⇒ "🐎"
    string length("测🐎") ⇒ 2
    "say \\"no\\"" ⇒ "say \\"no\\""
    "\\d" ⇒ "\\\\d"
    # three-valued logic
    true and null ⇒ null
    false and null ⇒ false
    true or null ⇒ true
    false or 1 ⇒ null
    false and "x" ⇒ false
    not(null) ⇒ null
    true and true and null and false ⇒ false
    false or null or false ⇒ null
    if null then 1 else 2 ⇒ 2
    if "true" then 1 else 2 ⇒ 2
    # equality and order
    1 = 1.000 ⇒ true
    1 = "1" ⇒ null
    1 != null ⇒ true
    [1, "a"] = [1, 2] ⇒ null
    {a: 1, b: 2} = {b: 2, a: 1} ⇒ true
    "a" < "b" ⇒ true
    "B" < "a" ⇒ true
    1 < "2" ⇒ null
    null < 1 ⇒ null
    2 between 1 and 3 ⇒ true
    2 between 1 and null ⇒ null
    0 between 1 and null ⇒ false
    @"2026-11-20" < @"2026-11-21" ⇒ true
    # membership
    5 in (<= 5) ⇒ true
    5 in ((5..10]) ⇒ false
    5 in ([5..10]) ⇒ true
    5 in (4, 5, 6) ⇒ true
    5 in (<5, >5) ⇒ false
    5 in [1, 5] ⇒ true
    5 in [[1..3], [4..6]] ⇒ true
    "a" in ("a", null) ⇒ true
    null in (null) ⇒ true
    1 in ("a") ⇒ null
    1 in (!= 2) ⇒ true
    4 in (? > 3 and ? < 5) ⇒ true
    [1, 2] in [[1, 2], [3]] ⇒ true
    # ranges
    [1..10[.end included ⇒ false
    ]1..10].start included ⇒ false
    (< 10).start ⇒ null
    [1..3] = ]0..3] ⇒ false
    [3..1] ⇒ null
    [1.."a"] ⇒ null
    (1..10] = ]1..10] ⇒ true
    [1..a[1]] ⇒ null
    # lists and filters
    [1, 2, 3][-1] ⇒ 3
    [1, 2, 3][4] ⇒ null
    [1, 2, 3][0] ⇒ null
    [1, 2, 3][1.5] ⇒ null
    [1, 2, 3, 4][item > 2] ⇒ [3, 4]
    [{x: 1, y: 2}, {x: null, y: 3}][x < 2] ⇒ [{x: 1, y: 2}]
    [{item: 1}, {item: 5}][item > 2] ⇒ [{item: 5}]
    3[item > 2] ⇒ [3]
    3[1] ⇒ 3
    null[1] ⇒ null
    [][item > 1] ⇒ []
    [1, 2]["a"] ⇒ null
    [1, 2][item > 1 or null] ⇒ [2]
    [5, 6, 7][1 + 1] ⇒ 6
    # paths
    {a: {b: 1}}.a.b ⇒ 1
    {a: 1}.b ⇒ null
    [{x: 1}, {y: 2}].x ⇒ [1, null]
    [{b: [1]}, {b: [2.1, 2.2]}].b ⇒ [[1], [2.1, 2.2]]
    null.x ⇒ null
    {first name: "x"}.first name ⇒ "x"
    # contexts see the entries before them
    {a: 1, b: a + 1, c: a + b}.c ⇒ 3
    {a: b, b: 1}.a ⇒ null
    {a: 1, a: 2} ⇒ null
    # loops
    for i in 1..3 return i * i ⇒ [1, 4, 9]
    for i in 3..1 return i ⇒ [3, 2, 1]
    for i in [1, 2], j in [i, 10] return i + j ⇒ [2, 11, 4, 12]
    for i in 0..4 return if i = 0 then 1 else i * partial[-1] ⇒ [1, 1, 2, 6, 24]
    for i in 1..3 return count(partial) ⇒ [0, 1, 2]
    for d in @"2026-02-27"..@"2026-03-01" return d.day ⇒ [27, 28, 1]
    for i in [1..3) return i ⇒ [1, 2]
    for i in null return i ⇒ null
    for i in 1..1.5 return i ⇒ null
    some x in [1, 2] satisfies x > 1 ⇒ true
    some x in [1, null] satisfies x > 1 ⇒ null
    some x in [] satisfies x ⇒ false
    every x in [1, 2] satisfies x > 0 ⇒ true
    every x in [1, null] satisfies x > 1 ⇒ false
    every x in [] satisfies x ⇒ true
    some x in [1, 2], y in [2, 3] satisfies x = y ⇒ true
    # functions
    (function(x, y) x + y)(1, 2) ⇒ 3
    {f: function(x) x + 1, r: f(x: 1)}.r ⇒ 2
    {f: function(x) x, r: f()}.r ⇒ null
    {f: function(x) x, r: f(y: 1)}.r ⇒ null
    {f: function(x: number) x, r: f("1")}.r ⇒ null
    {f: function(x: number) x, r: f([7])}.r ⇒ 7
    {f: function(x: list<number>) x, r: f(7)}.r ⇒ [7]
    {fact: function(n) if n < 2 then 1 else n * fact(n - 1), r: fact(20)}.r ⇒ 2432902008176640000
    {add: function(n) function(m) n + m, r: add(1)(2)}.r ⇒ 3
    {n: 1, f: function() n, n2: {n: 2, r: f()}.r}.n2 ⇒ 1
    1() ⇒ null
    (function(x) external {java: {class: "java.lang.Math"}})(1) ⇒ null
    # types
    1 instance of number ⇒ true
    null instance of Null ⇒ true
    null instance of number ⇒ false
    1 instance of Any ⇒ true
    [1, 2] instance of list<number> ⇒ true
    [1, "a"] instance of list<number> ⇒ false
    [] instance of list<string> ⇒ true
    [1] instance of list ⇒ null
    {a: 1, b: 2} instance of context<a: number> ⇒ true
    {a: "1"} instance of context<a: number> ⇒ false
    [1..2] instance of range<number> ⇒ true
    @"2026-11-20" instance of date ⇒ true
    @"P1D" instance of days and time duration ⇒ true
    @"P1M" instance of days and time duration ⇒ false
    (function(a: string) a) instance of function<string> -> Any ⇒ true
    (function(a: string) a) instance of function<number, number> -> Any ⇒ false
    1 instance of tUnknown ⇒ null
    # comments and white space
    1 + /* two */ 2 // three ⇒ 3
""")


@pytest.mark.parametrize(("expression", "expected"), TABLE, ids=[row[0] for row in TABLE])
def test_an_expression_means_what_the_specification_says(expression: str, expected: str) -> None:
    assert meaning(expression) == meaning(expected)


def test_a_name_may_hold_spaces_and_operators_and_the_longest_in_scope_wins() -> None:
    names = ("Profit and loss", "a-b", "a", "b", "days in weekend", "if late")
    context = {"Profit and loss": 7, "a-b": 100, "a": 5, "b": 3, "days in weekend": [6, 7]}
    assert feel("Profit  and\nloss + 1", names, **context) == 8
    assert feel("a-b", names, **context) == 100
    assert feel("a - b", names, **context) == 100  # the spaces are not part of a name
    assert feel("(a)-(b)", names, **context) == 2
    assert feel("for i in days in weekend return i", names, **context) == [6, 7]


def test_a_variable_shadows_a_function_of_the_same_name() -> None:
    assert feel("count + 1", count=2) == 3
    assert feel("count([1, 2])") == 2
    assert feel("max(1, 2)", max=3) is None


def test_chinese_names_need_no_declaration() -> None:
    assert feel('标的额 > 10000 and 执行状态 = "执行中"', 标的额=20000, 执行状态="执行中") is True


def test_a_filter_reads_the_entries_of_an_item_before_the_variables() -> None:
    rows = [{"n": 1, "limit": 0}, {"n": 2, "limit": 5}]
    assert feel("rows[n > limit].n", rows=rows, limit=9) == [1]
    assert feel("rows[n > least].n", rows=rows, least=1) == [2]


def test_python_values_become_feel_values_where_they_are_read() -> None:
    assert feel("sum(xs) + f", xs=[1, 2], f=0.1) == feel("3.1")
    assert feel("rows[n = 1].n", rows=({"n": 1},)) == [1]


def test_an_expression_tells_the_variables_that_it_reads() -> None:
    from engine.feel import prepare

    text = 'for r in rows return r.n + base + count([x]) + {k: y}.k + rows2[status = "a"].n'
    assert prepare(text).names == {"rows", "base", "x", "y", "rows2"}
    assert prepare("rows[level > n]", names=frozenset(["n"])).names == {"rows", "n"}
    assert prepare("due(rule)").names == {"due", "rule"}


def test_a_list_that_an_expression_yields_is_not_shared_with_the_next_evaluation() -> None:
    feel("[1, 2]").append(3)
    assert feel("[1, 2]") == [1, 2]

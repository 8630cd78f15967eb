"""Expressions written to exhaust a machine. Each must end at once, at a limit or with a value."""

from __future__ import annotations

DOUBLING = "for i in 1..100 return if i = 1 then {first} else {again}"
SHARED = "(for i in 1..60 return partial)"  # 60 lists that hold one another 2**60 times

LIMITED = [
    # steps
    "for i in 1..10**12 return i",
    "for i in [1..10**15] return i",
    "for i in 1..100000 return for j in 1..100000 return i * j",
    "some i in 1..10**9 satisfies i < 0",
    "every a in 1..1000, b in 1..1000 satisfies a > 0",
    'for d in date("0001-01-01")..date("999999999-01-01") return d',
    "sort(for i in 1..30000 return -i, function(x, y) x < y)",
    "sort([1, 2, 3, 4, 5, 6, 7, 8], function(a, b) count(for i in 1..10000 return i) > 0)",
    "for i in 1..30000 return modulo(10**6000, 7)",
    "for i in 1..30000 return 1.1**1.5",
    "for i in 1..30000 return stddev(1, 2, 3)",
    "for i in 1..30000 return string(10**6000)",
    "distinct values(for i in 1..5000 return {a: i})",
    # recursion
    "{f: function(n) f(n + 1), r: f(0)}.r",
    "{f: function(n) f(n) + f(n), r: f(0)}.r",
    "{f: function(n) if n = 0 then 1 else f(n - 1) + f(n - 1), r: f(40)}.r",
    "{f: function(f, n) f(f, n), r: f(f, 1)}.r",
    "{g: function(x) x(x), r: g(g)}.r",
    # memory
    DOUBLING.format(first='"x"', again="partial[-1] + partial[-1]"),
    DOUBLING.format(first="[1]", again="concatenate(partial[-1], partial[-1])"),
    DOUBLING.format(first='"x"', again='string join([partial[-1], partial[-1]], "")'),
    '{a: string join(for i in 1..9000 return "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", ""),'
    " r: for i in 1..30000 return a + a}.r",
    f"string({SHARED})",
    f"flatten({SHARED})",
    f"{SHARED} = {SHARED}",
    'for i in 1..20000 return upper case("' + "a" * 5000 + '")',
    # patterns
    'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "(a|aa)+$")',
    'for i in 1..3000 return matches("aaaaaaaaaaaaaaaaaaaaaa!", "(a|aa)+$")',
    'for i in 1..3000 return matches("x", string(i) + "' + "a{9}" * 100 + '")',
    'matches("a", "((((a{1000}){1000}){1000}){1000}){1000}")',
    'matches("a", "a{99999999999999999999}")',
    'matches("a", "' + "(" * 900 + "a" + ")" * 900 + '")',
    # text, depth
    "x" * 20_001,
    "(" * 5000 + "1" + ")" * 5000,
    "[" * 5000,
    "-" * 10_000 + "1",
    "+".join(["1"] * 9000),
    "**".join(["9"] * 5000),
    "a" + ".b" * 9000,
    "a" + "[1]" * 6000,
    "if " * 5000,
    "{a:" * 4000,
    "not(" * 4000,
    "1 in (" * 3000,
    "function(x) " * 1500 + "x",
    "a instance of " + "list<" * 3000,
]

HARMLESS = [
    "10**10**10",
    "9**(9**(9**9))",
    ".1**-999999999",
    "1.0000001**999999999",
    "exp(10**6)",
    "sqrt(10**6000)",
    "decimal(10**6000, 6000)",
    "product(for i in 1..500 return 10**6000)",
    'duration("P999999999999D") * 10**30',
    'date("2020-01-01") + duration("P99999999Y") * 999',
    'string length("' + "a" * 19_000 + '")',
    'number("' + "9" * 18_000 + '")',
    '@"P' + "9" * 15_000 + 'D"',
    '"' + "\\u0041" * 3000 + '"',
    " and ".join(["true"] * 2000),
    "count(for i in 1..60 return partial)",
]

# What random sentences are made of: every sign and keyword of the grammar and a few operands.
_WORDS = """
    for in return if then else some every satisfies and or not between instance of function
    true false null ( ) [ ] { } , : . .. + - * / ** = != < <= > >= @ ? -> ${ ' // /*
    "a" "P1D" "2026-11-20" "[0-9]+" 1 0 2.5 10**9 x y z item partial
    count sum date string list<number> replace matches sort split flatten date and time
"""
GRAMMAR_WORDS = _WORDS.split()

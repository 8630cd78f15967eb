"""Random and spoiled FEEL in every dialect: a value or a domain error, in little time, always.

python tests/faults/fuzz_feel.py --seconds 60 --seed 1
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from time import monotonic, process_time

from engine.errors import LiandongError
from engine.feel import Expression, decode, describe, encode, from_python, prepare
from tests.engine.feel.bombs import GRAMMAR_WORDS, HARMLESS, LIMITED

SLOW = 0.5  # seconds of computing; the aim is 0.1, the rest is for collecting garbage
DIALECTS = ("feel", "unary", "juel", "template")
OPERANDS = ("1", "-2.5", '"a"', "x", "y.a", "rows", "z", "null", "true", '@"P1D"', '@"P1M"',
            '@"2026-11-20"', '@"10:00:00"', '@"2026-11-20T10:00:00@Europe/Paris"', "[1, 2, 3]",
            "{a: 1, b: x}", "[1..5]", "(> 3)", "now()", "item", "partial", "?")  # fmt: skip
SHAPES = ("{} + {}", "{} - {}", "{} * {}", "{} / {}", "{} ** {}", "{} = {}", "{} < {}", "-{}",
          "{} and {}", "{} or {}", "{} in ({}, {})", "{} between {} and {}", "{}[{}]", "({})",
          "if {} then {} else {}", "for i in {} return {}", "for i in {}..{} return {}",
          "some i in {} satisfies {}", "every i in {}, j in {} satisfies {}", "{}.a", "[{}, {}]",
          "{{a: {}, b: {}}}", "[{}..{})", "< {}", "(function(x, y) {})({}, {})",
          "{} instance of list<number>", "string({})", "sort({}, function(a, b) {})")  # fmt: skip
CONTEXT = from_python({"x": 3, "y": {"a": "b"}, "rows": [{"a": 1}, {"a": None}, 7]})


def built_ins() -> tuple[str, ...]:
    from engine.feel.functions import BUILT_INS

    return tuple(BUILT_INS)


def sentence(chance: random.Random, depth: int) -> str:
    """An expression that mostly parses, of kinds that mostly do not fit."""
    if depth == 0 or chance.random() < 0.2:
        return chance.choice(OPERANDS)
    if chance.random() < 0.35:
        count = chance.randrange(4)
        arguments = ", ".join(sentence(chance, depth - 1) for _ in range(count))
        return f"{chance.choice(built_ins())}({arguments})"
    shape = chance.choice(SHAPES)
    holes = shape.replace("{{", "").replace("}}", "").count("{}")
    return shape.format(*(sentence(chance, depth - 1) for _ in range(holes)))


def spoiled(chance: random.Random, text: str) -> str:
    """The text with a few letters lost, doubled, or put in."""
    letters = list(text[:400])
    for _ in range(chance.randrange(1, 5)):
        at = chance.randrange(len(letters) + 1)
        letters[at : at + chance.randrange(3)] = chance.choice(
            ("", " ", "(", '"', "\\", "..", "\u0000", "\ud83d", "测", chance.choice(GRAMMAR_WORDS))
        )
    return "".join(letters)


def draw(chance: random.Random) -> str:
    kind = chance.random()
    if kind < 0.5:
        return sentence(chance, chance.randrange(1, 6))
    if kind < 0.7:
        return " ".join(chance.choice(GRAMMAR_WORDS) for _ in range(chance.randrange(1, 30)))
    if kind < 0.98:
        return spoiled(chance, sentence(chance, 4))
    return chance.choice(LIMITED + HARMLESS)


def attempt(text: str, dialect: str) -> str:
    """What became of it. Anything but a LiandongError comes out as it is."""
    try:
        expression: Expression = prepare(text, dialect=dialect)  # type: ignore[arg-type]
        evaluation = expression.explain(CONTEXT, input=CONTEXT["x"])
        for reason in evaluation.reasons:
            describe(reason)
        kept = encode(evaluation.value)
        encode(decode(kept))
    except LiandongError as error:
        describe(error, "en")
        return error.code.rpartition(".")[0] if "limit" not in error.code else error.code
    return "null" if evaluation.value is None else "value"


def main(seconds: float, seed: int) -> int:
    chance = random.Random(seed)
    outcomes: Counter[str] = Counter()
    slowest = (0.0, "")
    end = monotonic() + seconds
    while monotonic() < end:
        text, dialect = draw(chance), chance.choice(DIALECTS)
        start = process_time()  # a busy machine is no slow expression
        try:
            outcomes[attempt(text, dialect)] += 1
        except Exception as error:
            print(f"seed {seed}, {dialect}: {type(error).__name__}: {error}\n{text!r}")
            return 1
        slowest = max(slowest, (process_time() - start, text[:80]))
    print(f"{outcomes.total()} texts, seed {seed}, no surprise, slowest {slowest[0]:.3f} s:")
    print(dict(outcomes.most_common()), repr(slowest[1]))
    return int(slowest[0] > SLOW)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=60)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    sys.exit(main(given.seconds, given.seed))

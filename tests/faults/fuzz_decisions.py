"""`python -m tests.faults.fuzz_decisions [SECONDS [SEED]]`: spoiled .dmn files.

Whatever bytes come in, only domain errors come out, and soon. Prints what it did; exit code 1
with the seed and the bytes of the first file that raised anything else or took too long.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from pathlib import Path
from tempfile import NamedTemporaryFile
from time import monotonic

from engine.errors import LiandongError
from engine.feel.decisions import load
from tests.engine.feel.decisions.drawing import (
    decision,
    file,
    input_data,
    item,
    knowledge,
    literal,
    table,
)

SLOW = 5.0  # seconds for one file: many decisions, each allowed its own budget
TOKENS = tuple(
    text.encode()
    for text in (
        "<decision>", "</decision>", "<context>", "</context>", "<text>", "</text>", "<!--",
        'href="#a"', 'isCollection="true"', 'typeRef="t"', "<![CDATA[", "]]>", "&amp;", "&x;",
        "function(x) x(x)", "for i in 1..99999 return i", "[1..", "..", "((((((((", "\0", "ÿ",
        'hitPolicy="COLLECT" aggregation="MIN"', 'date("', '@"', "**", "1e6144", "not(", "-",
    )
)  # fmt: skip


def seeds() -> list[bytes]:
    """Well-formed files that use every kind of node."""
    age = input_data("age", "t")
    drawn = table("FIRST", ["age", "a b"], ["", "x"], ["> 5 | - | 1 | 2", "- | 1 | 3 | 4"])
    function = knowledge("f", "x:number,y", literal("x + y"))
    return [
        file(item("t", "number", "[0..9], null"), age, decision("a", drawn, inputs=("age",))),
        file(
            age,
            function,
            decision("a b", literal("f(age, 1) ** 2"), inputs=("age",), knowledge=("f",)),
            decision("c", literal("for i in [a b] return i"), decisions=("a b",)),
        ),
    ]


def spoil(source: bytes, chance: random.Random) -> bytes:
    """A few bytes cut, doubled, exchanged, or replaced by something that means trouble."""
    spoiled = bytearray(source)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(spoiled) + 1)
        size = chance.choice((1, 1, 3, 20, 120))
        match chance.randrange(4):
            case 0:
                del spoiled[at : at + size]
            case 1:
                spoiled[at:at] = spoiled[at : at + size]
            case 2:
                spoiled[at:at] = chance.choice(TOKENS)
            case 3:
                other = chance.randrange(len(spoiled) + 1)
                spoiled[at : at + size] = spoiled[other : other + size]
    return bytes(spoiled)


def try_one(source: bytes) -> str:
    """What became of the file. Anything but a domain error passes through."""
    try:
        model = load(source, "fuzz.dmn")
    except LiandongError as error:
        return error.code
    for one in model.decisions:
        try:
            model.evaluate(one.id, {"age": "5"}, trace=True)
        except LiandongError as error:
            return error.code
    return "evaluated"


def main(seconds: float, seed: int) -> int:
    chance = random.Random(seed)
    drawn = sorted(Path("workflows").glob("*/*.dmn"))
    originals = [*seeds(), *(one.read_bytes() for one in drawn)]
    outcomes: Counter[str] = Counter()
    end = monotonic() + seconds
    while monotonic() < end:
        source = spoil(chance.choice(originals), chance)
        start = monotonic()
        try:
            outcomes[try_one(source)] += 1
        except Exception as error:
            return _found(source, seed, f"{type(error).__name__}: {error}")
        if monotonic() - start > SLOW:
            return _found(source, seed, f"took {monotonic() - start:.1f} s")
    print(f"{outcomes.total()} files, seed {seed}, no surprise: {dict(outcomes.most_common())}")
    return 0


def _found(source: bytes, seed: int, what: str) -> int:
    with NamedTemporaryFile(suffix=".dmn", delete=False) as kept:
        kept.write(source)
    print(f"seed {seed}: {what}; the file is kept as {kept.name}")
    return 1


if __name__ == "__main__":
    seconds, seed = (*sys.argv[1:], "60", "1")[:2] if len(sys.argv) != 2 else (sys.argv[1], "1")
    sys.exit(main(float(seconds), int(seed)))

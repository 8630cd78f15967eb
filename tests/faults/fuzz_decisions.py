"""`python -m tests.faults.fuzz_decisions [SECONDS [SEED]]`: spoiled .dmn files.

Whatever bytes come in, only domain errors come out, and soon. Prints what it did; exit code 1
with the seed and the bytes of the first file that raised anything else or took too long.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from copy import deepcopy
from pathlib import Path
from tempfile import NamedTemporaryFile
from time import monotonic, process_time
from xml.etree import ElementTree

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

BOXED = (
    f'<context><contextEntry><variable name="n" typeRef="t"/>'
    f'<for iteratorVariable="x"><in>{literal("[1..9]")}</in><return>{literal("x + age")}</return>'
    f'</for></contextEntry><contextEntry><variable name="g"/><functionDefinition>'
    f'<formalParameter name="y" typeRef="number"/>{literal("g(y - 1)")}</functionDefinition>'
    f"</contextEntry><contextEntry><conditional><if>{literal('age > 3')}</if>"
    f"<then><filter><in>{literal('n')}</in><match>{literal('item > 2')}</match></filter></then>"
    f'<else><relation><column name="a"/><row>{literal("1")}</row></relation></else>'
    f"</conditional></contextEntry></context>"
)
SERVICE = (
    '<decisionService id="s" name="s"><variable name="s"/><outputDecision href="#l"/>'
    '<inputData href="#age"/></decisionService>'
)
SLOW = 1.0  # seconds of computing for one file: reading it and evaluating each of its decisions
TOKENS = (
    "<decision>", "</decision>", "<context>", "</context>", "<text>", "</text>", "<!--", "]]>",
    'href="#a"', 'isCollection="true"', 'typeRef="t"', "<![CDATA[", "&amp;", "&x;", "\0", "ÿ",
)  # fmt: skip
WORDS = (
    "function(x) x(x)", "for i in 1..99999 return i", "[1..", "..", "((((((((", " partial ",
    'date("', '@"', "**", "1e6144", "not(", "-", " in ", " instance of t", "{a: 1}.", "?", "item",
    "some x in ", " satisfies ", "every ", "if ", " then ", " else ", "null", '"', "[", "]", "f(",
    "matches(", 'replace("a", "(a+)+", ', "sort([3,1], function(x, y) x < y)", "999999999",
)  # fmt: skip


def seeds() -> list[bytes]:
    """Well-formed files that use every kind of node."""
    age = input_data("age", "t")
    drawn = table("FIRST", ["age", "a b"], ["", "x"], ["> 5 | - | 1 | 2", "- | 1 | 3 | 4"])
    function = knowledge("f", "x:number,y", literal("x + y"))
    return [
        file(item("t", "number", "[0..9], null"), age, decision("a", drawn, inputs=("age",))),
        file(
            item("t", "number", many=True),
            age,
            decision("l", BOXED, inputs=("age",)),
            SERVICE,
        ),
        file(
            age,
            function,
            decision("a b", literal("f(age, 1) ** 2"), inputs=("age",), knowledge=("f",)),
            decision("c", literal("for i in [a b] return i"), decisions=("a b",)),
        ),
    ]


def spoil(source: bytes, chance: random.Random) -> bytes:
    """Most files stay well-formed XML, so that what lies behind the XML door is reached."""
    way = chance.choices((spoil_bytes, spoil_elements, spoil_texts), (1, 4, 5))[0]
    return way(source, chance)


def spoil_bytes(source: bytes, chance: random.Random) -> bytes:
    """A few bytes cut, doubled, exchanged, or replaced by something that means trouble."""
    spoiled = bytearray(source)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(spoiled) + 1)
        size = chance.choice((1, 1, 3, 20, 120))
        match chance.randrange(4):
            case 0:
                del spoiled[at : at + size]
            case 1:
                spoiled[at:at] = spoiled[at : at + size]
            case 2:
                spoiled[at:at] = chance.choice(TOKENS).encode()
            case 3:
                other = chance.randrange(len(spoiled) + 1)
                spoiled[at : at + size] = spoiled[other : other + size]
    return bytes(spoiled)


def spoil_elements(source: bytes, chance: random.Random) -> bytes:
    """Elements removed, doubled, moved under others; attributes exchanged."""
    root = ElementTree.fromstring(source)
    for _ in range(chance.randint(1, 4)):
        parents = [one for one in root.iter() if len(one)]
        if not parents:
            break
        parent = chance.choice(parents)
        child = chance.choice(list(parent))
        match chance.randrange(4):
            case 0 if len(parents) > 1:
                parent.remove(child)
            case 1:
                parent.insert(chance.randrange(len(parent) + 1), deepcopy(child))
            case 2:
                chance.choice(list(root.iter())).append(deepcopy(child))
            case _:
                other = chance.choice(list(root.iter()))
                child.attrib.update(dict(chance.sample(sorted(other.items()), k=len(other.keys()))))
    return ElementTree.tostring(root)


def spoil_texts(source: bytes, chance: random.Random) -> bytes:
    """Expressions cut, joined with others, mixed with what means trouble."""
    root = ElementTree.fromstring(source)
    texts = [one for one in root.iter() if one.text and one.text.strip()]
    for _ in range(chance.randint(1, 3) if texts else 0):
        one, other = chance.choice(texts), chance.choice(texts)
        text = one.text or ""
        at = chance.randrange(len(text) + 1)
        piece = chance.choice((chance.choice(WORDS), other.text or "", text[:at]))
        one.text = text[:at] + piece + text[at + chance.choice((0, 0, 1, 4)) :]
    return ElementTree.tostring(root)


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
    slowest = 0.0
    end = monotonic() + seconds
    while monotonic() < end:
        source = spoil(chance.choice(originals), chance)
        start = process_time()  # a busy machine is no slow decision
        try:
            outcomes[try_one(source)] += 1
        except Exception as error:
            return _found(source, seed, f"{type(error).__name__}: {error}")
        slowest = max(slowest, process_time() - start)
        if slowest > SLOW:
            return _found(source, seed, f"took {slowest:.1f} s")
    print(f"{outcomes.total()} files, seed {seed}, no surprise, the slowest {slowest:.2f} s:")
    print(dict(outcomes.most_common()))
    return 0


def _found(source: bytes, seed: int, what: str) -> int:
    with NamedTemporaryFile(suffix=".dmn", delete=False) as kept:
        kept.write(source)
    print(f"seed {seed}: {what}; the file is kept as {kept.name}")
    return 1


if __name__ == "__main__":
    seconds, seed = (*sys.argv[1:], "60", "1")[:2] if len(sys.argv) != 2 else (sys.argv[1], "1")
    sys.exit(main(float(seconds), int(seed)))

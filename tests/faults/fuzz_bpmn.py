"""Spoiled diagrams: refused with a sentence or run to their end, in little time, always.

python -m tests.faults.fuzz_bpmn --seconds 60 --seed 1

A spoiled file that meets complaints in a combination not seen before is spoiled further: the corpus
grows towards whatever has not been reached yet.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from pathlib import Path
from tempfile import NamedTemporaryFile
from time import monotonic, process_time

from lxml import etree

from engine.bpmn.lint import Surroundings, lint
from engine.bpmn.reading import read_diagram
from engine.errors import LiandongError
from tests.engine.bpmn import pieces
from tests.engine.bpmn.stage import Stage
from tests.engine.drawing import border, element, flows, process, script, timer, user

SLOW = 1.0  # seconds of computing for one file
MOST_KEPT = 400
TEXTS = (
    "PT5M",
    "R/PT1S",
    "R3/PT10M",
    "P9999999999Y",
    "R999999999/PT0S",
    "2026-02-30",
    "9999-12-31T23:59:59",
    "${n}",
    "${a.b()}",
    "${",
    "= n",
    "n > 1",
    "true",
    "null",
    "1000000000",
    "-1",
    "9" * 5000,
    "[1,2,3]",
    "for i in 1..99999 return i",
    "",
    " ",
    "测试",
    "p",
    "a",
    "Start",
    "process:root",
    "s#x",
)
BYTES = (b"<!DOCTYPE a>", b"&x;", b"\0", b"\xff\xfe", b"<![CDATA[", b"]]>", b"<!--", b"<a>" * 300)
KINDS = (
    "task",
    "userTask",
    "subProcess",
    "callActivity",
    "receiveTask",
    "transaction",
    "adHocSubProcess",
    "exclusiveGateway",
    "parallelGateway",
    "inclusiveGateway",
    "eventBasedGateway",
    "complexGateway",
    "startEvent",
    "endEvent",
    "boundaryEvent",
    "intermediateCatchEvent",
    "intermediateThrowEvent",
)


def seeds() -> list[bytes]:
    """Well-drawn diagrams that use every construct, and the procedures of the house."""
    inside = pieces.start("s1") + user("in") + pieces.end("bad", pieces.error())
    inside += flows("s1 -> in -> bad") + pieces.on_event(
        "es", pieces.message(), user("r"), flows("es_s -> r")
    )
    loops = pieces.several(pieces.until("nrOfCompletedInstances > 1"), times="3")
    return [
        process(
            "p",
            pieces.start(),
            pieces.gateway("inclusive", "x"),
            pieces.sub("sub", loops, inside),
            border("b", "sub", pieces.error()),
            user("a"),
            border("t", "a", timer("timeCycle", "R3/PT10M"), interrupting=False),
            pieces.call("c", "p2"),
            pieces.gateway("inclusive", "j"),
            pieces.end(),
            flows(
                "s -> x",
                "x -> sub [n > 0]",
                "x -> a [true]",
                "x -> c [n > 9]",
                "sub -> j",
                "b -> j",
                "a -> j",
                "c -> j",
                "j -> e",
                "t -> j",
            ),
            around=pieces.NAMED,
        ),
        process(
            "p",
            pieces.start(),
            pieces.gateway("eventBased", "g"),
            pieces.catch("m", pieces.message()),
            pieces.catch("w", timer("timeDuration", "PT1H")),
            pieces.count("k"),
            pieces.gateway("exclusive", "q", default="q-e"),
            pieces.end("e", pieces.TERMINATE),
            flows("s -> g -> m -> k -> q", "q -> g [k < 3]", "g -> w -> q", "q -> e"),
            around=pieces.NAMED,
        ),
        process(
            "p",
            pieces.start(),
            element(
                "transaction",
                "tx",
                pieces.start("s1"),
                script("a", "1", "x"),
                pieces.undo("a", "u"),
                user("u", isForCompensation="true"),
                pieces.end("no", pieces.CANCEL),
                flows("s1 -> a -> no"),
            ),
            border("cx", "tx", pieces.CANCEL),
            pieces.throw("th", pieces.escalation()),
            pieces.throw("go", '<linkEventDefinition name="L"/>'),
            pieces.catch("come", '<linkEventDefinition name="L"/>'),
            pieces.end(),
            flows("s -> tx -> e", "cx -> th -> go", "come -> e"),
            around=pieces.NAMED,
        ),
        *(path.read_bytes() for path in sorted(Path("workflows").glob("*/*.bpmn"))),
    ]


def spoil(source: bytes, chance: random.Random) -> bytes:
    """Most files stay XML, so that what lies behind the reader is reached."""
    if chance.random() < 0.1:
        return _spoil_bytes(source, chance)
    try:
        root = etree.fromstring(source)
    except (etree.XMLSyntaxError, ValueError):
        return _spoil_bytes(source, chance)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        elements = [one for one in root.iter() if isinstance(one.tag, str)]
        chance.choice((_attribute, _attribute, _text, _move, _kind))(elements, chance)
    return bytes(etree.tostring(root))


def _spoil_bytes(source: bytes, chance: random.Random) -> bytes:
    spoiled = bytearray(source)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(spoiled) + 1)
        spoiled[at : at + chance.choice((0, 1, 20))] = chance.choice((b"", *BYTES))
    return bytes(spoiled)


def _attribute(elements: list[etree._Element], chance: random.Random) -> None:
    """An attribute lost, or with the value of another one or one that means trouble."""
    one, other = chance.choice(elements), chance.choice(elements)
    if not one.attrib:
        return
    name = chance.choice(sorted(one.attrib))
    values = [*other.attrib.values(), chance.choice(TEXTS)]
    if chance.random() < 0.2:
        del one.attrib[name]
    else:
        one.attrib[name] = chance.choice(values)


def _text(elements: list[etree._Element], chance: random.Random) -> None:
    chance.choice(elements).text = chance.choice(TEXTS)


def _move(elements: list[etree._Element], chance: random.Random) -> None:
    one, other = chance.choice(elements), chance.choice(elements)
    if one is not elements[0] and one not in other.iterancestors() and one is not other:
        other.append(one)


def _kind(elements: list[etree._Element], chance: random.Random) -> None:
    one = chance.choice(elements)
    if etree.QName(one).localname in KINDS:
        namespace = etree.QName(one).namespace
        one.tag = f"{{{namespace}}}{chance.choice(KINDS)}"


def attempt(source: bytes) -> str:
    """What became of it. Anything but a domain error comes out as it is."""
    try:
        found = lint(read_diagram(source, "fuzz.bpmn"), Surroundings())
        errors = sorted({c.code for c in found if c.severity == "error"})
        if errors:
            return " ".join(errors)
        play = Stage(source, reloading=True, calls_known=False)
        for key in play.host.processes:
            play.start(key, n=1, k=0).drive(20)
        return "ended" if play.ended else "waits"
    except LiandongError as error:
        return error.code


def main(seconds: float, seed: int) -> int:
    chance = random.Random(seed)
    drawn = seeds()
    corpus = list(drawn)
    outcomes: Counter[str] = Counter()
    slowest = 0.0
    end = monotonic() + seconds
    while monotonic() < end:
        source = spoil(chance.choice(drawn if chance.random() < 0.6 else corpus), chance)
        begin = process_time()  # a busy machine is no slow diagram
        try:
            outcome = attempt(source)
        except Exception as error:
            return _found(source, seed, f"{type(error).__name__}: {error}")
        slowest = max(slowest, process_time() - begin)
        if slowest > SLOW:
            return _found(source, seed, f"took {slowest:.1f} s")
        outcomes[outcome] += 1
        if outcomes[outcome] == 1 and len(corpus) < MOST_KEPT:
            corpus.append(source)
    print(
        f"{outcomes.total()} diagrams, seed {seed}, {len(outcomes)} outcomes, no surprise, "
        f"slowest {slowest:.2f} s:"
    )
    print(dict(outcomes.most_common(12)))
    return 0


def _found(source: bytes, seed: int, what: str) -> int:
    with NamedTemporaryFile(suffix=".bpmn", delete=False) as kept:
        kept.write(source)
    print(f"seed {seed}: {what}; the file is kept as {kept.name}")
    return 1


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=60)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    sys.exit(main(given.seconds, given.seed))

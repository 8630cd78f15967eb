"""Spoiled deployments: wrong kinds of file, spoiled diagrams, decisions, forms and archives.

python -m tests.faults.fuzz_deployment --seconds 60 --seed 1

Whatever comes in, complaints or a domain error come out, and soon.
"""

from __future__ import annotations

import argparse
import io
import random
import sys
import zipfile
from collections import Counter
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory
from time import monotonic, process_time

from engine.deployments import check
from engine.engine import Engine
from engine.errors import LiandongError
from engine.store.database import Database
from engine.timing.clock import SettableClock
from tests.engine.house import MORNING, engine_on
from tests.faults.fuzz_bpmn import spoil as spoil_diagram
from tests.faults.fuzz_decisions import spoil as spoil_decision
from web.studio.packages import packed, unpacked

SLOW = 2.0  # seconds of computing for a whole folder; the aim is one second for a file
SUFFIXES = (".bpmn", ".dmn", ".form", ".yaml", ".zip", ".txt", "")
PATHS = (
    "../up.bpmn",
    "/etc/x.bpmn",
    "C:\\x.bpmn",
    "a/b/c.bpmn",
    "a.bpmn\0.txt",
    "长" * 200 + ".bpmn",
)
PIECES = (b"{", b"}", b"[", b'"', b"null", b"9" * 400, b"\0", b"\xff", b"[" * 2000, b'"type"', b":")


def folders() -> list[dict[str, bytes]]:
    """The procedures of the house, each without what stands in folders inside it."""
    found = []
    for folder in sorted(Path("workflows").iterdir()):
        files = [path for path in folder.glob("*.*") if path.suffix in (".bpmn", ".dmn", ".form")]
        if files and folder.name not in ("groups", "norms"):
            chosen = sorted(files)[:6]
            found.append({path.name: path.read_bytes() for path in chosen})
    return found


def spoil(files: dict[str, bytes], chance: random.Random) -> dict[str, bytes]:
    """One or two files spoiled, exchanged or called otherwise."""
    spoiled = dict(files)
    for _ in range(chance.choice((1, 1, 2))):
        name = chance.choice(sorted(spoiled))
        way = chance.random()
        if way < 0.6:
            spoiled[name] = _content(name, spoiled[name], chance)
        elif way < 0.8:
            spoiled[name] = spoiled[chance.choice(sorted(spoiled))]
        else:
            renamed = Path(name).stem + chance.choice(SUFFIXES)
            spoiled[chance.choice((renamed, *PATHS))] = spoiled.pop(name)
    return spoiled


def _content(name: str, content: bytes, chance: random.Random) -> bytes:
    try:
        if name.endswith(".bpmn"):
            return spoil_diagram(content, chance)
        if name.endswith(".dmn"):
            return spoil_decision(content, chance)
    except (ValueError, SyntaxError):  # no XML any more
        pass
    return _bytes(content, chance)


def _bytes(content: bytes, chance: random.Random) -> bytes:
    spoiled = bytearray(content)
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(len(spoiled) + 1)
        spoiled[at : at + chance.choice((0, 1, 5, 60))] = chance.choice((b"", *PIECES))
    return bytes(spoiled)


def archive(files: dict[str, bytes], chance: random.Random) -> bytes:
    """A zip of the files: well made, spoiled, or with far more in it than it seems."""
    if chance.random() < 0.05:
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as opened:
            opened.writestr("bomb.bpmn", bytes(60_000_000))
        return target.getvalue()
    made = packed({name.replace("\0", ""): content for name, content in files.items()})
    return _bytes(made, chance) if chance.random() < 0.7 else made


def attempt(engine: Engine, files: dict[str, bytes], chance: random.Random) -> str:
    """What became of them. Anything but a domain error comes out as it is."""
    try:
        if chance.random() < 0.3:
            files = unpacked(archive(files, chance))
        found = check(engine, files, {}, None)
    except LiandongError as error:
        return error.code
    return "complaints" if found.errors else "accepted"


def main(seconds: float, seed: int) -> int:
    chance = random.Random(seed)
    originals = folders()
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/fuzz.db")
        return _run(engine_on(database, SettableClock(MORNING)), originals, chance, seconds, seed)


def _run(
    engine: Engine,
    originals: list[dict[str, bytes]],
    chance: random.Random,
    seconds: float,
    seed: int,
) -> int:
    outcomes: Counter[str] = Counter()
    slowest = 0.0
    end = monotonic() + seconds
    while monotonic() < end:
        files = spoil(chance.choice(originals), chance)
        begin = process_time()  # a busy machine is no slow file
        try:
            outcomes[attempt(engine, files, chance)] += 1
        except Exception as error:
            return _found(files, seed, f"{type(error).__name__}: {error}")
        slowest = max(slowest, process_time() - begin)
        if slowest > SLOW:
            return _found(files, seed, f"took {slowest:.1f} s")
    print(f"{outcomes.total()} deployments, seed {seed}, no surprise, slowest {slowest:.2f} s:")
    print(dict(outcomes.most_common()))
    return 0


def _found(files: dict[str, bytes], seed: int, what: str) -> int:
    with NamedTemporaryFile(suffix=".zip", delete=False) as kept, zipfile.ZipFile(kept, "w") as to:
        for at, (name, content) in enumerate(files.items()):
            to.writestr(f"{at}-{Path(name).name}", content)
    print(f"seed {seed}: {what}; the files are kept as {kept.name}")
    return 1


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=60)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    sys.exit(main(given.seconds, given.seed))

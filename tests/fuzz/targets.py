"""What is fuzzed: files as people upload them, and decisions as they are evaluated."""

from __future__ import annotations

import io
import random
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from engine.deployments import check
from engine.engine import Engine
from engine.errors import LiandongError
from engine.store.database import Database
from engine.timing.clock import SettableClock
from tests.engine.house import MORNING, engine_on
from tests.faults import fuzz_bpmn, fuzz_decisions
from web.studio.packages import packed, unpacked

PIECES = (
    b"{", b"}", b"[", b"]", b'"', b"null", b"true", b"-1", b"9" * 400, b"\0", b"\xff", b"[" * 2000,
    b'"type"', b'"key"', b'"components"', b'"conditional"', b'"validate"', b'"=a + b"', b"include",
)  # fmt: skip


@dataclass(frozen=True)
class Target:
    """One way in: well-made beginnings, how they are spoiled, what is done with them."""

    seeds: Callable[[], list[bytes]]
    spoil: Callable[[bytes, random.Random], bytes]
    attempt: Callable[[bytes], object]


@cache
def _engine() -> Engine:
    folder = tempfile.mkdtemp(prefix="liandong-fuzz-")
    return engine_on(Database(f"sqlite:///{folder}/fuzz.db"), SettableClock(MORNING))


def _checked(files: dict[str, bytes]) -> None:
    check(_engine(), files, {}, None)


def _upload_form(content: bytes) -> None:
    _checked({"a.form": content})


def _upload_archive(content: bytes) -> None:
    try:
        files = unpacked(content)
    except LiandongError:
        return
    _checked(files)


def _files(pattern: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted(Path("workflows").glob(pattern))]


def _archives() -> list[bytes]:
    small = {"a.form": b'{"components": []}', "b.bpmn": fuzz_bpmn.seeds()[1], "c.txt": b"x"}
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("../a.bpmn", bytes(2_000_000))
    return [packed(small), packed({}), bomb.getvalue()]


def _spoil_bytes(content: bytes, chance: random.Random) -> bytes:
    spoiled = bytearray(content)
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(len(spoiled) + 1)
        spoiled[at : at + chance.choice((0, 1, 5, 60))] = chance.choice((b"", *PIECES))
    return bytes(spoiled)


def _spoil_archive(content: bytes, chance: random.Random) -> bytes:
    """Spoil what is inside, and pack it again, so that what lies behind the lid is reached."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            files = {name: opened.read(name) for name in opened.namelist()[:20]}
    except Exception:  # broken in any of the many ways in which zipfile can tell it
        return _spoil_bytes(content, chance)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packing:
        for name, inside in files.items():
            odd = chance.choice((name, name, name, f"../{name}", f"/{name}", name * 9, "x.bpmn"))
            packing.writestr(odd, _spoil_bytes(inside, chance))
    return target.getvalue()


TARGETS = {
    "bpmn": Target(fuzz_bpmn.seeds, fuzz_bpmn.spoil, fuzz_bpmn.attempt),
    "dmn": Target(fuzz_decisions.seeds, fuzz_decisions.spoil, fuzz_decisions.try_one),
    "form": Target(lambda: _files("*/*.form")[:30], _spoil_bytes, _upload_form),
    "zip": Target(_archives, _spoil_archive, _upload_archive),
}

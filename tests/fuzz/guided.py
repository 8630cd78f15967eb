"""Coverage-guided fuzzing (atheris): `python -m tests.fuzz.guided --seconds 1800 [TARGET …]`.

Every target is a process of its own that ends at the first exception that is no domain error, at
the first input that takes more than ten seconds, and past its memory; what it was given is kept.
Half of the mutations know the format, half are libFuzzer's own; what reaches a new branch is kept
and spoiled further. Where atheris has no wheel, the fuzzers of tests/faults, guided by the
complaints they have met, do the same work.
"""

from __future__ import annotations

import argparse
import importlib.util
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
NAMES = ("bpmn", "dmn", "form", "zip")
SLOWEST = 10
"""Seconds of one input on a machine that others use, too; the aim is one."""
MEMORY = 300
"""Megabytes of the whole process, its counters included."""
LONGEST = 60_000
SUBSTITUTES = {"bpmn": "fuzz_bpmn", "dmn": "fuzz_decisions", "form": "fuzz_deployment"}
FINAL = re.compile(r"stat::(number_of_executed_units|new_units_added|peak_rss_mb): +(\d+)")


def guided() -> bool:
    """Whether atheris can be had on this machine."""
    return importlib.util.find_spec("atheris") is not None


def fuzz(name: str, seconds: int, seed: int) -> tuple[int, str]:
    """Exit code and what there is to say; 0: nothing but domain errors."""
    if not guided():
        return _without_atheris(name, seconds, seed)
    command = [sys.executable, "-m", "tests.fuzz.guided", "--inside", name]
    # By a shell that forks: the peak memory of whoever executes a program counts as the program's,
    # and a worker that has run thousands of tests is large.
    forked = ["sh", "-c", '"$@"; exit $?', "sh", *command]
    done = subprocess.run(
        [*forked, "--seconds", str(seconds), "--seed", str(seed)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    figures = dict(FINAL.findall(done.stderr))
    said = (
        f"{name}: {figures.get('number_of_executed_units', '?')} inputs, "
        f"{figures.get('new_units_added', '?')} reached something new, "
        f"{figures.get('peak_rss_mb', '?')} MB, seed {seed}"
    )
    return done.returncode, said if done.returncode == 0 else f"{said}\n{done.stderr[-3000:]}"


def _without_atheris(name: str, seconds: int, seed: int) -> tuple[int, str]:
    module = f"tests.faults.{SUBSTITUTES.get(name, 'fuzz_deployment')}"
    arguments = ["--seconds", str(seconds), "--seed", str(seed)]
    if name == "dmn":
        arguments = [str(seconds), str(seed)]
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, f"{name}, without atheris: {done.stdout}{done.stderr[-3000:]}"


def inside(name: str, seconds: int, seed: int) -> None:
    """The process that fuzzes; it never returns."""
    import atheris

    with atheris.instrument_imports(include=["engine", "forms", "web.studio"]):
        from tests.fuzz.targets import TARGETS
    target = TARGETS[name]

    def mutate(content: bytes, largest: int, number: int) -> bytes:
        chance = random.Random(number)
        if chance.random() < 0.5:
            return bytes(atheris.Mutate(content, largest))
        try:
            return target.spoil(content, chance)[:largest]
        except (ValueError, SyntaxError):  # no longer of its format
            return bytes(atheris.Mutate(content, largest))

    corpus = _corpus(target)
    for content in target.seeds():
        target.attempt(content)
    atheris.Setup(
        [
            sys.argv[0], str(corpus), f"-max_total_time={seconds}", f"-seed={seed}",
            f"-timeout={SLOWEST}", f"-rss_limit_mb={MEMORY}", f"-max_len={LONGEST}",
            f"-artifact_prefix={corpus.parent}/found-", "-print_final_stats=1", "-verbosity=1",
        ],
        target.attempt,
        custom_mutator=mutate,
    )  # fmt: skip
    atheris.Fuzz()


def _corpus(target: Any) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="liandong-fuzz-")) / "corpus"
    folder.mkdir()
    for number, content in enumerate(target.seeds()):
        (folder / str(number)).write_bytes(content)
    return folder


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("targets", nargs="*", default=list(NAMES))
    arguments.add_argument("--seconds", type=int, default=1800, help="for all targets together")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--inside", choices=NAMES, help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.inside:
        inside(given.inside, given.seconds, given.seed)
    worst = 0
    for name in given.targets:
        code, said = fuzz(name, given.seconds // len(given.targets), given.seed)
        print(said, flush=True)
        worst = max(worst, abs(code))
    return worst


if __name__ == "__main__":
    sys.exit(main())

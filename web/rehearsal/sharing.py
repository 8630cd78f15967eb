"""Work on a stage shared out to forked processes, which find the stage built."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import Any, TypeVar

from web.rehearsal.stage import Stage

WORTH_SHARING = 8
"""Pieces of work from which on further processes pay."""
MOST_PROCESSES = 4

T = TypeVar("T")
R = TypeVar("R")
_stage: Stage


def shared_out(stage: Stage, work: Callable[[Stage, T], R], items: Sequence[T]) -> list[R]:
    """`work` on each item, in order. It and what it answers must be picklable."""
    processes = min(os.cpu_count() or 1, MOST_PROCESSES)
    if len(items) < WORTH_SHARING or processes < 2 or sys.platform != "linux":
        return [work(stage, item) for item in items]
    with ProcessPoolExecutor(processes, get_context("fork"), _take, (stage,)) as pool:
        return list(pool.map(partial(_work, work), items, chunksize=2))


def _take(stage: Stage) -> None:
    """What a forked process was given, kept for all its work."""
    global _stage
    _stage = stage


def _work(work: Callable[[Stage, Any], Any], item: Any) -> Any:
    return work(_stage, item)

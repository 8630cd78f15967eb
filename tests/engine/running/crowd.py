"""Many at once: threads that all set out at the same moment."""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

from engine.errors import LiandongError


def at_once(number: int, act: Callable[[int], Any]) -> list[Any]:
    """What each of them was answered: a value, or the code of a refusal."""
    answers: list[Any] = [None] * number
    together = threading.Barrier(number)

    def one(position: int) -> None:
        together.wait()
        try:
            answers[position] = act(position)
        except LiandongError as refusal:
            answers[position] = refusal.code

    crowd = [threading.Thread(target=one, args=(position,)) for position in range(number)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    return answers


def refusals(answers: list[Any]) -> Counter[str]:
    return Counter(answer for answer in answers if isinstance(answer, str))

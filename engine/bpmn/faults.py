"""What stops an execution in the middle: the verb rolls back and an incident names the element."""

from __future__ import annotations

from typing import Any

from engine.errors import LiandongError


class Fault(LiandongError):
    """The engine could not go on at `element`. Never executed half: the caller throws all away."""

    def __init__(self, code: str, *, element: str | None = None, **params: Any) -> None:
        super().__init__(code, element=element, **params)
        self.element = element


class BpmnError(Exception):
    """A business error that a built-in topic raises for a boundary event to catch."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

"""Every way the engine says no: a code with parameters. Sentences are made at the edge."""

from __future__ import annotations

from typing import Any


class LiandongError(Exception):
    """A domain error. `code` names the sentence, `params` fill it (file, line, element, found, …).

    The parameters never hold personal data: they reach logs and pages.
    """

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        found = ", ".join(f"{k}={v!r}" for k, v in self.params.items() if v is not None)
        return f"{self.code}({found})"


class Refusal(LiandongError):
    """The input cannot be accepted as it is; the sender can mend it."""


class NotFound(LiandongError):
    """What was named does not exist, or the actor may not know that it exists."""


class Forbidden(LiandongError):
    """The actor may see the thing but not do this to it."""


class Conflict(LiandongError):
    """The state has moved on since the actor looked: a lost race, a stale page, a second click."""


class Unavailable(LiandongError):
    """The database cannot be reached or cannot take more; nobody's input is at fault."""

"""Logins and passwords: argon2id (RFC 9106), length instead of composition rules."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from engine.errors import Refusal

SHORTEST = 12
"""Characters (SEC-08)."""
LONGEST = 256

# 19 MiB, two passes, one lane: 29 ms here; the stronger default costs 156 ms of a two-core server.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def normal_login(login: str) -> str:
    """One spelling for one account, whatever keyboard it was typed on. Raises `Refusal`."""
    normal = login.strip().casefold()
    if not normal or len(normal) > 64 or not normal.isprintable():
        raise Refusal("person.login", longest=64)
    return normal


def hash_password(password: str, login: str) -> str:
    """The hash to store. Raises `Refusal` for a password that is too short or the login itself."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Refusal("password.length", shortest=SHORTEST, longest=LONGEST, found=len(password))
    if login in password.casefold():
        raise Refusal("password.holds_login")
    return _HASHER.hash(password)


def matches(stored: str, password: str) -> bool:
    """Whether `password` is the one that was hashed."""
    try:
        return len(password) <= LONGEST and _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def nobodys_hash() -> str:
    """To verify against when the login is unknown, so that the time taken tells nothing."""
    return _HASHER.hash("nobody's password")

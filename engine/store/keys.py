"""The master keys: from the environment, or from a file that lies outside the database.

The first key seals, the others only open what was sealed before: to rotate, put a new key in
front. A lost key loses the data, so a database remembers which key it was written with.
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from engine.errors import Refusal
from engine.store.crypto import CryptoProvider
from engine.store.models import Setting

VARIABLE = "LIANDONG_KEY"
KEY_BYTES = 32
FINGERPRINTS = "key_fingerprints"
"""Setting: the keys this database was written with."""


def master_keys(environment: Mapping[str, str], path: Path) -> list[bytes]:
    """The keys, newest first; a new key file (mode 0600) is made where there is none.

    LIANDONG_KEY holds keys of 32 bytes in URL-safe base64, separated by commas; the file holds one
    per line. Raises `Refusal` for a key that is none and for a file that others may read.
    """
    text = environment.get(VARIABLE)
    if text:
        return [_decode(part, VARIABLE) for part in text.split(",")]
    if not path.exists():
        _create(path)
    if path.stat().st_mode & 0o077:
        raise Refusal("key.exposed", file=str(path), expected="0600")
    return [_decode(line, str(path)) for line in path.read_text("ascii").split()]


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")


def _decode(text: str, source: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise Refusal("key.malformed", source=source, expected=f"{KEY_BYTES} bytes in base64")
    return key


def require_keys(session: Session, crypto: CryptoProvider) -> Sequence[str]:
    """The fingerprints of all keys that the database was written with.

    Raises `Refusal("key.missing")` where one of them is not held: a generated new key would make
    every later row unreadable beside the old ones, and nobody would notice until a page fails.
    """
    setting = session.get(Setting, FINGERPRINTS)
    known: Sequence[str] = setting.value if setting else []
    missing = [print_ for print_ in known if print_ not in crypto.fingerprints]
    if missing:
        raise Refusal("key.missing", found=missing)
    return known


def recognise_keys(session: Session, crypto: CryptoProvider) -> None:
    """Refuse to start where a key is missing, as `require_keys`; remember a new first key."""
    known, first = require_keys(session, crypto), crypto.fingerprints[0]
    if first not in known:
        session.merge(Setting(key=FINGERPRINTS, value=[*known, first]))

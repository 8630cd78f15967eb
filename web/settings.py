"""What the pages must be told about their surroundings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path


@dataclass(frozen=True)
class WebSettings:
    """Read by app.py from the environment; see docs/operator.md."""

    secret_key: bytes
    """Signs the CSRF token and the flash messages; the session itself is a row."""
    secure_cookies: bool = True
    """False only where the pages are served without TLS, as by `make run` on one machine."""
    trusted_proxies: int = 0
    """How many reverse proxies in front may tell the client's address and scheme."""
    idle: timedelta = timedelta(minutes=15)
    """SEC-08: a browser left alone for so long is signed out."""
    upload_limit: int = 20 * 1024 * 1024 + 64 * 1024
    """Bytes of a request: a file of 20 MB (D5) and its envelope."""
    workflows: Path = Path(__file__).parents[1] / "workflows"
    """Where the field groups are that the studio checks forms with."""

"""Names of the bundled scripts and styles, from the manifest that web/assets/build.mjs writes."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from flask import Flask, url_for

DIST = Path(__file__).parent / "static" / "dist"


@lru_cache(maxsize=4)
def _names(manifest: Path, changed_at: int) -> dict[str, str]:
    return dict(json.loads(manifest.read_text(encoding="utf-8")))


def bundle_url(name: str) -> str | None:
    """The URL of `app.js` under its hashed name; None before the first build."""
    manifest = DIST / "manifest.json"
    if not manifest.exists():
        return None
    file = _names(manifest, manifest.stat().st_mtime_ns).get(name)
    return url_for("static", filename=f"dist/{file}") if file else None


def install(app: Flask) -> None:
    app.jinja_env.globals["bundle_url"] = bundle_url

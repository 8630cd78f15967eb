"""What one request may ask for, beyond its size in bytes."""

from __future__ import annotations

from flask import Flask, request

from engine.errors import Refusal

FIELDS_AT_MOST = 10_000
"""Of a form that was sent. The largest list has 500 rows; reading a field costs a tenth of a
millisecond, so that one request with very many would hold up everybody's."""


def _count_fields() -> None:
    if len(request.form) > FIELDS_AT_MOST:
        raise Refusal("http.too_many_fields", found=len(request.form), limit=FIELDS_AT_MOST)


def install(app: Flask) -> None:
    app.before_request(_count_fields)

"""What every answer carries: content security policy, no storing of personal pages."""

from __future__ import annotations

from urllib.parse import quote

from flask import Flask, Response, request

# bpmn-js draws with data: images and carries its symbol font as data:. Nothing is inline.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    )
)


def _guard(answer: Response) -> Response:
    answer.headers.setdefault("Content-Security-Policy", POLICY)
    answer.headers.setdefault("X-Content-Type-Options", "nosniff")
    answer.headers.setdefault("Referrer-Policy", "same-origin")
    answer.headers.setdefault("X-Frame-Options", "DENY")
    answer.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if request.endpoint == "static":
        _keep_hashed(answer)
    else:
        answer.headers["Cache-Control"] = "no-store"
    return answer


def _keep_hashed(answer: Response) -> None:
    if request.path.startswith("/static/dist/"):
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"


def name_file(answer: Response, disposition: str, filename: str) -> None:
    """`inline` or `attachment` under this name, in any script.

    A header is Latin-1: a Chinese name written as it stands makes gunicorn refuse the whole answer.
    Hence `filename*` of RFC 6266.
    """
    encoded = {"filename*": f"UTF-8''{quote(filename, safe='')}"}
    answer.headers.set("Content-Disposition", disposition, **encoded)


def install(app: Flask) -> None:
    app.after_request(_guard)

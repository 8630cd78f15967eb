"""What every document bears beside its words: numbers, a QR code, the digest of its content."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import orjson
import segno

from engine.letters.filling import Filled
from engine.store.crypto import sm3


@dataclass(frozen=True, slots=True)
class Marks:
    """`request` is the request number: it identifies nobody, and is what the QR code says."""

    request: str
    number: str
    version: int
    digest: str

    @classmethod
    def of(cls, filled: Filled, request: str, number: str, version: int) -> Marks:
        """The marks of a document; its digest is the SM3 of its words and numbers."""
        content = orjson.dumps([filled.as_data(), request, number, version])
        return cls(request, number, version, sm3(content))

    def squares(self) -> list[str]:
        """The QR code, row by row, `1` is dark; with its quiet zone."""
        return ["".join(map(str, row)) for row in self._code().matrix_iter(border=2)]

    def picture(self) -> bytes:
        """The QR code as PNG."""
        found = BytesIO()
        self._code().save(found, kind="png", scale=6, border=2)
        return found.getvalue()

    def _code(self) -> segno.QRCode:
        return segno.make_qr(self.request, error="m")

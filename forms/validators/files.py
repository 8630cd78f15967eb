"""Uploaded files: what they claim to be, what they are, nothing active in them."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import PurePath
from zipfile import BadZipFile, ZipFile

from forms.validators.checked import Checked, refused

LARGEST = 20 * 1024 * 1024
MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".ofd": "application/ofd",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".csv": "text/csv",
}
_MAGIC = {
    "application/pdf": b"%PDF-",
    "application/ofd": b"PK\x03\x04",
    "image/jpeg": b"\xff\xd8\xff",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "text/csv": b"",
}
# Where a PDF would run or hide something. Names may be written with #xx escapes.
_ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFile|RichMedia)\b")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")


def check_file(filename: str, content: bytes, accept: tuple[str, ...]) -> Checked:
    """The media type as the value, or why the file is not taken (V rules: files)."""
    suffix = PurePath(filename).suffix.lower()
    media_type = MEDIA_TYPES.get(suffix)
    if media_type is None or suffix not in _with_twins(accept):
        return refused("", "file.type", expected=accept, found=suffix[:10])
    if not content:
        return refused("", "file.empty")
    if len(content) > LARGEST:
        return refused("", "file.too_large", expected=LARGEST // 1024**2)
    if not content.startswith(_MAGIC[media_type]) or not _is_whole(media_type, content):
        return refused("", "file.magic", expected=suffix)
    if media_type == "application/pdf" and _is_active(content):
        return refused("", "file.active")
    return Checked(media_type)


def _with_twins(accept: tuple[str, ...]) -> set[str]:
    """.jpg and .jpeg are one kind."""
    jpegs = {".jpg", ".jpeg"}
    return set(accept) | (jpegs if jpegs & set(accept) else set())


def _is_whole(media_type: str, content: bytes) -> bool:
    """An OFD is a zip archive that begins with its OFD.xml; a table is text."""
    if media_type == "text/csv":
        return b"\0" not in content
    if media_type != "application/ofd":
        return True
    try:
        with ZipFile(BytesIO(content)) as archive:
            return "OFD.xml" in archive.namelist()
    except (BadZipFile, ValueError, OSError, NotImplementedError):
        return False


def _is_active(content: bytes) -> bool:
    plain = _ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), content)
    return _ACTIVE.search(plain) is not None

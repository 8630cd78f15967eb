"""Files in and out: single files and zip archives, as the desktop Camunda Modeler writes them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from werkzeug.datastructures import FileStorage

from engine.errors import Refusal
from engine.studio_drafts import KINDS, LARGEST_FILE

MOST_FILES = 200
LARGEST_PACKAGE = 20 * 1024 * 1024
"""Bytes of all files of an archive once they are unpacked."""
_UTF8_NAME = 0x800
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, ValueError,
    LookupError,
)  # fmt: skip
"""What zipfile raises on archives that lie: names of no letter are an IndexError."""
_LINK = 0o120000


def taken(uploads: Iterable[FileStorage]) -> tuple[dict[str, bytes], list[str]]:
    """The studio's files among what was uploaded, by name; and the names of what was left out.

    Raises `Refusal` package.* for an archive that cannot be trusted, package.empty.
    """
    files: dict[str, bytes] = {}
    left_out: list[str] = []
    for upload in uploads:
        name, content = upload.filename or "", upload.read()
        found = unpacked(content) if name.lower().endswith(".zip") else {_base(name): content}
        for one, body in found.items():
            if PurePosixPath(one).suffix in KINDS:
                files[one] = body
            elif one:
                left_out.append(one)
    if not files:
        raise Refusal("package.empty", expected=KINDS, found=left_out)
    return files, left_out


def unpacked(archive: bytes) -> dict[str, bytes]:
    """The files of a zip archive by name, without the folder that they all stand in.

    Raises `Refusal` package.broken, package.path, package.link, package.too_many,
    package.too_large, package.nested, package.encrypted.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            return _read_all(opened)
    except _BROKEN as problem:
        raise Refusal("package.broken") from problem
    except RuntimeError as problem:
        # zipfile's way to say that a password is needed.
        raise Refusal("package.encrypted") from problem


def packed(files: Mapping[str, bytes]) -> bytes:
    """A zip archive of the files, byte for byte; the same files give the same archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name), files[name], zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _read_all(opened: zipfile.ZipFile) -> dict[str, bytes]:
    entries = [one for one in opened.infolist() if not one.is_dir() and not _is_litter(one)]
    if len(entries) > MOST_FILES:
        raise Refusal("package.too_many", found=len(entries), expected=MOST_FILES)
    paths = [_safe_path(one) for one in entries]
    top = _common_folder(paths)
    files: dict[str, bytes] = {}
    left = LARGEST_PACKAGE
    for entry, path in zip(entries, paths, strict=True):
        inside = path.relative_to(top) if top else path
        if inside.suffix in KINDS and len(inside.parts) > 1:
            raise Refusal("package.nested", found=str(path))
        if inside.suffix in KINDS:
            files[inside.name] = _read(opened, entry, min(left, LARGEST_FILE))
            left -= len(files[inside.name])
        else:
            files[str(inside)] = b""
    return files


def _read(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """Never more than `most` bytes are unpacked, whatever the archive says of their number."""
    with opened.open(entry) as stream:
        content = stream.read(most + 1)
    if len(content) > most:
        raise Refusal("package.too_large", found=_name(entry), expected=most)
    return content


def _safe_path(entry: zipfile.ZipInfo) -> PurePosixPath:
    name = _name(entry)
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in name or "\0" in name:
        raise Refusal("package.path", found=name)
    if (entry.external_attr >> 16) & 0o170000 == _LINK:
        raise Refusal("package.link", found=name)
    return path


def _name(entry: zipfile.ZipInfo) -> str:
    """Windows writes Chinese names in GBK without saying so; zipfile takes them for CP437."""
    if entry.flag_bits & _UTF8_NAME or entry.filename.isascii():
        return entry.filename
    raw = entry.filename.encode("cp437", errors="replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename


def _is_litter(entry: zipfile.ZipInfo) -> bool:
    """What macOS adds to an archive by itself."""
    return entry.filename.startswith("__MACOSX/") or entry.filename.endswith(".DS_Store")


def _common_folder(paths: list[PurePosixPath]) -> PurePosixPath | None:
    tops = {path.parts[0] if len(path.parts) > 1 else None for path in paths}
    top = tops.pop() if len(tops) == 1 else None
    return PurePosixPath(top) if top else None


def _base(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).name

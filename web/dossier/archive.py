"""The zip of a dossier: the bound PDF, every file as it is kept, and their digests."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from io import BytesIO, StringIO
from pathlib import PurePosixPath
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from engine.dossiers import Dossier
from engine.store.crypto import sm3
from engine.timing.zone import local

LIST = "目录.csv"
LONGEST = 100
"""Characters of a file's name; what stands there may be anything."""


def pack(dossier: Dossier, pdf: bytes) -> bytes:
    """卷宗.pdf, 文书/…, 附件/…, and 目录.csv with size, SM3 and SHA-256 of each."""
    files = dict(_files(dossier, pdf))
    packed = BytesIO()
    at = local(dossier.gathered_at).timetuple()[:6]
    with ZipFile(packed, "w") as archive:
        for name, content in {**files, LIST: _listed(files)}.items():
            entry = ZipInfo(name, at)
            entry.compress_type = ZIP_DEFLATED
            archive.writestr(entry, content)
    return packed.getvalue()


def _files(dossier: Dossier, pdf: bytes) -> Iterator[tuple[str, bytes]]:
    yield "卷宗.pdf", pdf
    for folder, papers in (("文书", dossier.documents), ("附件", dossier.attachments)):
        for number, paper in enumerate(papers, 1):
            yield f"{folder}/{number:03d}-{_safe(paper.name)}", paper.content


def _safe(name: str) -> str:
    """No path, no control characters: it lands on somebody's disk."""
    bare = PurePosixPath(name.replace("\\", "/")).name
    kept = "".join(c if c.isprintable() and c not in '<>:"|?*' else "_" for c in bare)
    return kept[-LONGEST:] or "_"


def _listed(files: dict[str, bytes]) -> bytes:
    text = StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(["文件", "字节", "SM3", "SHA-256"])
    for name, content in files.items():
        rows.writerow([name, len(content), sm3(content), hashlib.sha256(content).hexdigest()])
    # With a mark, or spreadsheets read it as something else than UTF-8.
    return text.getvalue().encode("utf-8-sig")

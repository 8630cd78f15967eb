"""PDF by typst: the same words, fonts and typst version give the same bytes."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import orjson
import typst

from engine.errors import LiandongError, Refusal
from engine.letters.filling import Filled
from engine.letters.marks import Marks
from engine.store.crypto import sm3

PREPARED = Path(__file__).parents[2] / "build" / "fonts"
"""What fonts/prepare.py makes at set-up."""
BODY = ("FangSong_GB2312", "FangSong", "STFangsong", "FandolFang R", "LXGW WenKai")
TITLE = ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "Liandong Title")
SPARE = ("Noto Serif CJK SC", "Source Han Serif SC", "Songti SC", "SimSun")
"""Font families, the best first: a machine's licensed fonts go before those of the set-up."""
STANDARD: Final = "a-3b"
"""PDF/A-3b: kept for decades, the fonts within."""
_PDF: Final = {"format": "pdf", "pdf_standards": STANDARD}
_PICTURES: Final = {"format": "png", "ppi": 100.0}
_WATERMARK = b"""
#set page(foreground: {
  set text(size: 13pt, fill: luma(60%).transparentize(72%), top-edge: "ascender")
  rotate(-32deg, reflow: false, stack(
    spacing: 42mm,
    ..range(5).map(_ => text(
      font: json(bytes(sys.inputs.letter)).fonts.body,
      sys.inputs.watermark,
    )),
  ))
})
"""
"""Before any layout, also one of years ago that knows nothing of watermarks."""


class Typesetter:
    """Finds the fonts once; shared by all threads."""

    def __init__(self, folders: Sequence[Path]) -> None:
        """`folders`: searched beside the machine's own. Raises `Refusal` letter.no_font."""
        self._fonts = typst.Fonts(font_paths=[str(folder) for folder in folders])
        known = set(self._fonts.families())
        self.body = _first(known, BODY + SPARE)
        self.title = _first(known, TITLE + SPARE)
        self._spares = [name for name in SPARE if name in known]

    @cached_property
    def made_with(self) -> dict[str, str]:
        """What the bytes of a PDF depend on besides its words: typst, the fonts, their digests."""
        return {
            "typst": version("typst"),
            "body": self.body,
            "body_sm3": self._digest(self.body),
            "title": self.title,
            "title_sm3": self._digest(self.title),
        }

    def pdf(
        self, layout: bytes, filled: Filled, marks: Marks, at: datetime, watermark: str = ""
    ) -> bytes:
        """Set a letter. `layout`: typst source, reads `sys.inputs.letter`; `at`: stands in it.

        `watermark`: who reads it and when, over every page. Raises `LiandongError`
        letter.typesetting.
        """
        found = self._set(layout, filled, marks, at, watermark, _PDF)
        assert isinstance(found, bytes)
        return found

    def pictures(
        self, layout: bytes, filled: Filled, marks: Marks, at: datetime, watermark: str
    ) -> list[bytes]:
        """Each page as PNG, for screens without a PDF viewer. Raises as `pdf`."""
        found = self._set(layout, filled, marks, at, watermark, _PICTURES)
        return list(found) if isinstance(found, list) else [found]

    def book(
        self,
        layout: bytes,
        data: dict[str, Any],
        files: Mapping[str, bytes],
        at: datetime,
        watermark: str,
    ) -> bytes:
        """Set a PDF that is no letter. `layout` reads `sys.inputs.book`, and `files` by their
        names; `at`: stands in it. Raises `LiandongError` letter.typesetting.
        """
        inputs = {"book": orjson.dumps(data).decode(), "letter": _fonts_alone(self._chosen())}
        inputs |= {"fonts": orjson.dumps(self._chosen()).decode(), "watermark": watermark}
        source = (_WATERMARK if watermark else b"") + layout
        found = self._compile(source, inputs, files, at, {"format": "pdf"})
        assert isinstance(found, bytes)
        return found

    def _digest(self, family: str) -> str:
        """SM3 over the files of a family; they are read once in the life of a process."""
        fonts = (font for font in self._fonts.fonts() if font.family == family)
        paths = sorted({font.path for font in fonts if font.path is not None})
        return sm3("".join(sm3(Path(path).read_bytes()) for path in paths).encode())

    def _set(
        self,
        layout: bytes,
        filled: Filled,
        marks: Marks,
        at: datetime,
        watermark: str,
        output: dict[str, Any],
    ) -> Any:
        letter = {**filled.as_data(), "marks": _marks(marks), "fonts": self._chosen()}
        inputs = {"letter": orjson.dumps(letter).decode(), "watermark": watermark}
        source = (_WATERMARK if watermark else b"") + layout
        return self._compile(source, inputs, {}, at, output)

    def _compile(
        self,
        source: bytes,
        inputs: dict[str, str],
        files: Mapping[str, bytes],
        at: datetime,
        output: dict[str, Any],
    ) -> Any:
        # A root of its own: a layout reaches no other file of the machine.
        with TemporaryDirectory() as root:
            for name, content in files.items():
                (Path(root) / name).write_bytes(content)
            compiler = typst.Compiler(
                root=root,
                font_paths=self._fonts,
                package_path=root,
                package_cache_path=root,
            )
            try:
                return compiler.compile(
                    source,
                    sys_inputs=inputs,
                    timestamp=int(at.astimezone(UTC).timestamp()),
                    **output,
                )
            except typst.TypstError as problem:
                raise LiandongError("letter.typesetting", found=problem.message) from None

    def _chosen(self) -> dict[str, Any]:
        return {"body": [self.body, *self._spares], "title": [self.title, *self._spares]}


@cache
def typesetter() -> Typesetter:
    """With the fonts of the set-up and those in LIANDONG_FONTS, a folder of the operator's."""
    own = os.environ.get("LIANDONG_FONTS")
    return Typesetter([PREPARED, *([Path(own)] if own else [])])


def _first(known: set[str], wanted: Sequence[str]) -> str:
    for name in wanted:
        if name in known:
            return name
    raise Refusal("letter.no_font", expected=", ".join(wanted))


def _fonts_alone(fonts: dict[str, Any]) -> str:
    """What the watermark reads of a letter."""
    return orjson.dumps({"fonts": fonts}).decode()


def _marks(marks: Marks) -> dict[str, Any]:
    return {
        "request": marks.request,
        "number": marks.number,
        "version": marks.version,
        "digest": marks.digest,
        "squares": marks.squares(),
    }

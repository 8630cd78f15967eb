"""Make the two fonts of the letters from their npm packages: `prepare.py node_modules build/fonts`.

typst reads TrueType only, and variable fonts at one weight only. The body font comes whole in a
WOFF file, which is TrueType with compressed tables. The title font comes as a hundred pieces of a
variable font: the characters of GB 2312 are drawn from them at one weight into one file.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

BODY = "@fontsource/lxgw-wenkai/files/lxgw-wenkai-latin-300-normal.woff"
TITLE = "@fontsource-variable/noto-serif-sc/files"
TITLE_WEIGHT = 700
TITLE_FAMILY = "Liandong Title"
"""A name of our own: it is no longer the whole of the font it was drawn from."""


def main(modules: Path, into: Path) -> None:
    """Write body.ttf and title.ttf."""
    into.mkdir(parents=True, exist_ok=True)
    unpack(modules / BODY, into / "body.ttf")
    gather(sorted((modules / TITLE).glob("*.woff2")), into / "title.ttf")


def unpack(packed: Path, into: Path) -> None:
    """A WOFF file as TrueType; tables are copied, never parsed."""
    font = TTFont(packed, lazy=True, recalcBBoxes=False, recalcTimestamp=False)
    font.flavor = None
    font.save(into, reorderTables=None)


def gather(pieces: list[Path], into: Path) -> None:
    """One static font of the wanted characters of all pieces."""
    glyphs: dict[str, Any] = {".notdef": TTGlyphPen(None).glyph()}
    widths = {".notdef": (1000, 0)}
    characters: dict[int, str] = {}
    wanted = set(wanted_characters())
    piece = None
    for piece in map(TTFont, pieces):
        for code, name, glyph, width in _drawn(piece, wanted - characters.keys()):
            characters[code], glyphs[name], widths[name] = name, glyph, (width, 0)
    if piece is None:
        raise SystemExit(f"no *.woff2 in {TITLE}; run `make` again after `make clean`")
    _build(glyphs, widths, characters, piece).save(into)


def wanted_characters() -> Iterator[int]:
    """ASCII and every character of GB 2312: signs of its first nine rows, 6,763 characters."""
    yield from range(0x20, 0x7F)
    for row in (*range(0xA1, 0xAA), *range(0xB0, 0xF8)):
        for cell in range(0xA1, 0xFF):
            text = bytes((row, cell)).decode("gb2312", "ignore")
            yield from map(ord, text)


def _drawn(piece: TTFont, wanted: set[int]) -> Iterator[tuple[int, str, Any, int]]:
    drawable = piece.getGlyphSet(location={"wght": TITLE_WEIGHT})
    for code, source in piece.getBestCmap().items():
        if code in wanted:
            pen = TTGlyphPen(None)
            drawable[source].draw(pen)
            width = round(drawable[source].width)
            yield code, f"uni{code:04X}", pen.glyph(dropImpliedOnCurves=False), width


def _build(
    glyphs: dict[str, Any],
    widths: dict[str, tuple[int, int]],
    characters: dict[int, str],
    like: TTFont,
) -> FontBuilder:
    made = FontBuilder(like["head"].unitsPerEm, isTTF=True)
    made.setupGlyphOrder(list(glyphs))
    made.setupCharacterMap(characters)
    made.setupGlyf(glyphs)
    made.setupHorizontalMetrics(widths)
    made.setupHorizontalHeader(ascent=like["hhea"].ascent, descent=like["hhea"].descent)
    names = {key: like["name"].getDebugName(number) for key, number in _KEPT_NAMES.items()}
    names |= {"familyName": TITLE_FAMILY, "styleName": "Regular", "fullName": TITLE_FAMILY}
    names["psName"] = TITLE_FAMILY.replace(" ", "")
    made.setupNameTable({key: name for key, name in names.items() if name})
    made.setupOS2(sTypoAscender=like["OS/2"].sTypoAscender, fsType=0)  # may be embedded
    made.setupPost()
    # The same input gives the same bytes: digests of letters rest on it.
    made.updateHead(created=0, modified=0)
    made.font.recalcTimestamp = False
    return made


_KEPT_NAMES = {"copyright": 0, "licenseDescription": 13, "licenseInfoURL": 14}


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

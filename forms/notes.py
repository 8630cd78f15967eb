"""The words between fields: a little Markdown, everything else as it is written."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_BOLD = re.compile(r"\*\*(.+?)\*\*")
_HEADING = re.compile(r"#{1,6} +")


def note_html(text: str) -> Markup:
    """`### ` headings, `- ` lists, `**bold**`, paragraphs; HTML in the text is shown, not run."""
    blocks = [_block(block.split("\n")) for block in re.split(r"\n\s*\n", text.strip())]
    return Markup("\n").join(block for block in blocks if block)


def _block(lines: list[str]) -> Markup:
    pieces, items = [], []
    for line in filter(None, map(str.strip, lines)):
        if line.startswith("- "):
            items.append(Markup("<li>{}</li>").format(_inline(line[2:])))
        elif found := _HEADING.match(line):
            pieces.append(Markup("<h3>{}</h3>").format(_inline(line[found.end() :])))
        else:
            pieces.append(Markup("<p>{}</p>").format(_inline(line)))
    if items:
        pieces.append(Markup("<ul>{}</ul>").format(Markup().join(items)))
    return Markup("\n").join(pieces)


def _inline(text: str) -> Markup:
    return Markup(_BOLD.sub(r"<strong>\1</strong>", str(escape(text))))

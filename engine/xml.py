"""The one door for XML that comes from outside: bytes in, a tree without tricks out.

DOCTYPE, entities, external references and over-deep or over-large documents are refused
here, once, for diagrams and decisions alike. Every element keeps ``sourceline`` so that
a complaint can name its line.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from engine.errors import Refusal

MAX_BYTES = 5 * 1024 * 1024


def parse_xml(source: bytes, filename: str) -> etree._Element:
    """Root element of `source` (any encoding XML declares, GB18030 and UTF-16 included).

    Raises `Refusal` with file, line and remedy when the bytes are not XML we accept.
    """
    if len(source) > MAX_BYTES:
        raise Refusal("xml.too_large", file=filename, size=len(source), limit=MAX_BYTES)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True
    )
    try:
        root = etree.fromstring(source, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as problem:
        line = getattr(problem, "lineno", None)
        raise Refusal("xml.syntax", file=filename, line=line, found=str(problem)) from problem
    info: Any = root.getroottree().docinfo
    if info.doctype:
        raise Refusal("xml.doctype", file=filename, line=1)
    return root

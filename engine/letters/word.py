"""The same letter as .docx, by docxtpl: for those who must go on working on it in Word or WPS."""

from __future__ import annotations

from dataclasses import asdict
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docxtpl import DocxTemplate
from jinja2 import TemplateError
from jinja2.sandbox import SandboxedEnvironment

from engine.errors import LiandongError
from engine.letters.filling import Filled
from engine.letters.marks import Marks


def word_file(template: bytes, filled: Filled, marks: Marks) -> bytes:
    """Fill a .docx template; the same input gives the same bytes.

    The template sees `head`, `title`, `subtitle`, `reference`, `blocks` (each with `kind`, `text`,
    `rows`) and `marks`; its picture named `qr` becomes the QR code. It is data: it runs in a
    sandbox. Raises `LiandongError` letter.word_template.
    """
    document = DocxTemplate(BytesIO(template))
    document.replace_pic("qr", BytesIO(marks.picture()))
    names = {**filled.as_data(), "marks": asdict(marks)}
    made = BytesIO()
    try:
        document.render(names, SandboxedEnvironment(autoescape=True), autoescape=True)
        document.save(made)
    except (TemplateError, ValueError) as problem:
        raise LiandongError("letter.word_template", found=str(problem)) from None
    return _timeless(made.getvalue())


def _timeless(packed: bytes) -> bytes:
    """The archive without the instants at which its entries were written."""
    found = BytesIO()
    with ZipFile(BytesIO(packed)) as source, ZipFile(found, "w", ZIP_DEFLATED) as target:
        for entry in sorted(source.namelist()):
            target.writestr(ZipInfo(entry), source.read(entry), ZIP_DEFLATED)
    return found.getvalue()

"""Letters: from a template of words and the facts of a request to PDF and .docx. No database.

    letter = read_letter("TPL-02.yaml", source)
    filled = fill(letter, names)
    Typesetter(folders).pdf(layout, filled, marks)
    word_file(template, filled, marks)

A template is data that analysts own (`letters/` beside the diagrams); its `${…}` are FEEL.
"""

from engine.letters.edits import Amended, Edit, amended
from engine.letters.filling import MISSING, Block, Filled, fill
from engine.letters.letter import Letter, read_letter
from engine.letters.marks import Marks
from engine.letters.press import Press, RepeatingPress
from engine.letters.typesetting import Typesetter, typesetter
from engine.letters.word import word_file

__all__ = [
    "MISSING",
    "Amended",
    "Block",
    "Edit",
    "Filled",
    "Letter",
    "Marks",
    "Press",
    "RepeatingPress",
    "Typesetter",
    "amended",
    "fill",
    "read_letter",
    "typesetter",
    "word_file",
]
